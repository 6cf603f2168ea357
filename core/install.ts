// The whole story on one page: load → probe → resolve → ask → plan → confirm → execute.
import { ActionableError, EXIT } from "./errors.ts";
import type { OnEvent } from "./execute/events.ts";
import { eventsFile } from "./execute/events-file.ts";
import { execute, letGo } from "./execute/execute.ts";
import { Journal } from "./execute/journal.ts";
import { journalPlace } from "./execute/journal-place.ts";
import { takeLock } from "./execute/lock.ts";
import { preflight, requireRoot } from "./execute/preflight.ts";
import { readSecrets, type SecretSource } from "./execute/secrets.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { replayMachine } from "./inventory/record.ts";
import { inventoryFor } from "./inventory-for.ts";
import { type Circumstances, makePlan } from "./plan/make-plan.ts";
import { renderJson, renderText } from "./plan/render.ts";
import type { Plan, Step } from "./plan/step.ts";
import { needsPassphrase, type ResumeChoice, resumed } from "./resume.ts";
import { keepSalt } from "./spec/keep-salt.ts";
import { type LoadedSpec, loadSpec, readRegularFile } from "./spec/load.ts";
import { type Question, questions } from "./spec/questions.ts";
import { resolveSpec } from "./spec/resolve.ts";
import type { ResolvedSpec } from "./spec/resolved.ts";
import type { SpecWord } from "./spec/spec-word.ts";
import type { SecretName } from "./steps/action.ts";
import { renderScript } from "./steps/script.ts";
import type { Run } from "./tools/run.ts";

/** Whoever changes disks holds it. */
export const INSTALL_LOCK = "/run/multiverse/install.lock";

/** A spec that is being written: its text, and the file name that its references and its errors' places are relative to. */
export interface Draft {
  name: string;
  text: string;
}

export interface PlanRequest {
  files: readonly string[];
  /** Values from the command line, over all files. */
  words?: readonly SpecWord[];
  /** Instead of files. */
  draft?: Draft;
  /** A recorded machine instead of this one. */
  machine?: string;
  run: Run;
}

export interface Planned {
  plan: Plan;
  spec: ResolvedSpec;
  inventory: Inventory;
}

/** Reads, probes, resolves and plans; writes nothing. */
export async function planFor({ files, words = [], draft, machine, run }: PlanRequest): Promise<Planned> {
  const loaded = await (draft === undefined ? loadSpec(files, readRegularFile, words) : loadDraft(draft));
  const inventory = await inventoryFor(loaded, machine === undefined ? run : await replayMachine(machine));
  const spec = resolveSpec(loaded, inventory);
  return { plan: makePlan(spec, inventory, circumstances()), spec, inventory };
}

export type { Circumstances };

const circumstances = (): Circumstances => ({ now: Math.floor(Date.now() / 1000), saveTo: journalPlace().path });

/** What a draft comes to so far; `error` says why there is no plan, or no more than the rest. */
export interface PlannedDraft {
  loaded: LoadedSpec | null;
  questions: Question[];
  spec: ResolvedSpec | null;
  plan: Plan | null;
  error: ActionableError | null;
}

/**
 * Everything that can be said of a draft on a machine: for a screen after each answer. Reads the files that the draft
 * refers to and nothing else; `look` is asked for what a draft that adds to something needs to know of it (look-closer.ts).
 * Throws only bugs: what a person can act on is in `error`.
 */
export async function planDraft(
  draft: Draft,
  inventory: Inventory,
  known: Circumstances = circumstances(),
  look: (loaded: LoadedSpec, inventory: Inventory) => Promise<Inventory> = async (_, as) => as,
): Promise<PlannedDraft> {
  const come: PlannedDraft = { loaded: null, questions: [], spec: null, plan: null, error: null };
  try {
    come.loaded = await loadDraft(draft);
    const seen = await look(come.loaded, inventory);
    come.questions = questions(come.loaded, seen);
    come.spec = resolveSpec(come.loaded, seen);
    come.plan = makePlan(come.spec, seen, known);
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error;
    come.error = error;
  }
  return come;
}

