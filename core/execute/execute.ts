// Runs a plan's steps in order: intent, actions, done; goes on where a journal says it stopped.
import { ActionableError, EXIT, ProgramError } from "../errors.ts";
import type { Plan, Step } from "../plan/step.ts";
import type { Action } from "../steps/action.ts";
import { actionsOf, type Phase } from "../steps/kinds.ts";
import type { Run } from "../tools/run.ts";
import type { ErrorReport, OnEvent } from "./events.ts";
import type { JournalState } from "./journal.ts";
import { loggedRun } from "./logged-run.ts";
import { type Performer, perform } from "./perform.ts";
import { progressOf } from "./progress.ts";
import type { Secrets } from "./secrets.ts";
import { sourceStopped } from "./source-stopped.ts";

/** What the executor needs of a journal: tests give one in memory. */
export interface StepRecord {
  done: ReadonlySet<string>;
  begun: string | null;
  write(state: JournalState, step?: string): void;
}

export interface ExecuteOptions {
  run: Run;
  secrets: Secrets;
  record: StepRecord;
  onEvent: OnEvent;
  signal: AbortSignal;
  /** Milliseconds on a clock that only goes forward. */
  now?: () => number;
  /** How an action is performed; tests put a model of a machine here. */
  perform?: (action: Action, by: Performer) => Promise<void>;
  /** The step, by its id, after which it stops as if it had been interrupted. */
  until?: string;
  /** After each finished step, for instance to copy the journal to the target. */
  afterStep?: (step: Step) => void;
}

/**
 * Steps that are done are skipped, but what they left in the running system (pool, keys, mounts) is brought back first.
 * A step that was begun is brought back to its start by its `redo` and then done in full. Before any of it, whatever an
 * installer that was killed had left open is let go of.
 * Resolves with whether it is finished; it is not where `until` stopped it.
 * Throws what stopped it, with an exit code of 5 or 6; the journal then stands at that step.
 */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<boolean> {
  const { record, onEvent, signal } = options;
  const now = options.now ?? (() => performance.now());
  const act = options.perform ?? perform;
  const run = loggedRun(options.run, (line) => onEvent({ event: "log", line }), now);
  const entered: Step[] = [];
  let current: number | null = null;
  try {
    // The installer before us may have been killed: what it had mounted and imported would be in the way.
    if (record.done.size > 0 || record.begun !== null) await letGo(plan.steps, plan, { ...options, run }, act);
    for (const [index, step] of plan.steps.entries()) {
      current = index;
      const tell = (state: "start" | "done" | "skipped", ms?: number) =>
        onEvent({
          ...{ event: "step", state, index: index + 1, of: plan.steps.length, id: step.id, title: step.title },
          ...(ms === undefined ? {} : { ms: Math.round(ms) }),
        });
      const progress = progressOf(index + 1, now);
      const by: Performer = {
        ...{ run, secrets: options.secrets, signal },
        onBytes: (bytes, total) => onEvent(progress(bytes, total)),
        onWarning: (message) => onEvent({ event: "warning", message }),
      };
      const all = async (phase: Phase) => {
        for (const action of actionsOf(step, phase, plan.evidence)) await act(action, by);
      };
      entered.push(step);
      if (record.done.has(step.id)) {
        await all("restore");
        tell("skipped");
        if (step.id !== options.until) continue;
        break;
      }
      const began = now();
      tell("start");
      record.write("intent", step.id);
      if (record.begun === step.id) await all("redo");
      await all("actions");
      record.write("done", step.id);
      options.afterStep?.(step);
      tell("done", now() - began);
      if (step.id === options.until) break;
    }
    const last = entered.at(-1);
    if (last !== plan.steps.at(-1)) {
      await letGo(entered, plan, { ...options, run }, act);
      onEvent({ event: "stopped", index: entered.length, of: plan.steps.length, title: last?.title ?? "" });
      return false;
    }
    record.write("finished");
    return true;
  } catch (error) {
    // Before the mounts go: they know which device it was. Not logged: the kernel's whole log would be in it.
    const source = signal.aborted ? null : await sourceStopped(error, plan.evidence, options.run);
    await letGo(entered, plan, { ...options, run }, act);
    const explained = source ?? explain(error, plan, current, signal);
    onEvent({ event: "failed", index: current === null ? null : current + 1, error: report(explained) });
    throw explained;
  }
}

/** Unmounts and exports what is open, so that the machine can be switched off or the install tried again. Never throws. */
export async function letGo(
  entered: readonly Step[],
  plan: Plan,
  options: Pick<ExecuteOptions, "run">,
  act: typeof perform = perform,
): Promise<void> {
  const by: Performer = {
    ...{ run: options.run, secrets: noSecret, signal: new AbortController().signal },
    ...{ onBytes: () => {}, onWarning: () => {} },
  };
  for (const step of [...entered].reverse()) {
    for (const action of actionsOf(step, "release", plan.evidence)) {
      // The first error is what the person must see; a failure to tidy up after it would hide it.
      await act(action, by).catch(() => {});
    }
  }
}

/** Nothing that is let go of is asked for its passphrase. */
const noSecret: Secrets = (name) => {
  throw new Error(`a release asks for the ${name}`);
};

function report(error: unknown): ErrorReport {
  if (error instanceof ActionableError) {
    return { code: error.code, message: error.message, evidence: error.evidence, hint: error.hint };
  }
  return {
    code: "bug",
    message: error instanceof Error ? error.message : String(error),
    evidence: [],
    hint: undefined,
  };
}

function explain(error: unknown, plan: Plan, index: number | null, signal: AbortSignal): unknown {
  const step = index === null ? undefined : plan.steps[index];
  const where = step === undefined ? "" : `step ${(index ?? 0) + 1} of ${plan.steps.length} · ${step.title}`;
  if (signal.aborted) {
    return new ActionableError({
      code: "interrupted",
      exit: EXIT.interrupted,
      message: `Interrupted at ${where}.`,
      hint: "Nothing is lost: run the same command with --resume to go on.",
      cause: error,
    });
  }
  if (error instanceof ProgramError) {
    return new ActionableError({
      code: error.reason === "missing" ? "program-missing" : "step-failed",
      exit: EXIT.stepFailed,
      message: `Stopped at ${where}: ${error.argv[0]} failed.`,
      evidence: [error.argv.join(" "), ...error.stderr.trim().split("\n").slice(-5), explainSpace(error.stderr)].filter(
        (line) => line !== "",
      ),
      hint: "Mend the cause, then run the same command with --resume.",
      cause: error,
    });
  }
  return error;
}

function explainSpace(stderr: string): string {
  return /No space left on device|out of space/.test(stderr)
    ? "The target is full: choose a larger disk or a smaller package set."
    : "";
}
