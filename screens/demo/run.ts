// The demo's install at some point of its way, and what stopped it.
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/step.ts";
import { asReport, type ErrorReport, type RunView, type Unfinished } from "../wizard/model.ts";
import { reduceRun, startRun } from "../wizard/reduce-run.ts";

const NOW = 1_767_225_600_000;
const MIB = 1024 ** 2;

/** The install 4:12 after its begin, in the step of that number (from 1), with no bytes yet. */
export function runAt(plan: Plan, number: number): RunView {
  const of = plan.steps.length;
  const begin = reduceRun(startRun(plan, NOW - 252_000), {
    event: { event: "journal", where: "/run/multiverse/state", durable: true },
    now: NOW,
  });
  return plan.steps.slice(0, number).reduce((run, { id, title }, at) => {
    const step = { event: "step", index: at + 1, of, id, title } as const;
    const begun = reduceRun(run, { event: { ...step, state: "start" }, now: NOW });
    return at + 1 === number
      ? begun
      : reduceRun(begun, { event: { ...step, state: "done", ms: 1200 * (at + 1) }, now: NOW });
  }, begin);
}

/** In the long step: the copy of the system. */
export function copying(plan: Plan): RunView {
  const index = Math.max(1, plan.steps.findIndex(({ id }) => id === "copy-system") + 1);
  return reduceRun(runAt(plan, index), {
    event: {
      ...{ event: "progress", index, bytes: String(412 * MIB), total: String(775 * MIB) },
      ...{ rate: String(9.1 * MIB), left: 40 },
    },
    now: NOW,
  });
}

export function unfinishedAt(plan: Plan, step: number): Unfinished {
  return {
    ...{ host: plan.host, disks: plan.erases.map(({ name }) => name), step, of: plan.steps.length, plan },
    ...{ title: plan.steps[step - 1]?.title ?? "", when: "2026-01-01T02:00:00.000Z", durable: true },
    ...{ secrets: ["passphrase", "recovery-passphrase"], hash: plan.hash, directory: `/demo/journal/${plan.host}` },
  };
}

export const PULLED: ErrorReport = asReport(
  new ActionableError({
    code: "source-gone",
    exit: EXIT.stepFailed,
    message: "The medium that the system is copied from stopped answering.",
    evidence: ["tar: ./usr/lib/x86_64-linux-gnu/libcrypto.so.3: Read error at byte 0: Input/output error"],
    hint: "Put it back, and try again.",
  }),
);
