// Installs on a pool that exists, on a model: cut off anywhere they go on or are taken back, and what others have is never another.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { execute } from "../../core/execute/execute.ts";
import { sha256 } from "../../core/plan/derive.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Action } from "../../core/steps/action.ts";
import type { Run } from "../../core/tools/run.ts";
import { type UndoRecord, undoJournal } from "../../core/undo.ts";
import { espFacts, existingPlan, OUR_MENU, poolFacts, WINDOWS } from "./existing-host.ts";
import { PowerCut } from "./model-machine.ts";
import { PoolMachine, type PoolState } from "./pool-machine.ts";

const noPrograms: Run = Object.assign(() => Promise.reject(new Error("the model starts no program")), {
  pipe: () => Promise.reject(new Error("the model starts no program")),
});
const quiet = { run: noPrograms, signal: new AbortController().signal, onEvent: () => {} };

function record(plan: Plan): UndoRecord & { done: Set<string>; begun: string | null } {
  const journal = {
    ...{ plan, directory: "/journal", done: new Set<string>(), begun: null as string | null },
    write(state: string, step?: string) {
      if (state === "intent") journal.begun = step ?? null;
      if (state === "done" && step !== undefined) journal.done.add(step);
      if (state === "done") journal.begun = null;
    },
  };
  return journal;
}

type Journal = ReturnType<typeof record>;

const go = (machine: PoolMachine, journal: Journal) =>
  execute(journal.plan, {
    ...{ ...quiet, secrets: () => Buffer.from("x"), record: journal, now: () => 0 },
    perform: async (action: Action) => machine.perform(action),
  });

const takeBack = (machine: PoolMachine, journal: Journal) =>
  undoJournal(journal, { ...quiet, perform: async (action: Action) => machine.perform(action) });

const ofOthers = (esp: Record<string, string>): PoolState => ({
  ...{ lastUser: null, holds: [], esp, entries: ["Windows Boot Manager"] },
  sets: {
    tank: { properties: { compression: "zstd" }, files: [] },
    "tank/home": { properties: { mountpoint: "/home" }, files: ["letters"] },
    "tank/saturn": { properties: { "multiverse:hostid": "aabbccdd" }, files: [] },
    "tank/saturn/os": { properties: {}, files: [] },
    "tank/saturn/os/g2": { properties: {}, files: ["its system"] },
  },
});

const OURS = {
  "/efi/refind/multiverse.conf": OUR_MENU,
  "/efi/boot/multiverse.conf": OUR_MENU,
  "/efi/boot/bootx64.efi": "rEFInd",
};
const THEIRS = { "/efi/boot/bootx64.efi": "Windows", "/efi/microsoft/boot/bootmgfw.efi": "Windows" };

const windows = { esps: [espFacts(1, { paths: WINDOWS, menus: [] })] };
const taken = poolFacts({ lastUser: { hostid: "0000beef", name: "ada-pc" } });

const CASES: [string, Plan, PoolState][] = [
  ["beside a system of ours", existingPlan(), ofOthers(OURS)],
  ["encrypted", existingPlan({ encryption: "passphrase" }), ofOthers(OURS)],
  ["beside Windows", existingPlan({}, windows), ofOthers(THEIRS)],
  [
    "in the place of the fallback loader",
    existingPlan({}, windows, { spec: { esp: { size: 0, fallback: "replace" } } }),
    ofOthers(THEIRS),
  ],
  [
    "on a pool that is taken over",
    existingPlan({ takeOverFrom: "ada-pc" }, { pools: [taken] }),
    { ...ofOthers(OURS), lastUser: "0000beef" },
  ],
];

/** What is not this install's, as it is now. */
function others({ sets, esp, entries }: PoolState) {
  return {
    sets: Object.entries(sets).filter(([name]) => !/^tank\/jupiter(\/|@|$)/.test(name)),
    esp: Object.entries(esp).filter(([path]) => !path.startsWith("/efi/multiverse/") && !/multiverse\.conf$/.test(path)),
    entries: entries.filter((label) => !label.startsWith("Multiverse")),
  };
}

async function cutOff(machine: PoolMachine, after: number, work: () => Promise<unknown>): Promise<boolean> {
  machine.cutAfter(after);
  const ended = await work().then(
    () => null,
    (error: unknown) => error,
  );
  machine.cutAfter(null);
  const cut = ended instanceof PowerCut || (ended instanceof Error && ended.cause instanceof PowerCut);
  if (ended !== null) expect(cut, String(ended)).toBe(true);
  machine.restart();
  return cut;
}

