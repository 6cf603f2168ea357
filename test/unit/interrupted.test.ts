// Signals at every action of a plan, on the model of a machine: what is left, what the exit code is, and that it goes on.
import { describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { execute, type StepRecord } from "../../core/execute/execute.ts";
import type { JournalState } from "../../core/execute/journal.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Action } from "../../core/steps/action.ts";
import type { Run } from "../../core/tools/run.ts";
import { ModelMachine, PowerCut } from "./model-machine.ts";
import { sampleHypervisorPlan, sampleMediumPlan, samplePlan, sampleSpec } from "./sample-host.ts";

const noPrograms: Run = Object.assign(() => Promise.reject(new Error("the model starts no program")), {
  pipe: () => Promise.reject(new Error("the model starts no program")),
});

/** What a journal keeps over an end of the installer, in memory: the real one is made durable line by line. */
class MemoryRecord implements StepRecord {
  private finished = false;
  private readonly steps = new Set<string>();
  begun: string | null = null;

  get done(): ReadonlySet<string> {
    return this.steps;
  }
  write(state: JournalState, step?: string): void {
    if (state === "finished") this.finished = true;
    if (state === "intent") this.begun = step ?? null;
    if (state !== "done" || step === undefined) return;
    this.steps.add(step);
    this.begun = null;
  }
  /** As the next start reads it. */
  again(): StepRecord {
    if (this.finished) throw new Error("the install was finished");
    return this;
  }
}

const NOTHING = { mounts: [], pools: [], keys: [] };

async function runOn(
  machine: ModelMachine,
  plan: Plan,
  record: StepRecord,
  signal = new AbortController().signal,
): Promise<void> {
  await execute(plan, {
    ...{ run: noPrograms, secrets: () => Buffer.from("x"), record, signal, now: () => 0, onEvent: () => {} },
    perform: async (action: Action, by) => {
      by.signal.throwIfAborted();
      machine.perform(action);
    },
  });
}

function modelFor(plan: Plan): ModelMachine {
  const machine = new ModelMachine();
  machine.medium = plan.evidence.sources.medium?.device ?? null;
  return machine;
}

const encrypted = {
  root: { ...sampleSpec().root, encryption: "passphrase" as const },
  packages: { set: "minimal" as const, add: ["vim"], mirror: null },
};

describe.each([
  ["plain", samplePlan()],
  ["encrypted, with packages", samplePlan(encrypted)],
  ["copied from a second medium", sampleMediumPlan()],
  ["hypervisor", sampleHypervisorPlan()],
])("a %s install", (_, plan) => {
  /** An install that is not interrupted: how many actions it has, and what the disk holds in the end. */
  async function whole(): Promise<ModelMachine> {
    const machine = modelFor(plan);
    await runOn(machine, plan, new MemoryRecord());
    return machine;
  }

  test("SIGINT or SIGTERM before any action, or in the middle of it: exit code 6, all is let go, and it goes on", async () => {
    const { performed, ...done } = await whole().then((machine) => ({
      performed: machine.performed,
      disk: machine.disk(),
    }));
    for (const inTheMiddle of [false, true]) {
      for (let at = 1; at <= performed; at += 1) {
        const record = new MemoryRecord();
        const machine = modelFor(plan);
        const control = new AbortController();
        machine.before = (count) => {
          if (count !== at) return;
          control.abort(new Error("ended by SIGINT"));
          // What the signal ended had done half of its work, or nothing.
          if (inTheMiddle) throw new ProgramError(["x"], "signal", null, "");
        };
        const error = await runOn(machine, plan, record, control.signal).catch((reason: unknown) => reason);
        // The last action's end is the end of the install.
        if (error === undefined) expect(at).toBe(performed);
        else {
          expect(error, `at action ${at}`).toMatchObject({ exit: 6, code: "interrupted" });
          expect(machine.running(), `at action ${at}`).toEqual(NOTHING);
          machine.before = () => {};
          await runOn(machine, plan, record.again());
        }
        expect(machine.disk()).toEqual(done.disk);
        expect(machine.running()).toEqual(NOTHING);
      }
    }
  });

  test("kill -9 at any action leaves everything as it is, and the next start goes on all the same", async () => {
    const { performed, disk } = await whole().then((machine) => ({
      performed: machine.performed,
      disk: machine.disk(),
    }));
    for (let at = 1; at <= performed; at += 1) {
      const record = new MemoryRecord();
      const machine = modelFor(plan);
      machine.cutAfter(at - 1);
      await expect(runOn(machine, plan, record)).rejects.toBeInstanceOf(PowerCut);
      machine.cutAfter(null);
      const again = await runOn(machine, plan, record.again()).catch((reason: unknown) => reason);
      expect(again, `at action ${at}`).toBeUndefined();
      expect(machine.disk(), `at action ${at}`).toEqual(disk);
      expect(machine.running()).toEqual(NOTHING);
    }
  });
});
