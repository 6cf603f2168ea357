// The older YAML-like dialect: what cannot be read, the paths of the format's table, and what becomes a spec.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type CfgNode, parseCfg } from "../../core/spec/older-words/cfg.ts";
import { readCfgPath } from "../../core/spec/older-words/cfg-path.ts";
import { importCfg, importedText } from "../../core/spec/older-words/cfg-to-spec.ts";
import { loadText, refusal } from "./spec-text.ts";

const read = (name: string) =>
  parseCfg(name, readFileSync(new URL(`../fixtures/older-cfg-v1/${name}`, import.meta.url), "utf8"));

test("what cannot be read is refused, all of it at once, with its lines", async () => {
  const { text, exit } = await refusal(() =>
    parseCfg("a.cfg", "server:x\n  no key\n  -\n  ok:1\n:value\na b:c\nx:\u0007\n"),
  );
  expect(exit).toBe(2);
  for (const line of ["a.cfg:2: neither", "a.cfg:3: a -", "a.cfg:5: neither", "a.cfg:6: neither", "a.cfg:7: control"])
    expect(text).toContain(line);
  expect(text).not.toContain("a.cfg:4");
  const deep = Array.from({ length: 80 }, (_, depth) => `${" ".repeat(depth)}k:`).join("\n");
  expect((await refusal(() => parseCfg("a.cfg", deep))).text).toMatch(/deeper than 64 levels/);
  expect((await refusal(() => parseCfg("a.cfg", "#".repeat(2 ** 20 + 1)))).text).toMatch(/larger than 1 MiB/);
});

describe("a path that leads nowhere gives nothing", () => {
  test.each(["nothing", "server:nobody/repo/-", "server:pkgROOT/repo/-/x", "install/disk", "server/repo/x", "/", "-"])(
    "%s",
    (path) => {
      expect(readCfgPath(read("mercury.cfg"), path)).toEqual([]);
    },
  );
});

describe("the format's table", () => {
  test.each<[string, string, string[]]>([
    ["mercury.cfg", "server:pkgROOT/repo/-", ["rsync", "http", "ftp", "ssh"]],
    ["mercury.cfg", "install/disks/-", ["/dev/nvme0n1p3"]],
    ["mercury.cfg", "install:mercury/g1/disks/-", ["/dev/nvme0n1p3"]],
    ["mercury.cfg", "install/disks/encryption", ["aes-gcm-256"]],
    ["mercury.cfg", "install/disks/encryption/key", ["/srv/crypto/zfs.key"]],
    ["mercury.cfg", "install/disks/encryption:aes-gcm-256/key", ["/srv/crypto/zfs.key"]],
    ["mercury.cfg", "server", ["pkgROOT", "pkgOTHER"]],
    ["boot.cfg", "bootcfg:jupiter/menuentry", ["jupiter-gnome", "jupiter-plasma", "rescue"]],
    ["boot.cfg", "bootcfg:jupiter/menuentry:jupiter-gnome/options/-", ["ro", "root=ZFS=saturn/g3", "quiet"]],
    ["boot.cfg", "bootcfg:jupiter/menuentry:jupiter-gnome/loader", ["/vmlinuz"]],
    ["boot.cfg", "bootcfg:jupiter/resolution", ["1024 768"]],
  ])("%s %s", (file, path, gives) => {
    expect(readCfgPath(read(file), path)).toEqual(gives);
  });

  test("a # is a comment behind white space only, and CRLF ends a line", () => {
    const root = parseCfg("a.cfg", "a:b#c # d\r\n#e\r\n  f:g\r\n");
    expect(readCfgPath(root, "a")).toEqual(["b#c"]);
    expect(readCfgPath(root, "a/f")).toEqual(["g"]);
  });
});

test("whatever tree is written, with any indentation, is read back", () => {
  const word = fc.stringMatching(/^[a-z]{1,3}$/);
  const { node } = fc.letrec<{ node: CfgNode }>((tie) => ({
    node: fc.record({
      key: word,
      value: fc.oneof(
        { weight: 1, arbitrary: fc.constant("") },
        { weight: 2, arbitrary: fc.stringMatching(/^[a-z0-9/:.-]{1,4}$/) },
      ),
      children: fc.oneof({ maxDepth: 3 }, fc.constant<CfgNode[]>([]), fc.array(tie("node"), { maxLength: 3 })),
      items: fc.array(fc.stringMatching(/^[a-z/][a-z/=: -]{0,4}[a-z]$/), { maxLength: 3 }),
      line: fc.constant(0),
    }),
  }));
  const lines = ({ key, value, children, items }: CfgNode, depth: number, step: string): string[] => [
    `${step.repeat(depth)}${key}:${value}`,
    ...items.slice(0, 1).map((item) => `${step.repeat(depth + 1)}-${item}`),
    ...children.flatMap((child) => lines(child, depth + 1, step)),
    ...items.slice(1).map((item) => `${step.repeat(depth + 1)}- ${item}  # said`),
  ];
  const bare = ({ key, value, children, items }: CfgNode): unknown => ({
    key,
    value,
    items,
    children: children.map(bare),
  });
  fc.assert(
    fc.property(fc.array(node, { maxLength: 3 }), fc.constantFrom(" ", "  ", "\t", "   "), (roots, step) => {
      const text = roots.flatMap((root) => lines(root, 0, step)).join("\n");
      expect(parseCfg("a.cfg", text).children.map(bare)).toEqual(roots.map(bare));
    }),
    { numRuns: 2000 },
  );
});

describe("import", () => {
  test("takes over what a spec can say, asks what is deliberate, and names the rest with its line", async () => {
    const imported = importCfg(read("mercury.cfg"));
    expect(imported.spec).toEqual({
      version: 1,
      disks: { system: { ask: "the older file names /dev/nvme0n1p3, and everything on the disk is erased" } },
      root: {
        ...{ filesystem: "zfs", pool: "mercury" },
        encryption: {
          ask: "the older file says aes-gcm-256 with the key /srv/crypto/zfs.key; here it is a passphrase, or none",
        },
      },
    });
    expect(imported.left).toEqual([
      expect.stringMatching(/^2: server:pkgROOT: .*packages: \{mirror/),
      expect.stringMatching(/^9: server:pkgOTHER: /),
    ]);
    const text = importedText(imported, "mercury.cfg");
    expect(parse(text)).toEqual(imported.spec);
    expect((await loadText(text)).asks.map(({ path }) => path.join("."))).toEqual(["disks.system", "root.encryption"]);
  });

  test("of a boot menu: the host and how long it waits", () => {
    const { spec, left } = importCfg(read("boot.cfg"));
    expect(spec).toEqual({ version: 1, host: { name: "jupiter" }, boot: { timeout: 5 } });
    expect(left).toHaveLength(4);
    expect(left[0]).toMatch(/^2: resolution:1024 768: /);
  });
});
