import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dispatch } from "../../bin/dispatch.ts";
import { reportError } from "../../bin/report-error.ts";
import { VERBS } from "../../bin/verbs.ts";
import { ActionableError, EXIT, ProgramError } from "../../core/errors.ts";
import type { Run } from "../../core/tools/run.ts";
import { machinePath } from "./recorded-machine.ts";
import { COMPLETE } from "./spec-text.ts";

const NO_RUN: Run = Object.assign(
  async () => {
    throw new Error("this must not start a program");
  },
  { pipe: async () => {} },
);

/** What the command line prints, and its exit code. */
async function cli(...words: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const context = {
    run: NO_RUN,
    signal: new AbortController().signal,
    out: (text: string) => {
      out += text;
    },
    say: (text: string) => {
      err += text;
    },
  };
  try {
    return { exit: await dispatch(words, context), out, err };
  } catch (error) {
    const report = reportError(error, false);
    return { exit: report.exit, out, err: err + report.text };
  }
}

let folder = "";
let spec = "";
const machine = machinePath("qemu-blank-disk");
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
  spec = join(folder, "jupiter.yml");
  await writeFile(spec, COMPLETE);
});
afterAll(() => rm(folder, { recursive: true }));

describe("bad command lines end with exit code 2 and say what is meant", () => {
  test.each([
    [["qestions"], /no verb `qestions`; did you mean `questions`\?/],
    [["--verison"], /no option --verison/],
    [["probe", "--formt", "json"], /`multiverse probe` has no option --formt; did you mean --format\?/],
    [["probe", "--format", "jsn"], /--format is one of text, json; did you mean json\?/],
    [["probe", "--format"], /--format needs a value: --format text\|json/],
    [["probe", "--output", "--format"], /--output needs a value/],
    [["probe", "--format=json", "--format=text"], /--format is given twice/],
    [["probe", "extra"], /takes no words; too many: extra/],
    [["questions"], /needs a file/],
    [["spec", "shwo", "x.yml"], /knows `show` and `from-host`, not `shwo`/],
    [["spec", "show"], /needs a file/],
    [["spec", "show", "x.yml", "--resolved=yes"], /--resolved takes no value/],
    [["install"], /needs a file/],
    [["install", "x.yml", "--passphrase-fd", "three"], /takes the number of a file descriptor/],
    [["install", "x.yml", "--passphrase-fd", "3", "--passphrase-file", "f"], /exclude each other/],
    [["install", "x.yml", "--source", "live:"], /--source goes with --resume/],
    [["install", "--resume", "--source", "live:/dev/sdb"], /--source is `live:`, or/],
    [["plan", "/nowhere/x.yml"], /\/nowhere\/x\.yml cannot be read: there is no such file/],
    [["plan", "/"], /\/ cannot be read: it is a folder/],
    [["probe", "--machine", "/nowhere.json"], /\/nowhere\.json is not a recorded machine/],
  ])("%j", async (words, message) => {
    const { exit, out, err } = await cli(...words);
    expect(err).toMatch(message);
    expect(exit).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(/\n→ \S/);
  });

  test("without a word: the help, and exit code 2", async () => {
    const { exit, out } = await cli();
    expect(exit).toBe(2);
    expect(out).toMatch(/^multiverse turns a machine/);
  });

  test.each([[["install", "work=zfs://a/b@c", "boot=zfs:///dev/sda:/u/g1"]], [["plan", "WORK=yaml:///x"]]])(
    "%j: the older words are known, and not yet",
    async (words) => {
      const { exit, err } = await cli(...words);
      expect(exit).toBe(4);
      expect(err).toMatch(/not supported yet[\s\S]*work=…/i);
    },
  );
});

