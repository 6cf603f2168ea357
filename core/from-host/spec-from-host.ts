// The spec that would install a running system again: what it says of itself, as the YAML that people write.
import { Document, isScalar, visit } from "yaml";
import type { HostFacts } from "./facts.ts";
import { bootOf, hostOf } from "./host.ts";
import { networkOf } from "./network.ts";
import { type PackageSets, packagesOf } from "./packages.ts";
import { controlOf, usersOf } from "./people.ts";
import { rootOf } from "./root.ts";

export interface HostSpec {
  spec: Record<string, unknown>;
  /** What a person should know of it; lines of the head. */
  remarks: string[];
}

/** Pure: the same facts give the same spec. */
export function specFromHost(facts: HostFacts, sets: PackageSets): HostSpec {
  const { "#": remark, disks, root, ...around } = rootOf(facts);
  const boot = bootOf(facts);
  return {
    remarks: typeof remark === "string" ? [remark] : [],
    spec: {
      ...{ version: 1, target: "host", host: hostOf(facts), disks, root, ...around },
      ...(Object.keys(boot).length === 0 ? {} : { boot }),
      users: usersOf(facts),
      ...controlOf(facts),
      network: networkOf(facts),
      packages: packagesOf(facts, sets),
    },
  };
}

/** With a head that says what it is and what it leaves open. */
export function hostSpecAsYaml({ spec, remarks }: HostSpec): string {
  const document = new Document(spec);
  let open = 0;
  visit(document, {
    Map: (_key, node) => {
      if (node.items.length === 1 && isScalar(node.items[0]?.key) && node.items[0].key.value === "ask") open += 1;
      if (node.items.every(({ value }) => isScalar(value)) && JSON.stringify(node).length < 100) node.flow = true;
    },
    Seq: (_key, node) => {
      if (node.items.every((item) => isScalar(item) && String(item.value).length < 60)) node.flow = true;
    },
  });
  const left = open === 0 ? "Nothing is left open." : `Left open, as {ask: …}: ${open}.`;
  document.commentBefore = [
    " What runs here, as a spec that installs it again; made by `multiverse spec from-host`.",
    ` It does not hold data, passphrases and salt (new identifiers are made). ${left}`,
    " Nothing may be erased by it: confirm that with `confirm: {erase: […]}`.",
    ...remarks.map((line) => ` ${line}`),
  ].join("\n");
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}
