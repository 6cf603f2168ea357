// Bare words of the command line: what is refused by name, what they make of a spec, and that it is what YAML would make.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { planFor } from "../../core/install.ts";
import { printSpec } from "../../core/print-spec.ts";
import { sortWords } from "../../core/spec/bare-words.ts";
import { loadSpec, readRegularFile } from "../../core/spec/load.ts";
import { specKeys } from "../../core/spec/spec-keys.ts";
import { withWords } from "../../core/spec/spec-word.ts";
import type { Run } from "../../core/tools/run.ts";
import { machinePath } from "./recorded-machine.ts";
import { COMPLETE, PUBLIC_KEY, refusal } from "./spec-text.ts";

const NO_RUN: Run = Object.assign(() => Promise.reject(new Error("this must not start a program")), {
  pipe: async () => {},
});

let folder = "";
let file = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "words-"));
  file = join(folder, "jupiter.yml");
  writeFileSync(file, COMPLETE);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function load(...bare: string[]) {
  const { files, words } = sortWords(bare);
  return loadSpec(files, readRegularFile, words);
}

describe("refused, with the word that is meant", () => {
  test.each([
    [["hots.name=x"], 2, /hots\.name=… sets no key of a spec.*\n.*host\.name=…\?/],
    [["wrok=live:"], 2, /Did you mean work=…\?/],
    [["host.nam=x"], 2, /host\.nam=…: there is no key `nam` under `host`; did you mean `name`\?/],
    [["host..name=x"], 2, /is no key of a spec/],
    [["=x"], 2, /is no key of a spec/],
    [["[0].name=x"], 2, /is no key of a spec/],
    [["host.name=UPPER"], 2, /host\.name=…: `host\.name` must be a host name/],
    [["boot.timeout=soon"], 2, /boot\.timeout=…: `boot\.timeout` must be a number, and is text/],
    [["unattended=yes"], 2, /unattended=…: `unattended` must be true or false/],
    [["swap.size=2"], 2, /swap\.size=…: `swap\.size` must be a size with its unit/],
    [["swap=prtition"], 2, /swap=…: .*did you mean partition/],
    [["host.name=a", "host.name=b"], 2, /host\.name=… is given twice/],
    [["HOST.NAME=a", "host.name=b"], 2, /are about one value/],
    [["swap=none", "swap.size=1GiB"], 2, /swap=… and swap\.size=… are about one value/],
    [["users[1].name=ada"], 2, /users\[1\]\.name=… cannot be put in its place: .*no list|0 entries/],
    [["users.name=ada"], 2, /must be a list/],
    [["users=[{name: ada"], 2, /users=… is not YAML in brackets/],
    [["host.name={ref: 'a.yml#/x'}"], 2, /which stands in files/],
    [["controllers=x"], 4, /controllers=…: `controllers` is not supported yet/],
    [["work=live:", "WORK=live:"], 2, /WORK=… is given twice/],
    [["work=zfs://a/../b@c"], 2, /work=zfs:\/\/a\/\.\.\/b@c has \.\. in it/],
    [["work=live:/dev/sdb"], 2, /names no medium/],
    [["boot=/dev/sda"], 2, /is no destination such as zfs:\/\/\/dev/],
    [["boot=zfs:///dev/sda:/saturn"], 2, /has nothing behind its pool/],
    [["boot=zfs:///dev/sda1:/saturn/g2"], 2, /names a partition, and boot= erases a whole disk \(\/dev\/sda\)/],
    [["boot=zfs:///dev/sda:/a/b", "install=zfs://a/b"], 2, /exclude each other/],
    [["boot=zfs:///dev/sda:/saturn/plasma", "root.system=x"], 2, /are about one value/],
    [["boot=zfs:///dev/sda:/mirror1/g2"], 2, /boot=zfs.*: `root\.pool` is reserved by ZFS/],
    [["install=ext4:///dev/sda3:/a/b"], 2, /Only a pool can be added to/],
    [["install=zfs:///dev/sda3:/wSys/plasma", "root.install=other"], 2, /are about one value/],
    [["build=plasma"], 4, /belongs to `multiverse deploy`/],
    [["bootpart=/dev/sda1"], 4, /belongs to `multiverse update`/],
  ])("%j", async (bare, exit, text) => {
    const refused = await refusal(() => load(...bare));
    expect(refused.text).toMatch(text);
    expect(refused.exit).toBe(exit);
  });

  test("a password in clear text is not repeated", async () => {
    const { text } = await refusal(() => load("users[0].name=ada", "users[0].password=hunter2secret"));
    expect(text).toContain("users[0].password=…: ");
    expect(text).not.toContain("hunter2");
  });

  test("a source that is not there yet says what works", async () => {
    const { notYet } = sortWords(["work=zfs://root@10.1.0.1:/wSys/gnome@safe", "boot=zfs:///dev/sda:/a/g2"]);
    expect(notYet).toMatchObject({
      code: "not-yet",
      exit: 4,
      hint: expect.stringMatching(/work=live:.*work=yaml:\/\/\//),
    });
    expect(sortWords(["work=live:"]).notYet).toBeNull();
  });
});

test("files, words and config in any order; a file with a = in its name is written with its folder", () => {
  expect(sortWords(["a.yml", "host.name=x", "CONFIG", "./b=c.yml", "work=yaml:///base.yml"])).toMatchObject({
    files: ["/base.yml", "a.yml", "./b=c.yml"],
    config: true,
    words: [{ name: "host.name=…", path: ["host", "name"], value: "x" }],
  });
  expect(sortWords(["./config"])).toMatchObject({ files: ["./config"], config: false });
});

describe("values have the type that the schema says", () => {
  test.each<[string, unknown]>([
    ["host.name=007", { host: { name: "007" } }],
    ["host.name={ask: why}", { host: { name: { ask: "why" } } }],
    ["boot.timeout=-1", { boot: { timeout: -1 } }],
    ["boot.options=a=b {c}", { boot: { options: "a=b {c}" } }],
    ["unattended=TRUE", { unattended: true }],
    ["swap=none", { swap: "none" }],
    ["swap={kind: partition, size: 1 GiB}", { swap: { kind: "partition", size: "1 GiB" } }],
    ["host.ntp=a.example.net, b.example.net", { host: { ntp: ["a.example.net", "b.example.net"] } }],
    ["host.ntp=[a.example.net]", { host: { ntp: ["a.example.net"] } }],
    ["packages.add=", { packages: { add: [] } }],
    ["users[0].name=ada", { users: [{ name: "ada" }] }],
    ["users[0].groups=sudo,adm", { users: [{ groups: ["sudo", "adm"] }] }],
    ["users=[{name: ada, groups: [sudo]}]", { users: [{ name: "ada", groups: ["sudo"] }] }],
    ["disks.system=/dev/sda", { disks: { system: "/dev/sda" } }],
    ["disks.system.match.removable=false", { disks: { system: { match: { removable: false } } } }],
    ["disks.system.match.sector-size=4096", { disks: { system: { match: { "sector-size": 4096 } } } }],
    ["salt=0123456789", { salt: "0123456789" }],
    ["network.lan0.wifi.ssid={x}", { network: { lan0: { wifi: { ssid: "{x}" } } } }],
  ])("%s", (word, data) => {
    expect(withWords({}, sortWords([word]).words) as object).toEqual(data);
  });

  test("a key that every object has is none of ours", async () => {
    expect((await refusal(() => load("__proto__.x=1"))).exit).toBe(2);
    expect((await refusal(() => load("constructor.name=x"))).exit).toBe(2);
  });
});

test("every key that is offered for completion is one that a word can set", async () => {
  expect(specKeys().length).toBeGreaterThan(40);
  for (const key of specKeys()) {
    const { text } = await refusal(() => load(`${key}=\u0001`)).catch(() => ({ text: "" }));
    expect(text, key).not.toMatch(/there is no key|sets no key|is no key|not supported yet: /);
  }
});

/** Words and the YAML that says the same. */
const given = fc
  .record(
    {
      "host.name": fc.constantFrom("io", "europa.example.net"),
      "host.keyboard": fc.constantFrom("de", "fr:oss"),
      "boot.timeout": fc.integer({ min: -1, max: 600 }),
      "swap.size": fc.integer({ min: 1, max: 8 }).map((gib) => `${gib} GiB`),
      "packages.add": fc.uniqueArray(fc.constantFrom("vim", "tmux", "zsh"), { minLength: 1 }),
      unattended: fc.boolean(),
      "root.encryption": fc.constantFrom("none", "passphrase"),
      "esp.size": fc.constantFrom("1 GiB", "3GiB"),
    },
    { requiredKeys: [] },
  )
  .filter((values) => Object.keys(values).length > 0);

const asWord = ([key, value]: [string, unknown]) => `${key}=${Array.isArray(value) ? value.join(",") : value}`;

function asData(values: object): Record<string, unknown> {
  const data: Record<string, Record<string, unknown> | unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const [first = "", second] = key.split(".");
    data[first] = second === undefined ? value : { ...(data[first] as object), [second]: value };
  }
  return data;
}

