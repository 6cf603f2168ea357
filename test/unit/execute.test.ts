// The executor on a model of a machine: cut off after any action, it goes on and ends in the same state.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ActionableError, ProgramError } from "../../core/errors.ts";
import type { InstallEvent } from "../../core/execute/events.ts";
import { execute } from "../../core/execute/execute.ts";
import { Journal } from "../../core/execute/journal.ts";
import type { Plan } from "../../core/plan/step.ts";
import { sourceFor } from "../../core/resume.ts";
import type { Action } from "../../core/steps/action.ts";
import type { Argv, Run } from "../../core/tools/run.ts";
import { ModelMachine, PowerCut } from "./model-machine.ts";
import {
  sampleHypervisorPlan,
  sampleInventory,
  sampleMediumPlan,
  sampleMirrorPlan,
  samplePlan,
  sampleSpec,
} from "./sample-host.ts";

const noPrograms: Run = Object.assign(() => Promise.reject(new Error("the model starts no program")), {
  pipe: () => Promise.reject(new Error("the model starts no program")),
});

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const encrypted = {
  root: { ...sampleSpec().root, encryption: "passphrase" as const },
  packages: { set: "minimal" as const, add: ["vim"], mirror: null },
};

function runOn(machine: ModelMachine, plan: Plan, journal: Journal, signal = new AbortController().signal) {
  const events: InstallEvent[] = [];
  const ended = execute(plan, {
    ...{ run: noPrograms, secrets: () => Buffer.from("x"), record: journal, signal, now: () => 0 },
    ...{ onEvent: (event) => events.push(event), perform: async (action: Action) => machine.perform(action) },
  });
  return { events, ended };
}

function modelFor(plan: Plan): ModelMachine {
  const machine = new ModelMachine();
  machine.medium = plan.evidence.sources.medium?.device ?? null;
  return machine;
}

async function install(machine: ModelMachine, plan: Plan): Promise<void> {
  await runOn(machine, plan, Journal.begin(directory, plan)).ended;
}

describe.each([
  ["plain", samplePlan()],
  ["encrypted, with packages", samplePlan(encrypted)],
  ["copied from a second medium", sampleMediumPlan()],
  ["hypervisor", sampleHypervisorPlan()],
  ["mirror", sampleMirrorPlan()],
])("a %s install", (_, plan) => {
  test("finishes on the model, and leaves nothing mounted or imported", async () => {
    const machine = modelFor(plan);
    await install(machine, plan);
    expect(machine.running()).toEqual({ mounts: [], pools: [], keys: [] });
    expect(machine.disk()).toMatchObject({ partitioned: true, unfinished: false, pool: true });
  });

  test("cut off after any number of actions and resumed, it ends as if it had not been", async () => {
    const whole = modelFor(plan);
    await install(whole, plan);
    const wanted = whole.disk();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: whole.performed }), { minLength: 1, maxLength: 3 }),
        async (cuts) => {
          rmSync(directory, { recursive: true, force: true });
          const machine = modelFor(plan);
          let journal = Journal.begin(directory, plan);
          for (const cut of cuts) {
            machine.cutAfter(cut);
            const ended = await runOn(machine, plan, journal).ended.then(
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
          const left = Journal.unfinished(directory)[0];
          if (left !== undefined) await runOn(machine, plan, left).ended;
          expect(machine.disk()).toEqual(wanted);
          expect(machine.running()).toEqual({ mounts: [], pools: [], keys: [] });
        },
      ),
      { numRuns: 80 },
    );
  });

  test("whatever action fails, all is let go; tried again on the same running machine, it goes on", async () => {
    const machine = modelFor(plan);
    const whole = modelFor(plan);
    await install(whole, plan);
    for (let at = 1; at <= whole.performed; at += 1) {
      rmSync(directory, { recursive: true, force: true });
      machine.wipe();
      machine.failAfter(at);
      const first = await runOn(machine, plan, Journal.begin(directory, plan)).ended.catch((error: unknown) => error);
      machine.failAfter(null);
      if (first !== undefined) {
        expect(first).toMatchObject({ exit: 5 });
        expect(machine.running(), `after action ${at} failed`).toEqual({ mounts: [], pools: [], keys: [] });
        const [journal] = Journal.unfinished(directory);
        if (journal === undefined) throw new Error("the journal was lost");
        await runOn(machine, plan, journal).ended;
      }
      expect(machine.disk()).toEqual(whole.disk());
    }
  });
});