describe.each(CASES)("an install %s", (_, plan, before) => {
  const whole = new PoolMachine("tank", before);
  const install = async () => {
    if (whole.performed === 0) await go(whole, record(plan));
    return whole;
  };

  test("ends with the new system, its entry, and everything of others as it was", async () => {
    const machine = await install();
    const after = machine.disk();
    expect(machine.open()).toEqual({ mounts: [], imported: null, hostid: "00000000" });
    expect(after.lastUser).toBeNull();
    expect(after.sets["tank/jupiter"]?.properties["multiverse:unfinished"]).toBeUndefined();
    expect(Object.keys(after.sets)).toContain("tank/jupiter/rec/g1@recovery");
    if (before.esp === OURS) {
      expect(others(after)).toEqual(others(new PoolMachine("tank", before).disk()));
      const menu = after.esp["/efi/refind/multiverse.conf"] ?? "";
      expect(menu.startsWith(OUR_MENU)).toBe(true);
      expect(menu.slice(OUR_MENU.length)).toContain('menuentry "jupiter.example.net" {');
      expect(after.esp["/efi/boot/bootx64.efi"]).toBe("rEFInd");
    } else {
      expect(after.esp["/efi/microsoft/boot/bootmgfw.efi"]).toBe("Windows");
      const kept = after.esp["/efi/boot/before-multiverse.efi"] ?? after.esp["/efi/boot/bootx64.efi"];
      expect(kept).toBe("Windows");
      expect(after.entries).toEqual(["Windows Boot Manager", "Multiverse jupiter.example.net (jupiter)"]);
    }
  });

  test("cut off anywhere, up to three times, it goes on to the same end", async () => {
    const wanted = (await install()).disk();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: whole.performed }), { minLength: 1, maxLength: 3 }),
        async (cuts) => {
          const machine = new PoolMachine("tank", before);
          const journal = record(plan);
          for (const cut of cuts) if (!(await cutOff(machine, cut, () => go(machine, journal)))) break;
          await go(machine, journal);
          expect(machine.disk()).toEqual(wanted);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("cut off anywhere and taken back, cut off in that, too, nothing is left of it", async () => {
    const { performed } = await install();
    const was = new PoolMachine("tank", before).disk();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: performed - 1 }),
        fc.option(fc.integer({ min: 0, max: 60 })),
        async (cut, again) => {
          const machine = new PoolMachine("tank", before);
          const journal = record(plan);
          await cutOff(machine, cut, () => go(machine, journal));
          if (again !== null) await cutOff(machine, again, () => takeBack(machine, journal));
          await takeBack(machine, journal);
          const now = machine.disk();
          expect({ ...now, lastUser: null }).toEqual({ ...was, lastUser: null });
          expect(machine.open()).toMatchObject({ mounts: [], imported: null });
        },
      ),
      { numRuns: 400 },
    );
  });

  test("whatever fails, all is let go, and tried again it ends the same", async () => {
    const wanted = (await install()).disk();
    for (let at = 1; at <= whole.performed; at += 1) {
      const machine = new PoolMachine("tank", before);
      const journal = record(plan);
      machine.failAfter(at);
      await go(machine, journal).catch(() => {});
      machine.failAfter(null);
      expect(machine.open(), `after action ${at} failed`).toEqual({ mounts: [], imported: null, hostid: "00000000" });
      await go(machine, journal);
      expect(machine.disk()).toEqual(wanted);
    }
  });
});

describe("what has changed meanwhile is not touched", () => {
  const [, plan, before] = CASES[0] ?? [];
  if (plan === undefined || before === undefined) throw new Error("there is no first case");

  test("a data set of the same name that somebody has made", async () => {
    const machine = new PoolMachine("tank", {
      ...before,
      sets: { ...before.sets, "tank/jupiter": { properties: {}, files: ["mine"] } },
    });
    await expect(go(machine, record(plan))).rejects.toThrow();
    expect(machine.disk().sets["tank/jupiter"]).toEqual({ properties: {}, files: ["mine"] });
  });

  test("nor by going on, nor by taking back, where ours was destroyed and another put there", async () => {
    const machine = new PoolMachine("tank", {
      ...before,
      sets: { ...before.sets, "tank/jupiter": { properties: { "multiverse:unfinished": "0" }, files: ["mine"] } },
    });
    for (const act of [go, takeBack]) {
      const journal = record(plan);
      for (const { id } of plan.steps.slice(0, 3)) journal.done.add(id);
      journal.begun = "create-datasets";
      await expect(act(machine, journal)).rejects.toThrow();
      machine.restart();
      expect(machine.disk().sets["tank/jupiter"]?.files).toEqual(["mine"]);
    }
  });

  test("a pool that another host has used since the cut stays shut, and says who", async () => {
    const machine = new PoolMachine("tank", before);
    const journal = record(plan);
    await cutOff(machine, 60, () => go(machine, journal));
    machine.usedBy("00c0ffee");
    await expect(go(machine, journal)).rejects.toThrow(
      expect.objectContaining({ evidence: expect.arrayContaining([expect.stringContaining("hostid=00c0ffee")]) }),
    );
  });

  test("a menu that somebody has edited is not written", async () => {
    const machine = new PoolMachine("tank", {
      ...before,
      esp: { ...before.esp, "/efi/refind/multiverse.conf": `${OUR_MENU}# mine\n` },
    });
    await expect(go(machine, record(plan))).rejects.toThrow(expect.objectContaining({ code: "menu-changed" }));
    expect(sha256(machine.disk().esp["/efi/refind/multiverse.conf"] ?? "")).toBe(sha256(`${OUR_MENU}# mine\n`));
  });
});
