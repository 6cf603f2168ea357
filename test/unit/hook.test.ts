// The boot=multiverse hook: which release it clones and which former g3s it keeps.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBootNote } from "../../core/generations/running-root.ts";
import { type FakeSet, runHook } from "./run-hook.ts";

const OS = "saturn/jupiter/os";
const G2 = `${OS}/g2`;
const RUNNING = "6.12.0-amd64";

const g2 = (properties: Record<string, string> = {}): FakeSet => ({ name: G2, createtxg: 1, properties });
const release = (name: string, createtxg: number, kernel = RUNNING): FakeSet => ({
  ...{ name: `${G2}@${name}`, createtxg, properties: { "multiverse:kernel": kernel } },
});
const choose = (what: string, sets: FakeSet[]) => runHook(`multiverse_choose ${G2} ${what}`, sets);

describe("choosing a release", () => {
  test("none whose kernel runs: nothing is chosen, and it says so by its status", () => {
    expect(choose("auto", [g2({ "multiverse:current": "b" }), release("b", 2, "6.1.0")])).toMatchObject({
      out: "",
      status: 1,
    });
    expect(choose("auto", [g2()])).toMatchObject({ out: "", status: 1 });
  });

  test("a release that was asked for by name and is not there is not replaced by another", () => {
    expect(choose("ff", [g2(), release("a", 2)])).toMatchObject({ out: "", status: 1 });
    expect(choose("safe", [g2(), release("a", 2)])).toMatchObject({ out: "", status: 1 });
  });

  test("auto: current when its kernel runs, else safe, else the newest by createtxg that fits", () => {
    const sets = [release("aa", 9), release("bb", 5), release("cc", 7)];
    expect(choose("auto", [g2({ "multiverse:current": "bb", "multiverse:safe": "cc" }), ...sets]).out).toBe("bb");
    const newKernel = [release("aa", 9), release("bb", 5, "6.13.0"), release("cc", 7)];
    expect(choose("auto", [g2({ "multiverse:current": "bb", "multiverse:safe": "cc" }), ...newKernel]).out).toBe("cc");
    // By name bb would be newer, and by clock too if it ran backwards: only the order of creation counts.
    expect(choose("auto", [g2(), ...sets]).out).toBe("aa");
  });

  test("a name that is part of another is not taken for it (upstream matches by substring)", () => {
    expect(choose("6740a1b", [g2(), release("6740a1b2", 2)])).toMatchObject({ out: "", status: 1 });
    expect(choose("6740a1b2", [g2(), release("6740a1b21", 2), release("6740a1b2", 3)]).out).toBe("6740a1b2");
  });
});

describe("rotating g3", () => {
  const former = (n: number, createtxg: number): FakeSet => ({ name: `${OS}/g3.prev-${n}`, createtxg });
  const base: FakeSet[] = [{ name: OS, createtxg: 0 }, g2(), release("a", 2)];
  const rotate = (sets: FakeSet[], keep = 3) => runHook(`multiverse_rotate ${OS} ${keep}`, [...base, ...sets]);

  test("the first boot has nothing to rotate", () => {
    expect(rotate([])).toMatchObject({ status: 0, names: [OS, G2, `${G2}@a`] });
  });

  test("cut off between rename and clone: the next boot only clones", () => {
    const { names } = rotate([former(1, 5)]);
    expect(names).toContain(`${OS}/g3.prev-1`);
    expect(names).not.toContain(`${OS}/g3`);
  });

  test("one that carries a snapshot of somebody's stays, whatever its age", () => {
    const { names } = rotate(
      [former(1, 3), { name: `${OS}/g3.prev-1@mine`, createtxg: 4 }, former(2, 5), { name: `${OS}/g3`, createtxg: 6 }],
      1,
    );
    expect(names).toContain(`${OS}/g3.prev-1`);
    expect(names).not.toContain(`${OS}/g3.prev-2`);
  });

  test("g1, g2 and every release are still there, g3 is free, and at most `keep` former ones remain", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 4 }),
        (numbers, has, keep) => {
          const sets = numbers.map((n, index) => former(n, 10 + index));
          const { names, status } = rotate([...sets, ...(has ? [{ name: `${OS}/g3`, createtxg: 90 }] : [])], keep);
          expect(status).toBe(0);
          expect(names).toEqual(expect.arrayContaining([OS, G2, `${G2}@a`]));
          expect(names).not.toContain(`${OS}/g3`);
          const left = names.filter((name) => name.includes("g3.prev-")).map((name) => Number(name.split("-").at(-1)));
          expect(left.length).toBeLessThanOrEqual(keep);
          if (has && keep > 0) expect(left).toContain(Math.max(0, ...numbers) + 1);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("the note for the host's status", () => {
  const noteOf = (call: string, sets: FakeSet[], notes?: "not writable") => runHook(call, sets, RUNNING, notes);

  test("where it cannot be written, the boot goes on", () => {
    expect(noteOf(`multiverse_note ${G2} auto aa && echo on`, [g2()], "not writable")).toMatchObject({
      ...{ out: "on", status: 0, stderr: "", note: null },
    });
  });

  test("of a pool that names no current release it says just that", () => {
    const { note, status } = noteOf(`multiverse_note ${G2} auto aa`, [g2()]);
    expect({ note, status }).toEqual({ note: "asked=auto\ntaken=aa\ncurrent=\n", status: 0 });
  });

  test("says what was asked for, what was taken and what was current, as the host's status reads it", () => {
    const { note } = noteOf(`multiverse_note ${G2} auto aa`, [g2({ "multiverse:current": "bb" })]);
    expect(parseBootNote(note)).toEqual({ asked: "auto", taken: "aa", current: "bb" });
  });

  test("the hook leaves it after the clone and before it says what to mount", () => {
    const hook = readFileSync(new URL("../../initramfs-hooks/scripts/multiverse-zfs", import.meta.url), "utf8");
    expect(hook).toMatch(/zfs clone [\s\S]*multiverse_note "\$mv_g2" "\$\{1##\*@\}" "\$mv_release"\n\tZFS_BOOTFS=/);
  });
});