describe("a medium that is pulled", () => {
  const plan = sampleMediumPlan();
  const looks: Run = Object.assign(
    async ([program, ...words]: Argv) => {
      const stdout =
        program === "findmnt"
          ? "/dev/sdb2\n"
          : program === "dmesg"
            ? "usb 2-1: USB disconnect, device number 3\nI/O error, dev sdb, sector 77 op 0x0:(READ)\nother\n"
            : "";
      return { argv: [program, ...words] as Argv, exit: program === "test" ? 1 : 0, stdout, stderr: "" };
    },
    { pipe: () => Promise.reject(new Error("the model starts no program")) },
  );

  async function pulledIn(step: string): Promise<{ machine: ModelMachine; whole: ModelMachine; error: unknown }> {
    const whole = modelFor(plan);
    await install(whole, plan);
    rmSync(directory, { recursive: true, force: true });
    const machine = modelFor(plan);
    const events: InstallEvent[] = [];
    const error = await execute(plan, {
      ...{ run: looks, secrets: () => Buffer.from("x"), record: Journal.begin(directory, plan), now: () => 0 },
      ...{ signal: new AbortController().signal, perform: async (action: Action) => machine.perform(action) },
      onEvent: (event) => {
        events.push(event);
        if (event.event === "step" && event.state === "start" && event.id === step) machine.plugged = false;
      },
    }).catch((reason: unknown) => reason);
    expect(machine.running()).toEqual({ mounts: [], pools: [], keys: [] });
    return { machine, whole, error };
  }

  test("in the copy is told in words, with the kernel's; put back, the install goes on to the same end", async () => {
    const { machine, whole, error } = await pulledIn("copy-system");
    expect(error).toMatchObject({
      code: "source-stopped",
      exit: 5,
      message: expect.stringContaining("stopped answering"),
    });
    expect((error as ActionableError).evidence).toEqual([
      "Kingston X, 29 GiB: /dev/sdb2 is gone",
      expect.stringContaining("Input/output error"),
      "kernel: usb 2-1: USB disconnect, device number 3",
      "kernel: I/O error, dev sdb, sector 77 op 0x0:(READ)",
    ]);
    const [journal] = Journal.unfinished(directory);
    if (journal === undefined) throw new Error("the journal was lost");
    const again = await runOn(machine, plan, journal).ended.catch((reason: unknown) => reason);
    expect(again).toMatchObject({ exit: 5 });
    expect(machine.running()).toEqual({ mounts: [], pools: [], keys: [] });
    machine.plugged = true;
    await runOn(machine, plan, Journal.open(journal.directory)).ended;
    expect(machine.disk()).toEqual(whole.disk());
  });

  test("before the disk is touched leaves it as it was", async () => {
    const { machine } = await pulledIn("attach-source");
    expect(machine.disk()).toEqual(new ModelMachine().disk());
  });

  test("and does not come back: another source with the same image finishes the install", async () => {
    const { machine } = await pulledIn("copy-system");
    const [journal] = Journal.unfinished(directory);
    const inventory = sampleInventory();
    const changed = journal?.changeEvidence(sourceFor(plan, null, inventory));
    if (changed === undefined) throw new Error("the journal was lost");
    expect(changed.plan.hash).toBe(plan.hash);
    await runOn(machine, changed.plan, Journal.open(changed.directory)).ended;
    expect(machine.running()).toEqual({ mounts: [], pools: [], keys: [] });
    expect(machine.disk()).toMatchObject({ pool: true, unfinished: false });
  });
});

test("a failed program is told with its last words and what to do", async () => {
  const machine = new ModelMachine();
  machine.failAfter(
    3,
    new ProgramError(["sfdisk", "/dev/x"], "exit", 1, "one\nsfdisk: cannot open: No space left on device\n"),
  );
  const plan = samplePlan();
  const { events, ended } = runOn(machine, plan, Journal.begin(directory, plan));
  const error = await ended.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ActionableError);
  expect(events.at(-1)).toMatchObject({ event: "failed", index: 1, error: { code: "step-failed" } });
  expect(error).toMatchObject({ exit: 5, code: "step-failed", message: expect.stringContaining("step 1 of") });
  expect((error as ActionableError).evidence.join("\n")).toContain("The target is full");
  expect((error as ActionableError).hint).toContain("--resume");
});

test("an interrupt in the middle is exit 6 and says that nothing is lost", async () => {
  const control = new AbortController();
  const machine = new ModelMachine();
  machine.before = (count) => {
    if (count === 12) {
      control.abort();
      throw new ProgramError(["dd"], "signal", null, "");
    }
  };
  const plan = samplePlan();
  const error = await runOn(machine, plan, Journal.begin(directory, plan), control.signal).ended.catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ exit: 6, code: "interrupted" });
  expect(machine.running()).toEqual({ mounts: [], pools: [], keys: [] });
});

describe("the journal", () => {
  test("a last line cut in half is as if it had not been written", () => {
    const plan = samplePlan();
    const journal = Journal.begin(directory, plan);
    journal.write("intent", "a");
    journal.write("done", "a");
    journal.write("intent", "b");
    const path = join(journal.directory, "steps.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").slice(0, -7));
    const read = Journal.open(journal.directory);
    expect([...read.done]).toEqual(["a"]);
    expect(read.begun).toBeNull();
  });

  test("damage in the middle, or a plan that is not the one hashed, is refused", () => {
    const journal = Journal.begin(directory, samplePlan());
    journal.write("intent", "a");
    writeFileSync(join(journal.directory, "steps.jsonl"), '{"v":1,"sta\n{"v":1,"state":"done","step":"a"}\n');
    expect(() => Journal.open(journal.directory)).toThrow(expect.objectContaining({ code: "journal-damaged" }));
    const other = Journal.begin(directory, samplePlan({ salt: "x" }));
    const path = join(other.directory, "plan.json");
    writeFileSync(path, readFileSync(path, "utf8").replace("saturn", "uranus"));
    expect(() => Journal.open(other.directory)).toThrow(expect.objectContaining({ code: "journal-damaged" }));
  });
});
