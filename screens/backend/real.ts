// The screens' backend on this machine: probes it, installs on it, writes to the stick it was started from.
import { readFile } from "node:fs/promises";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { InstallEvent } from "../../core/execute/events.ts";
import { Journal } from "../../core/execute/journal.ts";
import { journalPlace } from "../../core/execute/journal-place.ts";
import { type Circumstances, install, planDraft } from "../../core/install.ts";
import { diskHealth } from "../../core/inventory/health.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import { probe } from "../../core/inventory/probe.ts";
import { replayMachine } from "../../core/inventory/record.ts";
import { lookCloser } from "../../core/look-closer.ts";
import { scanWifi } from "../../core/network/wifi-scan.ts";
import { sourcesFor } from "../../core/plan/sources.ts";
import type { Plan } from "../../core/plan/step.ts";
import { failureReport } from "../../core/report/failure-report.ts";
import { gatherReport } from "../../core/report/gather.ts";
import { saveReport } from "../../core/report/save-report.ts";
import { unfinishedInstalls } from "../../core/resume.ts";
import { setValues } from "../../core/spec/answers.ts";
import type { LoadedSpec } from "../../core/spec/load.ts";
import type { SecretName } from "../../core/steps/action.ts";
import type { Run } from "../../core/tools/run.ts";
import type { Draft, TypedSecrets } from "../wizard/model.ts";
import type { Backend, Failed, InstallWanted } from "./backend.ts";
import { describeKey } from "./describe-key.ts";
import { fetchSpec } from "./fetch-spec.ts";
import { applyKeyboard, hashPassword } from "./machine-settings.ts";
import { previewDisk } from "./preview-disk.ts";
import { listSpecs } from "./spec-files.ts";
import { readAdminKey, saveToStick } from "./stick.ts";
import { watchInstall } from "./watch-install.ts";

export interface RealOptions {
  run: Run;
  /** The folder of the package, with `profiles/`. */
  home: string;
  version: string;
  /** A recorded machine instead of this one: everything can be looked at, nothing can be installed. */
  machine: string | null;
  /** The running system is ours: its keyboard may be set, and the machine restarted. */
  rescue: boolean;
  /** The terminal's device, such as /dev/tty1. */
  tty: string | null;
}

export function realBackend({ run, home, version, machine, rescue, tty }: RealOptions): Backend {
  const circumstances = (): Circumstances => ({ now: Math.floor(Date.now() / 1000), saveTo: journalPlace().path });
  const report = async ({ failure, plan, secrets }: Failed) =>
    failureReport(await gatherReport({ run, version, error: failure, plan, secrets: typed(secrets) }));
  /** Whoever looks at the screens on a machine of their own has not asked for it to be switched off. */
  const power = async (how: "reboot" | "poweroff") => {
    if (machine !== null || !rescue) throw notOurs();
    await run(["systemctl", how]);
  };
  const look = async (loaded: LoadedSpec, inventory: Inventory) =>
    lookCloser(loaded, inventory, machine === null ? run : await replayMachine(machine));
  return {
    probe: async (signal): Promise<Inventory> => probe(machine === null ? run : await replayMachine(machine), signal),
    judge: (draft, inventory) => planDraft(draft, inventory, circumstances(), look),
    async preview(draft, inventory, disk, among) {
      const path = inventory.disks.find(({ id }) => id === disk)?.path;
      const health =
        machine === null && path !== undefined
          ? await diskHealth(run, path)
          : { passed: null, temperature: null, hours: null };
      return { ...(await previewDisk(draft, inventory, { disk, among }, circumstances())), health };
    },
    says: async (path) => describeKey(path),
    write: async (text, answers) => setValues(text, answers),
    specs: () => listSpecs(home),
    open: async (spec): Promise<Draft> => ({
      name: spec.path,
      text: await readFile(spec.path, "utf8"),
      from: spec.from,
      file: spec.from === "medium" ? spec.path : null,
    }),
    fetchSpec,
    async wifi(inventory, signal) {
      const adapter = inventory?.nics.find(({ physical, wireless }) => physical && wireless);
      return adapter === undefined || machine !== null ? [] : scanWifi(run, adapter.name, signal);
    },
    hashPassword: (password) => hashPassword(run, password),
    adminKey: () => (rescue ? readAdminKey() : Promise.resolve(null)),
    applyKeyboard: (layout) => applyKeyboard(run, layout, rescue && machine === null ? tty : null),
    unfinished: async () => unfinishedInstalls().map((each) => ({ ...each, plan: Journal.open(each.directory).plan })),
    watch: (onEvent, signal) => (machine === null ? watchInstall(run, onEvent, signal) : Promise.resolve(false)),
    async install(wanted, onEvent, signal) {
      if (machine !== null) throw recorded();
      return startInstall(run, wanted, onEvent, signal);
    },
    planOf: async (hash) => Journal.all(journalPlace().path).find(({ plan }) => plan.hash === hash)?.plan ?? null,
    save: async (what, draft, plan) => saveToStick(what, draft, plan),
    saveReport: async (failed) => saveReport(await report(failed)),
    essentials: async (failed) => (await report(failed)).essentials,
    async anotherSource(plan) {
      const other = sourcesFor(plan, await probe(run)).find(({ current }) => !current);
      return other === undefined ? null : { uri: other.uri, name: other.name };
    },
    durable: async () => journalPlace().durable,
    reboot: () => power("reboot"),
    powerOff: () => power("poweroff"),
  };
}

function typed({ passphrase, recovery }: TypedSecrets): string[] {
  return [passphrase, recovery].flatMap((secret) => (secret === null || secret === "" ? [] : [secret]));
}

async function startInstall(
  run: Run,
  { draft, hash, secrets, resume, restart, noResume, journal, source }: InstallWanted,
  onEvent: (event: InstallEvent) => void,
  signal: AbortSignal,
): Promise<Plan> {
  const given = (name: SecretName, text: string | null) =>
    text === null ? {} : { [name]: { value: Buffer.from(text) } };
  return install({
    ...{ files: [], run, onEvent, signal, resume, restart, noResume },
    ...(resume ? {} : { draft: { name: draft.name, text: draft.text }, expectPlan: hash }),
    ...(journal === undefined ? {} : { journal }),
    ...(source === undefined ? {} : { source }),
    secrets: { ...given("passphrase", secrets.passphrase), ...given("recovery-passphrase", secrets.recovery) },
  });
}

function recorded(): ActionableError {
  return new ActionableError({
    code: "recorded-machine",
    exit: EXIT.usage,
    message: "A recorded machine cannot be installed to.",
    hint: "Leave --machine out to work on this machine.",
  });
}

function notOurs(): ActionableError {
  return new ActionableError({
    code: "not-the-rescue-system",
    exit: EXIT.refused,
    message: "This machine does not run the rescue system, so it is not restarted from here.",
    hint: "Restart it as you always do. Ctrl-C leaves the screens.",
  });
}
