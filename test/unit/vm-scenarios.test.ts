// How scenarios are chosen, ordered and counted, and what their parsers make of a console's text.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { probeSector } from "../../core/vm/accel.ts";
import { keysFor } from "../../core/vm/screen.ts";
import { parseVmArguments } from "../vm/arguments.ts";
import { createChecks } from "../vm/checks.ts";
import { parseEvent } from "../vm/install-run.ts";
import { SCENARIOS } from "../vm/scenarios.ts";
import { schedule } from "../vm/schedule.ts";
import { makeWorkFolder } from "../vm/work-folder.ts";

describe("npm run vm", () => {
  test("runs what was named, in the list's order", () => {
    const { chosen, jobs } = parseVmArguments(["resume", "zfs-plain"], SCENARIOS);
    expect(chosen.map(({ name }) => name)).toEqual(["zfs-plain", "resume"]);
    expect(jobs).toBe(1);
  });

  test("runs all, two at a time", () => {
    const { chosen, jobs } = parseVmArguments(["--all"], SCENARIOS);
    expect(chosen).toHaveLength(SCENARIOS.length);
    expect(jobs).toBe(2);
  });

  test("knows what a misspelt name was meant to be", () => {
    expect(() => parseVmArguments(["zfs-plian"], SCENARIOS)).toThrow(
      expect.objectContaining({ code: "vm-unknown-scenario", exit: 2, hint: expect.stringContaining("zfs-plain") }),
    );
  });

  test.each([[[]], [["--jobs", "0", "--all"]], [["--nonsense"]]])("refuses %j", (argv) => {
    expect(() => parseVmArguments(argv, SCENARIOS)).toThrow(expect.objectContaining({ exit: 2 }));
  });

  test("names are unique and what comes after something exists", () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { after } of SCENARIOS) for (const name of after ?? []) expect(names).toContain(name);
  });
});

describe("schedule", () => {
  const record = () => {
    const log: string[] = [];
    let now = 0;
    let most = 0;
    const job = (name: string, after: string[] = []) => ({
      name,
      after,
      async run() {
        log.push(`+${name}`);
        now += 1;
        most = Math.max(most, now);
        await Promise.resolve();
        now -= 1;
        log.push(`-${name}`);
      },
    });
    return { log, job, most: () => most };
  };

  test("never runs more at once than asked, and runs each once", async () => {
    const { log, job, most } = record();
    await schedule([job("a"), job("b"), job("c"), job("d")], 2);
    expect(most()).toBe(2);
    expect(log.filter((line) => line.startsWith("+"))).toHaveLength(4);
  });

  test("waits for what comes first and uses the free place meanwhile", async () => {
    const { log, job } = record();
    await schedule([job("a"), job("b", ["a"]), job("c")], 2);
    expect(log.indexOf("+b")).toBeGreaterThan(log.indexOf("-a"));
    expect(log.indexOf("+c")).toBeLessThan(log.indexOf("+b"));
  });

  test("does not wait for what does not run", async () => {
    const { log, job } = record();
    await schedule([job("b", ["a"])], 1);
    expect(log).toEqual(["+b", "-b"]);
  });

  test("says so when jobs wait for each other", async () => {
    const { job } = record();
    await expect(schedule([job("a", ["b"]), job("b", ["a"])], 2)).rejects.toThrow("a, b");
  });
});

describe("checks", () => {
  test("counts, and shows what was expected without letting a guest write to the terminal", () => {
    const lines: string[] = [];
    const checks = createChecks((line) => lines.push(line));
    checks.check("good", true);
    checks.same("bad", "\x1b]0;evil\x07actual", "wanted");
    expect([checks.passed, checks.failed]).toEqual([1, 1]);
    expect(lines.join("\n")).toMatch(/FAILED bad\n.*actual\n.*wanted/);
    expect(lines.join("")).not.toContain("\x1b");
  });
});

describe("events on a console", () => {
  const line = '{"event":"step","state":"done","index":7,"of":14,"id":"copy","title":"copy","ms":12}';

  test("are found behind other text and a carriage return", () => {
    expect(parseEvent(`[   12.3] audit: x ${line}\r`)).toMatchObject({ event: "step", index: 7 });
  });

  test("anything else is not an event", () => {
    expect(parseEvent("hello")).toBeNull();
    expect(parseEvent('{"event":"step","sta')).toBeNull();
  });
});

describe("keyboard", () => {
  test("types letters, capitals and signs as a US keyboard does", () => {
    expect(keysFor("a")).toEqual(["a"]);
    expect(keysFor("A")).toEqual(["shift", "a"]);
    expect(keysFor("(")).toEqual(["shift", "9"]);
    expect(keysFor("\n")).toEqual(["ret"]);
  });

  test("refuses what it has no key for", () => {
    expect(() => keysFor("ü")).toThrow("U+fc");
  });
});

test("a killed run's disks are removed by the next one, a running one's are not", async () => {
  const parent = mkdtempSync(join(tmpdir(), "mv-test-"));
  const mine = await makeWorkFolder(parent, "zfs-plain");
  // Linux' largest process id is 4194304.
  mkdirSync(join(parent, "resume-4999999-AbCdEf"));
  mkdirSync(join(parent, "not-of-this-kind"));
  const next = await makeWorkFolder(parent, "resume");
  expect(readdirSync(parent).sort()).toEqual([basename(mine), basename(next), "not-of-this-kind"].sort());
  rmSync(parent, { recursive: true });
});

test("the probe for hardware virtualisation is a boot sector", () => {
  const sector = probeSector();
  expect(sector).toHaveLength(512);
  expect([...sector.slice(510)]).toEqual([0x55, 0xaa]);
});
