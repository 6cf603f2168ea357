// What an install's events change in the view of a running install. Pure.
import type { InstallEvent } from "../../core/execute/events.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { LogLines } from "../../tui/parts/log-tail.ts";
import type { RunView, StepView } from "./model.ts";

/** Lines that are kept for the log view; older ones are in the journal's folder. */
const LOG_LINES = 2000;

const NO_LOG: LogLines = { lines: [], total: 0 };

export function startRun(plan: Plan, now: number, watching = false): RunView {
  return {
    ...{ host: plan.host, hash: plan.hash, at: null, bytes: null, since: now, now, durable: null, warnings: [] },
    steps: plan.steps.map(({ title }): StepView => ({ title, state: "waiting", ms: null })),
    ...{ log: NO_LOG, showLog: false, watching, stopping: false },
  };
}

/** A run that is only heard of: its steps become known one by one. */
export function watchRun(now: number): RunView {
  return {
    ...{ host: "", hash: "", at: null, bytes: null, since: now, now, durable: null, warnings: [], steps: [] },
    ...{ log: NO_LOG, showLog: false, watching: true, stopping: false },
  };
}

export function reduceRun(run: RunView, { event, now }: { event: InstallEvent; now: number }): RunView {
  switch (event.event) {
    case "begin":
      return { ...run, host: event.host, now };
    case "log":
      return { ...run, now, log: logged(run, event.line) };
    case "plan":
      return { ...run, host: event.host, hash: event.hash, now, steps: known(run.steps, event.steps) };
    case "journal":
      return { ...run, durable: event.durable, now };
    case "step":
      return step(run, event, now);
    case "progress":
      return {
        ...run,
        now,
        bytes: {
          done: Number(event.bytes),
          total: event.total === null ? null : Number(event.total),
          rate: Number(event.rate),
          left: event.left,
        },
      };
    case "warning":
      return { ...run, now, warnings: [...run.warnings, event.message], log: logged(run, `! ${event.message}`) };
    case "stopped":
    case "done":
    case "failed":
      return { ...run, now, bytes: null };
    default:
      return event satisfies never;
  }
}

function step(run: RunView, event: Extract<InstallEvent, { event: "step" }>, now: number): RunView {
  const at = event.index - 1;
  const state = event.state === "start" ? "running" : event.state;
  const steps = known(run.steps, event.of).map(
    (each, index): StepView => (index === at ? { title: event.title, state, ms: event.ms ?? null } : each),
  );
  const words = event.state === "start" ? `${event.index}/${event.of} ${event.title}` : null;
  return {
    ...run,
    ...{ now, steps, at, bytes: event.state === "start" ? null : run.bytes },
    log: words === null ? run.log : logged(run, words),
  };
}

function known(steps: StepView[], count: number): StepView[] {
  const missing = Math.max(0, count - steps.length);
  return [...steps, ...Array.from({ length: missing }, (): StepView => ({ title: "", state: "waiting", ms: null }))];
}

function logged({ log }: RunView, text: string): LogLines {
  return { lines: [...log.lines, text].slice(-LOG_LINES), total: log.total + 1 };
}