test("words in any order and case make the spec that a later file with the same values makes", async () => {
  const later = join(folder, "later.yml");
  await fc.assert(
    fc.asyncProperty(given, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), async (values, order) => {
      const words = Object.entries(values).map(asWord);
      const shuffled = words.map((word, at) => ({ word, at: order[at] ?? 0 })).sort((a, b) => a.at - b.at);
      const shouted = shuffled.map(({ word, at }) =>
        at % 2 === 0 ? word : word.replace(/^[^=]*/, (key) => key.toUpperCase()),
      );
      writeFileSync(later, JSON.stringify(asData(values)));
      const [byWords, byFile] = await Promise.all([
        load(...shouted.slice(0, 1), file, ...shouted.slice(1)),
        load(file, later),
      ]);
      expect(byWords.spec).toEqual(byFile.spec);
    }),
    { numRuns: 150 },
  );
});

test.each<[string, unknown]>([
  ["install=zfs:///dev/sda3:/wSys/plasma", { install: { pool: "wSys", device: "/dev/sda3" }, system: "plasma" }],
  ["install=zfs://wSys/g2", { install: "wSys" }],
  ["boot=zfs://wSys/plasma", { install: "wSys", system: "plasma" }],
  ["boot=zfs://12377364118261506495/plasma", { install: "12377364118261506495", system: "plasma" }],
  ["install=zfs:///dev/sda3:/1237/plasma", { install: { guid: "1237", device: "/dev/sda3" }, system: "plasma" }],
])("%s is added to a pool that exists", (word, root) => {
  expect(withWords({}, sortWords([word]).words)).toEqual({ root });
});

