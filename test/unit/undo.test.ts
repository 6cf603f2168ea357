// Used disks on the model: nothing is overwritten that is not saved, and until the first file system all of it comes back.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { execute } from "../../core/execute/execute.ts";
import { makePlan } from "../../core/plan/make-plan.ts";
import { rangesOf } from "../../core/plan/saved-ranges.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Action } from "../../core/steps/action.ts";
import { actionsOf } from "../../core/steps/kinds.ts";
import type { Run } from "../../core/tools/run.ts";
import { type UndoRecord, undoJournal } from "../../core/undo.ts";
import { ModelMachine, PowerCut } from "./model-machine.ts";
import { sampleDisk, sampleInventory, samplePlan, sampleSpec } from "./sample-host.ts";
import { placesOf, setUp, type UsedDisk, usedDisk } from "./used-disk.ts";

const GIB = 1024 ** 3;
const TARGET = "/dev/disk/by-id/virtio-MVTARGET01";
const ARCHIVE = "/run/multiverse/state/saved/virtio-MVTARGET01/ranges.tar.zst";
const OTHER = sampleDisk({ id: "ata-OTHER", serial: "OTHER", path: "/dev/sda", kname: "sda" });

const noPrograms: Run = Object.assign(() => Promise.reject(new Error("the model starts no program")), {
  pipe: () => Promise.reject(new Error("the model starts no program")),
});

const planFor = (disk: UsedDisk["disk"]): Plan =>
  makePlan(sampleSpec({ esp: { size: GIB } }), sampleInventory({ disks: [disk, OTHER] }), {
    ...{ now: 1, saveTo: "/run/multiverse/state" },
  });

/** A journal that costs no sync: ten thousand of them are written here. */
function record(plan: Plan): UndoRecord & { done: Set<string>; begun: string | null; states: string[] } {
  const journal = {
    ...{ plan, directory: "/journal", done: new Set<string>(), begun: null as string | null, states: [] as string[] },
    write(state: string, step?: string) {
      journal.states.push(state);
      if (state === "intent") journal.begun = step ?? null;
      if (state === "done" && step !== undefined) journal.done.add(step);
      if (state === "done") journal.begun = null;
    },
  };
  return journal;
}

type Record = ReturnType<typeof record>;
const quiet = { run: noPrograms, signal: new AbortController().signal, onEvent: () => {} };

const until = (machine: ModelMachine, journal: Record, step?: string) =>
  execute(journal.plan, {
    ...{ ...quiet, secrets: () => Buffer.from("x"), record: journal, now: () => 0 },
    ...{ perform: async (action: Action) => machine.perform(action), ...(step === undefined ? {} : { until: step }) },
  });

const putBack = (machine: ModelMachine, journal: Record) =>
  undoJournal(journal, { ...quiet, perform: async (action: Action) => machine.perform(action) });

async function cutOff(machine: ModelMachine, after: number, work: () => Promise<unknown>): Promise<boolean> {
  machine.cutAfter(after);
  const ended = await work().then(
    () => null,
    (error: unknown) => error,
  );
  machine.cutAfter(null);
  if (ended !== null)
    expect(ended instanceof PowerCut || causedBy(ended) instanceof PowerCut, String(ended)).toBe(true);
  machine.restart();
  return ended !== null;
}

const causedBy = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

function modelFor(used: UsedDisk): ModelMachine {
  const machine = new ModelMachine();
  setUp(machine.blocks, used);
  return machine;
}

/** Actions up to the line of no return. */
const beforeTheLine = (plan: Plan): Action[] =>
  plan.steps
    .slice(
      0,
      plan.steps.findIndex(({ risk }) => risk === "no-way-back"),
    )
    .flatMap((step) => actionsOf(step, "actions", plan.evidence));

