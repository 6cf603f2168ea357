// The whole story on one page: load → probe → resolve → ask → plan → confirm → execute.
import { ActionableError, EXIT } from "./errors.ts";
import type { OnEvent } from "./execute/events.ts";
import { execute } from "./execute/execute.ts";
import { Journal } from "./execute/journal.ts";
import { journalPlace } from "./execute/journal-place.ts";
import { takeLock } from "./execute/lock.ts";
import { preflight, requireRoot } from "./execute/preflight.ts";
import { readSecrets, type SecretSource } from "./execute/secrets.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { probe } from "./inventory/probe.ts";
import { replayMachine } from "./inventory/record.ts";
import { makePlan } from "./plan/make-plan.ts";
import { renderJson, renderText } from "./plan/render.ts";
import type { Plan } from "./plan/step.ts";
import { keepSalt } from "./spec/keep-salt.ts";
import { loadSpec } from "./spec/load.ts";
import { resolveSpec } from "./spec/resolve.ts";
import type { ResolvedSpec } from "./spec/resolved.ts";
import type { SecretName } from "./steps/action.ts";
import { renderScript } from "./steps/script.ts";
import type { Run } from "./tools/run.ts";

const LOCK = "/run/multiverse/install.lock";

export interface PlanRequest {
  files: readonly string[];
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
export async function planFor({ files, machine, run }: PlanRequest): Promise<Planned> {
  const loaded = await loadSpec(files);
  const inventory = await probe(machine === undefined ? run : await replayMachine(machine));
  const spec = resolveSpec(loaded, inventory);
  const plan = makePlan(spec, inventory, { now: Math.floor(Date.now() / 1000), saveTo: journalPlace().path });
  return { plan, spec, inventory };
}

export function renderPlan(plan: Plan, format: "text" | "json" | "sh"): string {
  return { text: renderText, json: renderJson, sh: renderScript }[format](plan);
}

export interface InstallRequest {
  files: readonly string[];
  run: Run;
  onEvent: OnEvent;
  signal: AbortSignal;
  /** Go on with the unfinished install that the journal knows. */
  resume?: boolean;
  /** Forget the unfinished install and begin anew. */
  restart?: boolean;
  expectPlan?: string;
  /** The person accepts that a power cut means starting over: there is no place for a journal. */
  noResume?: boolean;
  secrets?: Partial<Record<SecretName, SecretSource>>;
}

/** Installs. Throws with the exit code that the command line ends with; a finished install returns its plan. */
export async function install(request: InstallRequest): Promise<Plan> {
  const began = performance.now();
  const { onEvent, run, signal } = request;
  requireRoot();
  const secrets = readSecrets(request.secrets ?? {});
  const release = takeLock(LOCK);
  try {
    const place = journalPlace();
    // Everything that can be refused is refused before the journal knows of an install: one that it knows can be resumed.
    const ready = (plan: Plan) => {
      preflight(plan);
      if (needsPassphrase(plan)) for (const name of ["passphrase", "recovery-passphrase"] as const) secrets(name);
    };
    const journal = request.resume ? await resumed(place.path, run, ready) : await begun(request, place, ready);
    const { plan } = journal;
    onEvent({ event: "plan", hash: plan.hash, steps: plan.steps.length, host: plan.host });
    onEvent({ event: "journal", where: place.path, durable: place.durable });
    await execute(plan, { run, secrets, record: journal, onEvent, signal });
    const peakRss = String(process.resourceUsage().maxRSS * 1024);
    onEvent({ event: "done", hash: plan.hash, ms: Math.round(performance.now() - began), peakRss });
    return plan;
  } finally {
    release();
  }
}

function needsPassphrase(plan: Plan): boolean {
  return plan.steps.some(({ data }) => data.kind === "create-datasets" && data.encryption === "passphrase");
}

async function resumed(root: string, run: Run, ready: (plan: Plan) => void): Promise<Journal> {
  const unfinished = Journal.unfinished(root);
  const [journal] = unfinished;
  if (journal !== undefined && unfinished.length === 1) {
    await sameSource(journal.plan, run);
    ready(journal.plan);
    return journal;
  }
  throw new ActionableError({
    code: journal === undefined ? "nothing-to-resume" : "ambiguous-resume",
    exit: EXIT.refused,
    message:
      journal === undefined
        ? "There is no unfinished install to go on with."
        : "There is more than one unfinished install, and --resume cannot know which is meant.",
    evidence: unfinished.map(({ plan, directory }) => `${plan.host}: ${directory}`),
    hint: journal === undefined ? `Looked in ${root}/journal. Install without --resume.` : "Move all but one away.",
  });
}

/** Half of one image and half of another would be a system that nobody has tested. */
async function sameSource(plan: Plan, run: Run): Promise<void> {
  const { live } = await probe(run);
  const { kernel, sources } = plan.evidence;
  const same =
    live !== null &&
    live.kernel.vmlinuzSha256 === kernel.vmlinuzSha256 &&
    live.kernel.initrdSha256 === kernel.initrdSha256 &&
    live.host.sha256 === sources.hostSha256;
  if (same) return;
  throw new ActionableError({
    code: "source-changed",
    exit: EXIT.refused,
    message: "This is another rescue image than the one that the unfinished install copies from.",
    evidence: [`it began with kernel ${kernel.version}`, `this is ${live?.kernel.version ?? "not the rescue system"}`],
    hint: "Start the medium that it began with, or begin anew with --restart.",
  });
}

async function begun(
  request: InstallRequest,
  place: { path: string; durable: boolean },
  ready: (plan: Plan) => void,
): Promise<Journal> {
  const { plan, spec } = await planFor(request);
  confirm(plan, spec, request.expectPlan);
  const unfinished = Journal.unfinished(place.path).find(({ plan: other }) =>
    other.erases.some(({ id }) => plan.erases.some((erased) => erased.id === id)),
  );
  if (unfinished !== undefined && !request.restart) {
    throw new ActionableError({
      code: "unfinished-install",
      exit: EXIT.refused,
      message: `An install of ${unfinished.plan.host} on the same disk is unfinished.`,
      evidence: [unfinished.directory],
      hint: "Go on with --resume, or begin anew with --restart.",
    });
  }
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
  await keepSalt(request.files, spec.salt, (message) => request.onEvent({ event: "warning", message }));
  unfinished?.write("finished");
  return Journal.begin(place.path, plan);
}

/** Nothing is erased that was not confirmed by identity, in the spec or by the hash of the plan that was read. */
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
  const unconfirmed = plan.erases.filter(({ id }) => !spec.confirmErase.includes(id));
  if (unconfirmed.length === 0) return;
  throw new ActionableError({
    code: "not-confirmed",
    exit: EXIT.refused,
    message: "The spec does not confirm what would be erased; nothing was written.",
    evidence: unconfirmed.map(({ id, name, content }) => `${id} (${name}): ${content.join(", ") || "empty"}`),
    hint: `Add \`confirm: {erase: [${plan.erases.map(({ id }) => id).join(", ")}]}\` to the spec, or use --expect-plan ${plan.hash}.`,
  });
}