function loadDraft({ name, text }: Draft): Promise<LoadedSpec> {
  return loadSpec([name], async (file) => (file === name ? Buffer.from(text, "utf8") : readRegularFile(file)));
}

export function renderPlan(plan: Plan, format: "text" | "json" | "sh"): string {
  return { text: renderText, json: renderJson, sh: renderScript }[format](plan);
}

export interface InstallRequest extends ResumeChoice {
  files: readonly string[];
  /** Values from the command line, over all files. */
  words?: readonly SpecWord[];
  /** Instead of files; whoever has the text keeps the plan's salt in it. */
  draft?: Draft;
  run: Run;
  onEvent: OnEvent;
  signal: AbortSignal;
  /** Go on with the unfinished install that the journal knows. */
  resume?: boolean;
  /** Forget the unfinished install and begin anew. */
  restart?: boolean;
  /** Stop after this step, by its number in the plan or its id; the install stays unfinished. */
  until?: string;
  expectPlan?: string;
  /** The person accepts that a power cut means starting over: there is no place for a journal. */
  noResume?: boolean;
  secrets?: Partial<Record<SecretName, SecretSource>>;
}

/** Installs. Throws with the exit code that the command line ends with; else returns the plan, finished or stopped by `until`. */
export async function install(request: InstallRequest): Promise<Plan> {
  const began = performance.now();
  const { run, signal } = request;
  const events = eventsFile();
  const onEvent: OnEvent = (event) => {
    events.write(event);
    request.onEvent(event);
  };
  requireRoot();
  const secrets = readSecrets(request.secrets ?? {});
  const release = takeLock(INSTALL_LOCK);
  try {
    const place = journalPlace();
    // Everything that can be refused is refused before the journal knows of an install: one that it knows can be resumed.
    const ready = (plan: Plan) => {
      preflight(plan);
      if (request.until !== undefined) stepNamed(plan, request.until);
      if (needsPassphrase(plan)) for (const name of ["passphrase", "recovery-passphrase"] as const) secrets(name);
    };
    const journal = request.resume
      ? await resumed(place.path, run, request)
      : await begun({ ...request, onEvent }, place, ready);
    const { plan } = journal;
    if (request.resume) ready(plan);
    events.begin(plan.host);
    request.onEvent({ event: "begin", v: 1, pid: process.pid, host: plan.host });
    onEvent({ event: "plan", hash: plan.hash, steps: plan.steps.length, host: plan.host });
    onEvent({ event: "journal", where: place.path, durable: place.durable });
    const until = request.until === undefined ? {} : { until: stepNamed(plan, request.until).id };
    const finished = await execute(plan, { run, secrets, record: journal, onEvent, signal, ...until });
    if (!finished) return plan;
    const peakRss = String(process.resourceUsage().maxRSS * 1024);
    onEvent({ event: "done", hash: plan.hash, ms: Math.round(performance.now() - began), peakRss });
    return plan;
  } finally {
    release();
  }
}

/** @throws ActionableError `no-such-step` (exit 2) */
function stepNamed(plan: Plan, name: string): Step {
  const found = plan.steps.find(({ id }, index) => id === name || String(index + 1) === name);
  if (found !== undefined) return found;
  throw new ActionableError({
    code: "no-such-step",
    exit: EXIT.usage,
    message: `The plan has no step ${name}.`,
    evidence: plan.steps.map(({ id, title }, index) => `${index + 1}  ${id}: ${title}`),
    hint: "Name one of these by its number or its id.",
  });
}