describe("what is saved and cleared", () => {
  const extents = fc.integer({ min: 8192, max: 2 ** 41 }).chain((size) =>
    fc
      .array(fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 1, max: size })), { maxLength: 8 })
      .map((list) => ({
        size,
        list: list.map(([start, bytes]) => ({ start, size: Math.min(bytes, size - start) })),
      })),
  );

  test("has every place where a tool looks, of the disk and of each partition; in order, in whole pages, on the disk", () => {
    fc.assert(
      fc.property(extents, ({ size, list }) => {
        const all = [{ start: 0, size }, ...list];
        const ranges = rangesOf(size, all).map(({ start, bytes }) => [Number(start), Number(start) + Number(bytes)]);
        let free = 0;
        for (const [start = 0, end = 0] of ranges) {
          expect(start).toBeGreaterThanOrEqual(free);
          expect(start % 4096).toBe(0);
          expect(end % 4096 === 0 || end === size).toBe(true);
          expect(end).toBeLessThanOrEqual(size);
          free = end;
        }
        for (const place of all.flatMap((extent) => placesOf(extent.start, extent.size))) {
          const has = ranges.some(([start = 0, end = 0]) => start <= place.start && place.end <= end);
          if (!has) expect.unreachable(`${place.start}–${place.end} of ${size} is left out`);
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test("is some MiB of a disk with three partitions that gets three others", () => {
    const partitions = [
      { start: 2048 * 512, size: GIB },
      { start: GIB + 2048 * 512, size: 5 * GIB },
      { start: 6 * GIB + 2048 * 512, size: 5 * GIB },
    ];
    const bytes = rangesOf(12 * GIB, [{ start: 0, size: 12 * GIB }, ...partitions, { start: 5 * GIB, size: GIB / 2 }]);
    expect(bytes.reduce((sum, range) => sum + Number(range.bytes), 0)).toBeLessThan(16 * 1024 ** 2);
  });
});

describe("before the first file system", () => {
  test("nothing is overwritten that the archive, complete by then, does not have; no other disk is written; all is clear in the end", async () => {
    await fc.assert(
      fc.asyncProperty(usedDisk, async (used) => {
        const machine = modelFor(used);
        const { blocks } = machine;
        const plan = planFor(used.disk);
        const saved = plan.steps.flatMap(({ data }) => (data.kind === "save-table" ? (data.ranges ?? []) : []));
        for (const action of beforeTheLine(plan)) {
          const [written, complete] = [blocks.writes.length, blocks.files.has(ARCHIVE)];
          machine.perform(action);
          for (const { disk, start, bytes, by } of blocks.writes.slice(written)) {
            expect(disk, by).toBe(TARGET);
            expect(complete, `${by} before everything is saved`).toBe(true);
            const has = saved.some(
              (range) => Number(range.start) <= start && start + bytes <= Number(range.start) + Number(range.bytes),
            );
            expect(has, `${by} writes ${start}+${bytes}, which is not saved`).toBe(true);
          }
        }
        expect(blocks.open()).toEqual([]);
        expect(blocks.writes.length).toBeGreaterThan(3);
      }),
      { numRuns: 1000 },
    );
  });

  test("cut off anywhere, also while it is put back, the disk is as it was", async () => {
    const cuts = fc.tuple(fc.nat(), fc.array(fc.nat({ max: 200 }), { maxLength: 2 }));
    await fc.assert(
      fc.asyncProperty(usedDisk, cuts, async (used, [first, more]) => {
        const machine = modelFor(used);
        const plan = planFor(used.disk);
        const journal = record(plan);
        await cutOff(machine, first % beforeTheLine(plan).length, () => until(machine, journal));
        for (const cut of more) await cutOff(machine, cut, () => putBack(machine, journal));
        const { restored } = await putBack(machine, journal);
        expect(machine.blocks.changed()).toEqual([]);
        expect(restored).toBe(journal.states.includes("undoing"));
        expect(journal.states.at(-1)).toBe("undone");
      }),
      { numRuns: 500 },
    );
  });

  test("cut off anywhere and resumed, it ends as if it had not been", async () => {
    await fc.assert(
      fc.asyncProperty(usedDisk, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), async (used, cuts) => {
        const plan = planFor(used.disk);
        const whole = modelFor(used);
        await until(whole, record(plan), "partition");
        const machine = modelFor(used);
        const journal = record(plan);
        for (const cut of cuts)
          await cutOff(machine, cut % whole.performed, () => until(machine, journal, "partition"));
        await until(machine, journal, "partition");
        expect(machine.blocks.changed()).toEqual(whole.blocks.changed());
        expect(machine.blocks.open()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("stopped after the table is written, and a change of mind: the disk is as it was", async () => {
    const machine = modelFor({ disk: sampleDisk(), signatures: [{ start: 1024, end: 1152 }] });
    const journal = record(samplePlan());
    expect(await until(machine, journal, "partition")).toBe(false);
    expect(machine.blocks.changed()).not.toEqual([]);
    expect(await putBack(machine, journal)).toMatchObject({ restored: true });
    expect(machine.blocks.changed()).toEqual([]);
  });

  test("stopped before anything was erased there is nothing to put back", async () => {
    const machine = modelFor({ disk: sampleDisk(), signatures: [] });
    const journal = record(samplePlan());
    await until(machine, journal, "save-table");
    const written = machine.blocks.writes.length;
    expect(await putBack(machine, journal)).toMatchObject({ restored: false });
    expect(machine.blocks.writes.length).toBe(written);
  });
});

describe("refusals", () => {
  test.each(["make-esp", "create-pool"])(
    "once %s has begun it is too late, and the disk is left alone",
    async (step) => {
      const machine = modelFor({ disk: sampleDisk(), signatures: [] });
      const journal = record(samplePlan());
      await until(machine, journal, step);
      const changed = machine.blocks.changed();
      await expect(putBack(machine, journal)).rejects.toMatchObject({
        ...{ code: "undo-too-late", exit: 4, hint: expect.stringContaining("--resume") },
        evidence: expect.arrayContaining([expect.stringContaining('"make the EFI file system"')]),
      });
      expect(machine.blocks.changed()).toEqual(changed);
      expect(journal.states).not.toContain("undoing");
    },
  );

  test("begun is enough: nobody knows what of it reached the disk", async () => {
    const machine = modelFor({ disk: sampleDisk(), signatures: [] });
    const journal = record(samplePlan());
    await until(machine, journal, "partition");
    journal.write("intent", "make-esp");
    await expect(putBack(machine, journal)).rejects.toMatchObject({ code: "undo-too-late" });
  });

  test("a damaged archive is not put back, and can be mended", async () => {
    const machine = modelFor({ disk: sampleDisk(), signatures: [] });
    const journal = record(samplePlan());
    await until(machine, journal, "partition");
    const kept = machine.blocks.files.get(ARCHIVE);
    machine.blocks.files.set(ARCHIVE, "damaged");
    const changed = machine.blocks.changed();
    await expect(putBack(machine, journal)).rejects.toMatchObject({ exit: 5 });
    expect(machine.blocks.changed()).toEqual(changed);
    machine.blocks.files.set(ARCHIVE, kept ?? "");
    await putBack(machine, journal);
    expect(machine.blocks.changed()).toEqual([]);
  });

  test("an earlier archive of the same disk is kept", async () => {
    const machine = modelFor({ disk: sampleDisk(), signatures: [] });
    for (const _ of [1, 2, 3]) await until(machine, record(samplePlan()), "save-table");
    const archives = [...machine.blocks.files.keys()].filter((path) => path.endsWith("/ranges.tar.zst"));
    expect(archives).toHaveLength(3);
  });
});
