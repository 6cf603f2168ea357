// What an older configuration file says, as far as a spec can say it, and what it cannot: for `multiverse spec import`.
import { stringify } from "yaml";
import { hostName } from "../names.ts";
import type { CfgNode } from "./cfg.ts";
import { nodesAt } from "./cfg-path.ts";
import { parsePartitionNode } from "./partition-node.ts";

export interface Imported {
  /** A spec, some of it as questions: what is deliberate is never taken over. */
  spec: Record<string, unknown>;
  /** "3: resolution:1024 768: …": what has no place in a spec, with its line and why. */
  left: string[];
}

/** Pure. Of several `install:` or `bootcfg:` only the first is taken; the others are named. */
export function importCfg(root: CfgNode): Imported {
  const left: { line: number; text: string }[] = [];
  const leave = (node: CfgNode, why: string) =>
    void left.push({ line: node.line, text: `${node.line}: ${node.key}:${node.value}: ${why}` });
  const spec: Record<string, unknown> = { version: 1 };
  const taken = new Set<CfgNode>();
  const first = (key: string): CfgNode | null => {
    const [one = null, ...more] = nodesAt(root, key);
    for (const node of [one, ...more]) if (node !== null) taken.add(node);
    for (const node of more) leave(node, "a spec is for one system; import it from a file of its own");
    return one;
  };
  const bootcfg = first("bootcfg");
  if (bootcfg !== null) importBoot(bootcfg, spec, leave);
  const install = first("install");
  if (install !== null) importInstall(install, spec, leave);
  for (const node of root.children)
    if (!taken.has(node)) leave(node, REASONS[node.key] ?? "no key of a spec says this");
  return { spec, left: left.sort((a, b) => a.line - b.line).map(({ text }) => text) };
}

const REASONS: Readonly<Record<string, string>> = {
  server: "package servers are mirrors here: `packages: {mirror: …}` names the one that the host uses",
};

type Leave = (node: CfgNode, why: string) => void;

function importBoot(node: CfgNode, spec: Record<string, unknown>, leave: Leave): void {
  if (hostName.safeParse(node.value).success) spec.host = { name: node.value };
  else leave(node, "is no host name: lower-case letters, digits and hyphens");
  for (const child of node.children) {
    const seconds = child.key === "timeout" && /^-?[0-9]{1,3}$/.test(child.value) ? Number(child.value) : null;
    if (seconds !== null) spec.boot = { timeout: seconds };
    else if (child.key === "menuentry")
      leave(child, "the boot menu is made by the installation, one entry for the host");
    else leave(child, "the boot menu has no such setting");
  }
}

function importInstall(node: CfgNode, spec: Record<string, unknown>, leave: Leave): void {
  const [pool = "", ...below] = node.value.split("/");
  const system = below.filter((name) => !/^g[123]$/.test(name));
  const root: Record<string, unknown> = { filesystem: "zfs", ...(pool === "" ? {} : { pool }) };
  if (system.length === 1) root.system = system[0];
  else if (system.length > 1) leave(node, "a system is one name below its pool");
  for (const child of node.children) {
    if (child.key === "disks") importDisks(child, spec, root, leave);
    else leave(child, "no key of a spec says this");
  }
  spec.root = root;
}

function importDisks(node: CfgNode, spec: Record<string, unknown>, root: Record<string, unknown>, leave: Leave): void {
  const disks = [...new Set(node.items.map((item) => parsePartitionNode(item)?.disk ?? item))];
  if (disks.length > 0) {
    // A name such as /dev/sda, written down long ago, may be another disk's today.
    spec.disks = {
      system: { ask: `the older file names ${node.items.join(", ")}, and everything on the disk is erased` },
    };
  }
  for (const child of node.children) {
    if (child.key !== "encryption") leave(child, "no key of a spec says this");
    else {
      const key = nodesAt(child, "key")[0];
      const with_ = key === undefined ? "" : ` with the key ${key.value}`;
      root.encryption = { ask: `the older file says ${child.value}${with_}; here it is a passphrase, or none` };
      for (const other of child.children) if (other !== key) leave(other, "no key of a spec says this");
    }
  }
}

/** As YAML for a person. `name` is the file's. */
export function importedText({ spec, left }: Imported, name: string): string {
  return [
    `# Imported from ${name} by \`multiverse spec import\`. What is {ask: …} is never taken over, and asked.\n`,
    stringify(spec, { lineWidth: 0 }),
    ...(left.length === 0 ? [] : ["# Left out, by line:\n"]),
    ...left.map((line) => `# ${line}\n`),
  ].join("");
}