describe("help", () => {
  test("names every verb, fits 120 columns, and every verb has examples that its own options allow", async () => {
    const { out } = await cli("--help");
    for (const verb of VERBS) {
      expect(out).toContain(`  ${verb.name} `);
      const help = verb.raw ? await cli("help", verb.name) : await cli(verb.name, "--help");
      expect(help.exit).toBe(0);
      expect(help.out).toMatch(/\nexamples:\n {2}multiverse /);
      for (const line of help.out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(120);
      for (const example of verb.examples) {
        expect(example.line).toMatch(new RegExp(`^multiverse ${verb.name} ?`));
        for (const [, option = ""] of example.line.matchAll(/ --([a-z-]+)/g))
          expect(Object.keys(verb.options), example.line).toContain(option);
      }
    }
  });
  test("--version", async () => {
    const about = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(await cli("--version")).toEqual({ exit: 0, out: `multiverse ${about.version}\n`, err: "" });
  });
});

describe("verbs on a recorded machine start no program", () => {
  test("probe, for people and programs; sizes are text", async () => {
    expect((await cli("probe", "--machine", machine)).out).toMatch(
      /virtio-MVTARGET01 +\/dev\/vda +12 GiB virtio +empty +yes/,
    );
    const inventory = JSON.parse((await cli("probe", "--machine", machine, "--format", "json")).out) as {
      memory: unknown;
      disks: { size: unknown }[];
    };
    expect(inventory.memory).toBe(String(2014284 * 1024));
    expect(inventory.disks[0]?.size).toBe(String(12 * 2 ** 30));
  });

  test("probe --output gives a recording of the same machine", async () => {
    const file = join(folder, "copy.json");
    expect((await cli("probe", "--machine", machine, "--output", file)).exit).toBe(0);
    expect((await cli("probe", "--machine", file)).out).toBe((await cli("probe", "--machine", machine)).out);
    expect(await cli("probe", "--machine", machine, "--output", "/nowhere/x.json")).toMatchObject({ exit: 2 });
  });

  test("questions", async () => {
    const { exit, out } = await cli("questions", spec, "--machine", machine, "--format", "json");
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ path: "confirm.erase", class: "deliberate", for: "install" }]);
    expect((await cli("questions", spec, "--machine", machine)).out).toMatch(
      /confirm\.erase {2}\(deliberate, to install\)\n {2}May this disk be erased\?\n {2}Why asked: /,
    );
  });

  test("spec show, and resolved: without a hash, and a spec again", async () => {
    expect((await cli("spec", "show", spec)).out).toContain("name: jupiter.example.net");
    const users = join(folder, "users.yml");
    const hash = `$6$saltsalt$${"a".repeat(86)}`;
    await writeFile(users, `users: [{name: ada, password: "${hash}"}]\n`);
    const { out } = await cli("spec", "show", spec, users, "--resolved", "--machine", machine);
    expect(out).toMatch(/timezone: Etc\/UTC[\s\S]*origins:[\s\S]*host\.timezone: default/);
    expect(out + (await cli("spec", "show", spec, users)).out).not.toContain(hash);
  });

  test("spec show shows proxy, time servers and the wireless network, without its key", async () => {
    const more = join(folder, "wifi.yml");
    const psk = "a1".repeat(32);
    await writeFile(
      more,
      `host: {proxy: "http://p:1", ntp: [n.example.net]}\nnetwork: {air: {wifi: {ssid: Home, psk: "${psk}"}}}\n`,
    );
    const disk = join(folder, "disk.yml");
    await writeFile(disk, "disks: {system: /dev/nvme1n1}\n");
    const stated = await cli("spec", "show", spec, more);
    const resolved = await cli(
      "spec",
      "show",
      spec,
      more,
      disk,
      "--resolved",
      "--machine",
      machinePath("several-disks"),
    );
    for (const { exit, out } of [stated, resolved]) {
      expect(exit).toBe(0);
      expect(out).toMatch(/proxy: http:\/\/p:1\n {2}ntp:\n {4}- n\.example\.net\n/);
      expect(out).toMatch(/ssid: Home\n[\s\S]*psk: \(a key, not shown\)\n/);
      expect(out).not.toContain(psk);
    }
  });

  test("what is refused has its exit code: 3, 4", async () => {
    const open = join(folder, "open.yml");
    await writeFile(open, "version: 1\n");
    expect(await cli("spec", "show", open, "--resolved", "--machine", machine)).toMatchObject({ exit: 3 });
    await writeFile(open, "version: 1\nhooks: x\n");
    expect(await cli("questions", open, "--machine", machine)).toMatchObject({ exit: 4 });
  });
});

describe("errors", () => {
  test("something a person can act on: message, evidence, hint", () => {
    const error = new ActionableError({
      code: "x",
      exit: EXIT.refused,
      message: "It cannot be.",
      evidence: ["a.yml:1:1: \u001b[31mred"],
      hint: "Do this.",
    });
    expect(reportError(error, true)).toEqual({
      exit: 4,
      text: "multiverse: It cannot be.\n  a.yml:1:1: ?[31mred\n→ Do this.\n",
    });
  });
  test("a failed program: its last words", () => {
    const { exit, text } = reportError(
      new ProgramError(["zpool", "create"], "exit", 1, "one\ncannot create: busy\n"),
      false,
    );
    expect(exit).toBe(5);
    expect(text).toMatch(/zpool ended with status 1: cannot create: busy\n {2}one\n/);
  });
  test("a bug: where to report it, a stack only for those who ask", () => {
    const bug = reportError(new TypeError("x is undefined"), false);
    expect(bug.exit).toBe(70);
    expect(bug.text).toMatch(/This is a bug in multiverse: x is undefined\n→ Please report it/);
    expect(bug.text).not.toMatch(/\.ts:/);
    expect(reportError(new TypeError("x is undefined"), true).text).toMatch(/\.ts:/);
  });
});

test("docs/exit-codes.md lists every exit code", async () => {
  const text = await readFile(new URL("../../docs/exit-codes.md", import.meta.url), "utf8");
  for (const code of Object.values(EXIT)) expect(text).toContain(`\n| ${code} | `);
});
