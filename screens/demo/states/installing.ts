// The install as it runs, stops and ends.

import type { LogLines } from "../../../tui/parts/log-tail.ts";
import type { RunView, Wizard } from "../../wizard/model.ts";
import { runAt } from "../run.ts";
import { HOSTILE_TEXTS } from "./machines.ts";
import { type DemoState, press, stateOf, type } from "./state.ts";

/** Changes the run that the demo shows. */
const run =
  (change: (run: RunView, wizard: Wizard) => Partial<RunView>) =>
  (wizard: Wizard): Partial<Wizard> =>
    wizard.run === null ? {} : { run: { ...wizard.run, ...change(wizard.run, wizard) } };

const LOG = Array.from({ length: 60 }, (_, at) =>
  at % 4 === 0
    ? `$ zfs create -o mountpoint=legacy saturn/work/jupiter/home${at}`
    : `  set up ${at}: canmount=noauto, com.sun:auto-snapshot=false, xattr=sa, acltype=posixacl, relatime=on`,
);

const WARNINGS = [
  "The firmware keeps no boot entries: the system is found by its fallback path.",
  "enp6s0 has no carrier; the host waits for one of its adapters only.",
];

const LONG = [
  "zpool create -f -o ashift=12 -o cachefile=none saturn /dev/disk/by-partuuid/0b3c7a52-02d1-4d6e-9a5a-6f9f0c7f4c11",
  ...Array.from({ length: 24 }, (_, at) => `line ${at + 1} of what the program said before it ended`),
  "cannot create 'saturn': one or more devices is currently unavailable",
];

async function runningStates(): Promise<DemoState[]> {
  const atStart = ({ judged }: Wizard) => (judged?.plan ? { ...runAt(judged.plan, 1), at: null, log: logOf([]) } : {});
  return Promise.all([
    stateOf("running", "start", {
      more: run((view, wizard) => ({
        ...atStart(wizard),
        steps: view.steps.map(({ title }) => ({ title, state: "waiting" as const, ms: null })),
        since: view.now,
      })),
    }),
    stateOf("running", "copy"),
    stateOf("running", "no-size-known", {
      more: run(({ bytes }) => ({ bytes: bytes && { ...bytes, total: null, left: null } })),
    }),
    stateOf("running", "log", { more: run(() => ({ showLog: true, log: logOf(LOG) })) }),
    stateOf("running", "log-empty", { more: run(() => ({ showLog: true, log: logOf([]) })) }),
    stateOf("running", "log-hostile", { more: run(() => ({ showLog: true, log: logOf(HOSTILE_TEXTS) })) }),
    stateOf("running", "warnings", { more: run(() => ({ warnings: WARNINGS })) }),
    stateOf("running", "stop-question", { keys: [type("s")] }),
    stateOf("running", "stopping", { more: run(() => ({ stopping: true })) }),
    stateOf("running", "watching", { more: run(() => ({ watching: true })) }),
    stateOf("running", "hostile", {
      more: run(({ steps, at }) => ({
        ...{ watching: true, host: HOSTILE_TEXTS.join(" "), warnings: [...HOSTILE_TEXTS] },
        steps: steps.map((step, index) => ({ ...step, title: HOSTILE_TEXTS[index % 7] ?? "" })),
        at,
      })),
    }),
    stateOf("running", "no-journal", { more: run(() => ({ durable: false })) }),
  ]);
}

async function failedStates(): Promise<DemoState[]> {
  const report = press("down", "down", "down", "enter");
  const failure = (evidence: readonly string[]) => ({
    failure: {
      ...{ code: "tool-failed", message: "zpool create did not succeed.", evidence },
      hint: "The disk may be in use by another program, or broken: look at its cables, then try again.",
    },
  });
  return Promise.all([
    stateOf("failed", "source-gone"),
    stateOf("failed", "long-evidence", { more: failure(LONG) }),
    stateOf("failed", "hostile-evidence", { more: failure(HOSTILE_TEXTS) }),
    stateOf("failed", "before-the-first-step", { more: (wizard) => ({ ...run(() => ({ at: null }))(wizard) }) }),
    stateOf("failed", "no-journal", { more: run(() => ({ durable: false })) }),
    stateOf("failed", "report", { keys: report }),
    stateOf("failed", "report-not-gathered", { keys: report, more: { essentials: null } }),
    stateOf("failed", "no-other-source", { keys: press("down", "enter") }),
  ]);
}

export async function installingStates(): Promise<DemoState[]> {
  const end = run(({ steps }) => ({
    ...{ at: steps.length - 1, bytes: null },
    steps: steps.map(({ title }, at) => ({ title, state: "done" as const, ms: 800 * (at + 1) })),
  }));
  const all = [
    ...[runningStates(), failedStates()],
    Promise.all([
      stateOf("done", "plain", { more: end }),
      stateOf("done", "warnings", { more: run(() => ({ warnings: WARNINGS })) }),
      stateOf("done", "saved", { keys: press("down", "down", "enter") }),
    ]),
  ];
  return (await Promise.all(all)).flat();
}

const logOf = (lines: readonly string[]): LogLines => ({ lines, total: lines.length });
