// Every screen in a state that shows what it is for: for --once, for pictures and for tests.

import { ActionableError, EXIT } from "../../core/errors.ts";
import {
  asReport,
  type Judged,
  NOTHING_JUDGED,
  type ScreenName,
  type Unfinished,
  type Wizard,
} from "../wizard/model.ts";
import { reduceRun, startRun } from "../wizard/reduce-run.ts";
import { NEW_SPEC, startWizard } from "../wizard/start.ts";
import { demoBackend } from "./backend.ts";
import { DEMO_MACHINE } from "./machine.ts";

const DISK = "nvme-Samsung_SSD_990_PRO_1TB_S7KGNU0X000114P";
const HASH = `$6$demo$${"x".repeat(86)}`;
const WHOLE = `version: 1
host: { name: jupiter.example.net, timezone: Europe/Berlin, locale: de_DE.UTF-8, keyboard: de }
disks: { system: ${DISK} }
root: { pool: saturn, encryption: passphrase }
users: [{ name: ada, password: "${HASH}", groups: [sudo] }]
`;
/** What each asking screen is shown with: everything but what it asks. */
const OPEN: Partial<Record<ScreenName, string>> = {
  disks: WHOLE.replace(/disks:.*\n/, ""),
  storage: WHOLE.replace(", encryption: passphrase", ""),
  identity: WHOLE.replace("name: jupiter.example.net, ", "").replace(/users:.*\n/, ""),
  values: WHOLE.replace("Europe/Berlin", '{ ask: "the machine may stand anywhere" }'),
};
const NOW = 1_767_225_600_000;
const MIB = 1024 ** 2;

/** The wizard at a screen, as somebody who went there would find it. */
export async function demoWizard(screen: ScreenName): Promise<Wizard> {
  const backend = demoBackend();
  const draft = { ...NEW_SPEC, text: OPEN[screen] ?? WHOLE };
  const early = screen === "language" || screen === "target" || screen === "spec" || screen === "looking";
  const judged: Judged = early ? NOTHING_JUDGED : await backend.judge(draft, DEMO_MACHINE);
  const wizard: Wizard = {
    ...startWizard({ draft, screen }),
    ...{ inventory: DEMO_MACHINE, judged, specs: await backend.specs() },
    back:
      early || screen === "running" || screen === "done" || screen === "failed" ? [] : ["language", "target", "spec"],
    secrets: { passphrase: screen === "storage" ? null : "", recovery: screen === "storage" ? null : "" },
    preview: screen === "disks" ? await backend.preview(draft, DEMO_MACHINE, DISK) : null,
  };
  const { plan } = judged;
  if (plan === null) return wizard;
  const running = [...Array(9).keys()].reduce(
    (run, at) => {
      const { id = "", title = "" } = plan.steps[at] ?? {};
      const step = { event: "step", index: at + 1, of: plan.steps.length, id, title } as const;
      const begun = reduceRun(run, { event: { ...step, state: "start" }, now: NOW });
      return at === 8 ? begun : reduceRun(begun, { event: { ...step, state: "done", ms: 1200 * (at + 1) }, now: NOW });
    },
    reduceRun(startRun(plan, NOW - 252_000), {
      event: { event: "journal", where: "/run/multiverse/state", durable: true },
      now: NOW,
    }),
  );
  const progress = { event: "progress", index: 9, bytes: String(412 * MIB), total: String(775 * MIB) } as const;
  const copying = reduceRun(running, { event: { ...progress, rate: String(9.1 * MIB), left: 40 }, now: NOW });
  if (screen === "running") return { ...wizard, run: copying };
  if (screen === "done") return { ...wizard, run: { ...copying, at: plan.steps.length - 1 } };
  if (screen === "failed")
    return {
      ...wizard,
      run: copying,
      failure: asReport(PULLED),
      essentials: await backend.essentials({ failure: asReport(PULLED), plan, secrets: wizard.secrets }),
    };
  const unfinished: Unfinished = {
    ...{ host: plan.host, disks: plan.erases.map(({ name }) => name), step: 9, of: plan.steps.length, plan },
    ...{ title: plan.steps[8]?.title ?? "", when: "2026-01-01T02:00:00.000Z", needsPassphrase: true, durable: true },
    ...{ hash: plan.hash, directory: "/demo/journal" },
  };
  return screen === "unfinished" ? { ...wizard, unfinished: [unfinished] } : wizard;
}

const PULLED = new ActionableError({
  code: "source-gone",
  exit: EXIT.stepFailed,
  message: "The medium that the system is copied from stopped answering.",
  evidence: ["tar: ./usr/lib/x86_64-linux-gnu/libcrypto.so.3: Read error at byte 0: Input/output error"],
  hint: "Put it back, and try again.",
});
