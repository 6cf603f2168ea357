// The screens' backend on this machine: probes it, installs on it, writes to the stick it was started from.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { InstallEvent } from "../../core/execute/events.ts";
import { Journal, writeDurably } from "../../core/execute/journal.ts";
import { journalPlace, STATE } from "../../core/execute/journal-place.ts";
import { install, renderPlan } from "../../core/install.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import { probe } from "../../core/inventory/probe.ts";
import { replayMachine } from "../../core/inventory/record.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Run } from "../../core/tools/run.ts";
import type { Draft, ErrorReport, SpecFile, Unfinished } from "../wizard/model.ts";
import type { Backend, InstallWanted } from "./backend.ts";
import { fetchSpec } from "./fetch-spec.ts";
import { judge, preview, write } from "./judge.ts";
import { applyKeyboard, hashPassword } from "./machine-settings.ts";

const WORK = "/run/multiverse/screen";

export interface RealOptions {
  run: Run;
  /** The folder of the package, with `profiles/`. */
  home: string;
  /** A recorded machine instead of this one: everything can be looked at, nothing can be installed. */
  machine: string | null;
  banner: string | null;
  /** The terminal's device, such as /dev/tty1. */
  tty: string | null;
}

export function realBackend({ run, home, machine, banner, tty }: RealOptions): Backend {
  const circumstances = () => ({ now: Math.floor(Date.now() / 1000), saveTo: journalPlace().path });
  return {
    banner,
    probe: async (signal): Promise<Inventory> => probe(machine === null ? run : await replayMachine(machine), signal),
    judge: (draft, inventory) => judge(draft, inventory, circumstances()),
    preview: (draft, inventory, disk) => preview(draft, inventory, disk, circumstances()),
    write: async (text, answers) => write(text, answers),
    specs: () => listSpecs(home),
    open: async (spec): Promise<Draft> => ({
      name: spec.path,
      text: await readFile(spec.path, "utf8"),
      from: spec.from,
      file: spec.from === "medium" ? spec.path : null,
    }),
    fetchSpec,
    hashPassword: (password) => hashPassword(run, password),
    applyKeyboard: (layout) => applyKeyboard(run, layout, tty),
    durable: () => journalPlace().durable,
    unfinished: async () => Journal.unfinished(journalPlace().path).map(asUnfinished),
    watch: async () => false,
    async install(wanted, onEvent, signal) {
      if (machine !== null) throw recorded();
      return startInstall(run, wanted, onEvent, signal);
    },
    save: async (what, draft, plan) => saveToStick(what, draft, plan),
    saveReport: async (failure, plan) => keep("multiverse-report.txt", reportText(failure, plan)),
    essentials: (failure, plan) => essentials(failure, plan),
    anotherSource: async () => null,
    reboot: async () => void (await run(["systemctl", "reboot"])),
    powerOff: async () => void (await run(["systemctl", "poweroff"])),
  };
}

async function startInstall(
  run: Run,
  { draft, hash, secrets, resume, restart, noResume }: InstallWanted,
  onEvent: (event: InstallEvent) => void,
  signal: AbortSignal,
): Promise<Plan> {
  const file = join(WORK, "multiverse.yml");
  if (!resume) writeDurably(file, draft.text);
  const plan = await install({
    ...{ files: resume ? [] : [file], run, onEvent, signal, resume, restart, noResume },
    ...(resume ? {} : { expectPlan: hash }),
    secrets: {
      ...(secrets.passphrase === null ? {} : { passphrase: { value: Buffer.from(secrets.passphrase) } }),
      ...(secrets.recovery === null ? {} : { "recovery-passphrase": { value: Buffer.from(secrets.recovery) } }),
    },
  });
  return plan;
}

function asUnfinished({ plan, done, begun }: Journal): Unfinished {
  const at = plan.steps.find(({ id }) => (begun === null ? !done.has(id) : id === begun));
  return {
    ...{ host: plan.host, plan, done: done.size, title: at?.title ?? "" },
    needsPassphrase: plan.steps.some(({ data }) => data.kind === "create-datasets" && data.encryption === "passphrase"),
  };
}

async function listSpecs(home: string): Promise<SpecFile[]> {
  const examples = join(home, "profiles/examples");
  const names = await readdir(examples).catch(() => []);
  const files = names
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => ({ path: join(examples, name), from: "profile" as const }));
  const medium = { path: join(STATE, "multiverse.yml"), from: "medium" as const };
  const listed = await Promise.all([medium, ...files].map(describe));
  return listed.flatMap((file) => (file === null ? [] : [file]));
}

async function describe(file: Pick<SpecFile, "path" | "from">): Promise<SpecFile | null> {
  const text = await readFile(file.path, "utf8").catch(() => null);
  if (text === null) return null;
  const says = /^# *(.*)$/m.exec(text)?.[1] ?? "";
  return { ...file, name: basename(file.path), says };
}

function saveToStick(what: "spec" | "plan" | "script", draft: Draft, plan: Plan | null): string {
  if (what === "spec") return keep("multiverse.yml", draft.text);
  if (plan === null) throw new Error("there is no plan to save");
  return what === "plan"
    ? keep("multiverse-plan.txt", renderPlan(plan, "text"))
    : keep("multiverse-install.sh", renderPlan(plan, "sh"));
}

/** A file that is there already is kept beside the new one: nothing of the person's is written over. */
function keep(name: string, text: string): string {
  if (!journalPlace().durable) {
    throw new ActionableError({
      code: "no-stick",
      exit: EXIT.refused,
      message: "There is no writable partition of the stick to save to.",
      hint: "Start from the USB image, which has a partition MULTIVERSE.",
    });
  }
  const path = join(STATE, name);
  writeDurably(path, text);
  return path;
}

function reportText(failure: ErrorReport, plan: Plan | null): string {
  return [essentials(failure, plan), "", failure.message, ...failure.evidence, failure.hint ?? "", ""].join("\n");
}

function essentials({ code, evidence }: ErrorReport, plan: Plan | null): string {
  return [`plan ${plan?.hash.slice(0, 12) ?? "-"}`, `error ${code}`, evidence.at(-1) ?? ""].join("\n").slice(0, 300);
}

function recorded(): ActionableError {
  return new ActionableError({
    code: "recorded-machine",
    exit: EXIT.usage,
    message: "A recorded machine cannot be installed to.",
    hint: "Leave --machine out to work on this machine.",
  });
}
