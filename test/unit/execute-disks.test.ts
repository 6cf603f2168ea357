// The executor on a model of a machine without ZFS: whatever the root lies on, cut off after any action it goes on and ends in
// the same state, with nothing left open.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { execute } from "../../core/execute/execute.ts";
import { Journal } from "../../core/execute/journal.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Action } from "../../core/steps/action.ts";
import type { Run } from "../../core/tools/run.ts";
import { DiskMachine } from "./disk-machine.ts";
import { PowerCut } from "./model-machine.ts";
import { diskPlan, SAMPLE_ROOTS } from "./sample-roots.ts";

const noPrograms: Run = Object.assign(() => Promise.reject(new Error("the model starts no program")), {
  pipe: () => Promise.reject(new Error("the model starts no program")),
});

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const runOn = (machine: DiskMachine, plan: Plan, journal: Journal): Promise<void> =>
  execute(plan, {
    ...{ run: noPrograms, secrets: () => Buffer.from("x"), record: journal, now: () => 0, onEvent: () => {} },
    ...{ signal: new AbortController().signal, perform: async (action: Action) => machine.perform(action) },
  });

async function whole(plan: Plan): Promise<DiskMachine> {
  const machine = new DiskMachine(plan);
  await runOn(machine, plan, Journal.begin(directory, plan));
  rmSync(directory, { recursive: true, force: true });
  return machine;
}

const CLOSED = { mounts: [], opened: [] };

describe.each(Object.entries(SAMPLE_ROOTS).map(([name, root]) => [name, diskPlan(root)] as const))("%s", (_, plan) => {
  test("finishes on the model and leaves nothing open", async () => {
    const machine = await whole(plan);
    expect(machine.running()).toEqual(CLOSED);
    expect(machine.disk()).toMatchObject({ unfinished: false });
  });

  test("cut off after any number of actions and resumed, it ends as if it had not been", async () => {
    const uncut = await whole(plan);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: uncut.performed }), { minLength: 1, maxLength: 3 }),
        async (cuts) => {
          rmSync(directory, { recursive: true, force: true });
          const machine = new DiskMachine(plan);
          let journal = Journal.begin(directory, plan);
          for (const cut of cuts) {
            machine.cutAfter(cut);
            const ended = await runOn(machine, plan, journal).then(
              () => "done",
              (error: unknown) => error,
            );
            if (ended === "done") break;
            expect(ended).toBeInstanceOf(PowerCut);
            machine.restart();
            const [found] = Journal.unfinished(directory);
            if (found === undefined) throw new Error("the journal was lost");
            journal = found;
          }
          machine.cutAfter(null);
          const [left] = Journal.unfinished(directory);
          if (left !== undefined) await runOn(machine, plan, left);
          expect(machine.disk()).toEqual(uncut.disk());
          expect(machine.running()).toEqual(CLOSED);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("whatever action fails, all is let go; tried again on the same running machine, it goes on", async () => {
    const uncut = await whole(plan);
    for (let at = 1; at <= uncut.performed; at += 1) {
      rmSync(directory, { recursive: true, force: true });
      const machine = new DiskMachine(plan);
      machine.failAfter(at);
      const first = await runOn(machine, plan, Journal.begin(directory, plan)).catch((error: unknown) => error);
      machine.failAfter(null);
      if (first !== undefined) {
        expect(first).toMatchObject({ exit: 5 });
        expect(machine.running(), `after action ${at} failed`).toEqual(CLOSED);
        const [journal] = Journal.unfinished(directory);
        if (journal === undefined) throw new Error("the journal was lost");
        await runOn(machine, plan, journal);
      }
      expect(machine.disk(), `after action ${at} failed`).toEqual(uncut.disk());
    }
  });
});