describe("config prints the spec", () => {
  const machine = machinePath("qemu-blank-disk");
  const print = (...bare: string[]) => printSpec({ ...sortWords(bare), machine, run: NO_RUN });
  const hashOf = async (...bare: string[]) => {
    const { files, words } = sortWords(bare);
    return (await planFor({ files, words, machine, run: NO_RUN })).plan.hash;
  };
  const WORDS = [
    "work=live:",
    "boot=zfs:///dev/vda:/saturn/g2",
    "host.name=jupiter",
    "root.encryption=none",
    "users[0].name=ada",
    `users[0].ssh-keys=${PUBLIC_KEY}`,
  ];

  test("of older words alone, with the disk by the name that stays, and the plan is the same", async () => {
    const text = await print(...WORDS, "config");
    expect(text).toContain('  # /dev/vda is virtio-MVTARGET01 (12 GiB)\n  system: "virtio-MVTARGET01"\n');
    expect(text).toContain("# g2 is a generation");
    expect(text).toContain("# - confirm.erase: May this disk be erased?\n");
    expect(parse(text)).toEqual({
      version: 1,
      source: "live:",
      disks: { system: "virtio-MVTARGET01" },
      root: { filesystem: "zfs", pool: "saturn", encryption: "none" },
      host: { name: "jupiter" },
      users: [{ name: "ada", "ssh-keys": [PUBLIC_KEY] }],
    });
    const printed = join(folder, "printed.yml");
    writeFileSync(printed, text);
    expect(await hashOf(printed)).toBe(await hashOf(...WORDS));
  });

  test("of a file, with its comments", async () => {
    const commented = join(folder, "commented.yml");
    writeFileSync(commented, `# mine\n${COMPLETE.replace("root:", "# where\nroot:")}`);
    const text = await print(commented, "swap.size=1GiB", "disks.system=/dev/vda");
    expect(text).toMatch(/# mine\n[\s\S]*\n# where\nroot:/);
    expect(parse(text)).toMatchObject({ swap: { size: "1GiB" }, disks: { system: "virtio-MVTARGET01" } });
  });

  test("of a source that is not there yet, with a note", async () => {
    const text = await print("work=zfs://pluto/plasma@safe", "boot=zfs:///dev/vda:/saturn/plasma");
    expect(text).toMatch(/^# Made by .*\n# NOT YET: work=zfs:\/\/pluto\/plasma@safe/);
    expect(parse(text)).toMatchObject({ source: "zfs://pluto/plasma@safe", root: { system: "plasma" } });
  });

  test("but not of a disk that is not there, or that is in use", async () => {
    await expect(print("boot=zfs:///dev/sdz:/saturn/g2")).rejects.toMatchObject({ code: "no-disk-matches", exit: 4 });
    await expect(print("boot=zfs:///dev/vdb:/saturn/g2")).rejects.toMatchObject({ code: "disk-in-use", exit: 4 });
  });

  test("whatever the words are, what is printed reads back as what they make", async () => {
    const twice = join(folder, "twice.yml");
    await fc.assert(
      fc.asyncProperty(given, fc.constantFrom([], [file]), async (values, files) => {
        const bare = [...files, ...Object.entries(values).map(asWord)];
        writeFileSync(twice, await print(...bare, "config"));
        expect((await load(twice)).data).toEqual((await load(...bare)).data);
      }),
      { numRuns: 60 },
    );
  });
});
