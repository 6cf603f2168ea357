// boot=multiverse on btrfs: which release becomes g3 and which former g3s stay, as on ZFS (hook.test.ts).
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBootNote } from "../../core/generations/running-root.ts";
import { runSubvolumes } from "./run-subvolumes.ts";

const RUNNING = "6.12.0-amd64";
const fits = (...releases: string[]) => releases.map((name) => `kernel@${name}=${RUNNING}\n`).join("");
const choose = (what: string, os: Record<string, number>, generations: string) =>
  runSubvolumes(`multiverse_choose "$OS/g2" ${what}`, { os, generations });

describe("choosing a release", () => {
  test("none whose kernel runs, no file, or a file that is cut off: nothing is chosen", () => {
    expect(choose("auto", { g2: 1, "g2@a": 2 }, "current=a\nkernel@a=6.1.0\n")).toMatchObject({ out: "", status: 1 });
    expect(choose("auto", { g2: 1, "g2@a": 2 }, "current=")).toMatchObject({ out: "", status: 1 });
    expect(runSubvolumes('multiverse_choose "$OS/g2" auto', { os: { g2: 1 } })).toMatchObject({ out: "", status: 1 });
  });

  test("a release that was asked for by name and is not there is not replaced by another", () => {
    expect(choose("ff", { g2: 1, "g2@a": 2 }, fits("a"))).toMatchObject({ out: "", status: 1 });
    expect(choose("''", { g2: 1, "g2@a": 2 }, fits("a"))).toMatchObject({ out: "", status: 1 });
    expect(choose("safe", { g2: 1, "g2@a": 2 }, fits("a"))).toMatchObject({ out: "", status: 1 });
    expect(choose("6740a1b", { g2: 1, "g2@6740a1b2": 2 }, fits("6740a1b2"))).toMatchObject({ out: "", status: 1 });
  });

  test("auto: current when its kernel runs, else safe, else the newest by its id that fits", () => {
    const os = { g2: 1, "g2@aa": 9, "g2@bb": 5, "g2@cc": 7 };
    expect(choose("auto", os, `current=bb\nsafe=cc\n${fits("aa", "bb", "cc")}`).out).toBe("bb");
    expect(choose("auto", os, `current=bb\nsafe=cc\nkernel@bb=6.13.0\n${fits("aa", "cc")}`).out).toBe("cc");
    expect(choose("auto", os, fits("aa", "bb", "cc")).out).toBe("aa");
    // Ten is newer than nine.
    expect(choose("auto", { g2: 1, "g2@aa": 9, "g2@bb": 10 }, fits("aa", "bb")).out).toBe("bb");
  });

  test("of a name that stands twice the later line counts, and a name is not matched within another", () => {
    expect(choose("safe", { g2: 1 }, "unsafe=x\nsafe=a\nsafe=b\n").out).toBe("b");
  });
});

describe("making g3", () => {
  const make = (os: Record<string, number>, more: { nested?: string[]; keep?: number } = {}) =>
    runSubvolumes(`MULTIVERSE_KEEP=${more.keep ?? 3}; multiverse_make_g3 "$OS/g2" auto`, {
      ...{ os: { g2: 1, "g2@a": 2, ...os }, generations: `current=a\n${fits("a")}` },
      ...(more.nested === undefined ? {} : { nested: more.nested }),
    });

  test("without a release that fits it stops, says which there are, and leaves everything as it was", () => {
    const stopped = runSubvolumes('multiverse_make_g3 "$OS/g2" auto', { os: { g2: 1, "g2@a": 2, g3: 3 } });
    expect(stopped).toMatchObject({ status: 9, names: ["g2", "g2@a", "g3"], note: null });
    expect(stopped.out).toBe(`stopped: No release of …/g2 fits kernel ${RUNNING}.`);
  });

  test("the first boot: a snapshot of the release, and the note that the host's status reads", () => {
    const { names, origin, note, status } = make({});
    expect({ names, origin, status }).toEqual({ names: ["g2", "g2@a", "g3"], origin: "…/g2@a", status: 0 });
    expect(parseBootNote(note)).toEqual({ asked: "auto", taken: "a", current: "a" });
  });

  test("one that somebody made subvolumes in stays, whatever its age", () => {
    const { names } = make({ "g3.prev-1": 3, "g3.prev-2": 4, g3: 5 }, { keep: 1, nested: ["g3.prev-1"] });
    expect(names).toEqual(["g2", "g2@a", "g3", "g3.prev-1", "g3.prev-3"]);
  });

  test("g2 and every release are still there, g3 is new, at most `keep` former ones remain, foreign names untouched", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 4 }),
        (numbers, has, keep) => {
          const former = Object.fromEntries(numbers.map((n, index) => [`g3.prev-${n}`, 10 + index]));
          const os = { ...former, ...(has ? { g3: 90 } : {}), "g3.prev-mine": 91 };
          const { names, status, origin } = make(os, { keep });
          expect({ status, origin }).toEqual({ status: 0, origin: "…/g2@a" });
          expect(names).toEqual(expect.arrayContaining(["g2", "g2@a", "g3", "g3.prev-mine"]));
          const left = names.flatMap((name) => (/^g3\.prev-\d+$/.test(name) ? [Number(name.split("-")[1])] : []));
          expect(left.length).toBeLessThanOrEqual(keep);
          if (has && keep > 0) expect(left).toContain(Math.max(0, ...numbers) + 1);
        },
      ),
      { numRuns: 30 },
    );
  });
});