async function begun(
  request: Omit<InstallRequest, "secrets">,
  place: { path: string; durable: boolean },
  ready: (plan: Plan) => void,
): Promise<Journal> {
  const known = Journal.unfinished(place.path);
  // What a killed installer had open holds the disk, and is of no use once it is begun anew.
  if (request.restart) for (const journal of known) await letGo(journal.plan.steps, journal.plan, request);
  const { plan, spec } = await planFor(request).catch((error: unknown) => {
    if (!(error instanceof ActionableError) || error.code !== "disk-in-use") throw error;
    const ours = known.find((journal) => journal.plan.erases.some(({ id }) => error.message.startsWith(`${id} `)));
    throw ours === undefined ? error : unfinishedInstall(ours, error.evidence);
  });
  confirm(plan, spec, request.expectPlan);
  const unfinished = known.find(({ plan: other }) => sameTargets(plan, other));
  if (unfinished !== undefined && !request.restart) throw unfinishedInstall(unfinished);
  if (!place.durable && !request.noResume) {
    throw new ActionableError({
      code: "no-place-for-journal",
      exit: EXIT.refused,
      message: "There is no place for the journal, so a power cut could not be resumed.",
      evidence: ["no writable partition labelled MULTIVERSE belongs to the medium that this machine was started from"],
      hint: "Start from the USB image, or accept it with --no-resume.",
    });
  }
  ready(plan);
  // Of a file that words have made another host's, the next host would get the same identifiers.
  if (request.draft === undefined && (request.words ?? []).length === 0)
    await keepSalt(request.files, spec.salt, (message) => request.onEvent({ event: "warning", message }));
  unfinished?.write("finished");
  return Journal.begin(place.path, plan);
}

function unfinishedInstall({ plan, directory }: Journal, seen: readonly string[] = []): ActionableError {
  return new ActionableError({
    code: "unfinished-install",
    exit: EXIT.refused,
    message: `An install of ${plan.host} on the same ${plan.erases.length > 0 ? "disk" : "pool or disk"} is unfinished.`,
    evidence: [directory, ...seen],
    hint: "Go on with --resume, or begin anew with --restart.",
  });
}

/** Whether two plans erase or add to the same thing. */
export function sameTargets(one: Plan, other: Plan): boolean {
  const ids = ({ erases, changes = [] }: Plan) => [...erases, ...changes].map(({ id }) => id);
  return ids(one).some((id) => ids(other).includes(id));
}

/** Nothing is erased or added to that was not confirmed by name, in the spec or by the hash of the plan that was read. */
function confirm(plan: Plan, spec: ResolvedSpec, expectPlan: string | undefined): void {
  if (expectPlan !== undefined) {
    if (expectPlan === plan.hash) return;
    throw new ActionableError({
      code: "plan-differs",
      exit: EXIT.refused,
      message: "The plan is not the one that was expected; nothing was written.",
      evidence: [`expected ${expectPlan}`, `is       ${plan.hash}`],
      hint: "Read the plan again: `multiverse plan FILE`.",
    });
  }
  const { changes = [] } = plan;
  const erased = plan.erases.filter(({ id }) => !spec.confirmErase.includes(id));
  const changed = changes.filter(({ id }) => !(spec.confirmChange ?? []).includes(id));
  if (erased.length + changed.length === 0) return;
  const list = (key: string, things: readonly { id: string }[]) =>
    things.length === 0 ? [] : [`${key}: [${things.map(({ id }) => id).join(", ")}]`];
  const wanted = [...list("erase", plan.erases), ...list("change", changes)].join(", ");
  throw new ActionableError({
    code: "not-confirmed",
    exit: EXIT.refused,
    message: `The spec does not confirm what would be ${erased.length > 0 ? "erased" : "added to"}; nothing was written.`,
    evidence: [
      ...erased.map(({ id, name, content }) => `${id} (${name}): ${content.join(", ") || "empty"}`),
      ...changed.map(({ id, name }) => `${id} (${name}): is added to, nothing on it is erased`),
    ],
    hint: `Add \`confirm: {${wanted}}\` to the spec, or use --expect-plan ${plan.hash}.`,
  });
}
