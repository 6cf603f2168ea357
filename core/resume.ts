// Unfinished installs: listing them for a screen, and choosing the one to go on with and what it is copied from.
import { statSync } from "node:fs";
import { join } from "node:path";
import { ActionableError, EXIT } from "./errors.ts";
import { Journal } from "./execute/journal.ts";
import { type JournalPlace, journalPlace } from "./execute/journal-place.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { probe } from "./inventory/probe.ts";
import { findSource, sourceNotFound, sourcesFor, withSource } from "./plan/sources.ts";
import type { Plan } from "./plan/step.ts";
import { sourceDevice } from "./spec/source-uri.ts";
import type { Run } from "./tools/run.ts";

/** Names on a screen; `directory` says which one it is to `install`. */
export interface UnfinishedInstall {
  host: string;
  /** The disks it erased, as people know them. */
  disks: string[];
  /** The step that it goes on with, from 1; `of` steps. */
  step: number;
  of: number;
  title: string;
  /** When the journal was last written: ISO 8601, by this machine's clock. */
  when: string;
  needsPassphrase: boolean;
  /** Survives a power cut. */
  durable: boolean;
  hash: string;
  directory: string;
}

/** Every unfinished install that the journal knows. @throws ActionableError `journal-damaged` (exit 4) */
export function unfinishedInstalls(place: JournalPlace = journalPlace()): UnfinishedInstall[] {
  return Journal.unfinished(place.path).map(({ directory, plan, done }) => {
    const at = plan.steps.findIndex(({ id }) => !done.has(id));
    const index = at < 0 ? plan.steps.length - 1 : at;
    return {
      ...{ host: plan.host, disks: plan.erases.map(({ name }) => name), step: index + 1, of: plan.steps.length },
      ...{ title: plan.steps[index]?.title ?? "", when: statSync(join(directory, "steps.jsonl")).mtime.toISOString() },
      ...{ needsPassphrase: needsPassphrase(plan), durable: place.durable, hash: plan.hash, directory },
    };
  });
}

/** Whether the install asks for the passphrases, also when it goes on. */
export function needsPassphrase(plan: Plan): boolean {
  return plan.steps.some(({ data }) => data.kind === "create-datasets" && data.encryption === "passphrase");
}

export interface ResumeChoice {
  /** Folder of the journal, where more than one install is unfinished. */
  journal?: string;
  /** Another source with the same image: `live:` or `live:/dev/…`. */
  source?: string;
}

/**
 * The journal to go on with, its plan copied from what is there now.
 * @throws ActionableError exit 4: `nothing-to-resume`, `ambiguous-resume`, `undo-unfinished`, `source-changed`,
 * `source-not-found`
 */
export async function resumed(root: string, run: Run, choice: ResumeChoice): Promise<Journal> {
  const journal = chooseJournal(root, choice.journal, "resume");
  const { plan } = journal;
  if (journal.undoing) throw halfUndone(journal);
  const device =
    choice.source === undefined ? (plan.evidence.sources.medium?.device ?? null) : sourceDevice(choice.source);
  // A medium that was put back a moment ago may not be known yet.
  if (device !== null) await run(["udevadm", "wait", "--settle", "--timeout=10", device], { ok: [0, 1] });
  const found = sourceFor(plan, device, await probe(run));
  return JSON.stringify(found.evidence) === JSON.stringify(plan.evidence) ? journal : journal.changeEvidence(found);
}

/**
 * The one unfinished install, or the one in that folder.
 * @throws ActionableError exit 4: `nothing-to-resume`, `nothing-to-undo`, `ambiguous-resume`
 */
export function chooseJournal(root: string, directory: string | undefined, what: "resume" | "undo"): Journal {
  const unfinished = Journal.unfinished(root);
  const fitting = unfinished.filter((journal) => directory === undefined || journal.directory === directory);
  const [journal] = fitting;
  if (journal !== undefined && fitting.length === 1) return journal;
  throw new ActionableError({
    code: journal === undefined ? `nothing-to-${what}` : "ambiguous-resume",
    exit: EXIT.refused,
    message:
      journal === undefined
        ? `There is no unfinished install to ${what === "undo" ? "undo" : "go on with"}.`
        : `There is more than one unfinished install, and --${what} cannot know which is meant.`,
    evidence: unfinished.map(({ plan, directory }) => `${plan.host}: ${directory}`),
    hint:
      journal !== undefined
        ? "Move all but one away."
        : what === "undo"
          ? `Looked in ${root}/journal. An install that has finished cannot be undone.`
          : `Looked in ${root}/journal. Install without --resume.`,
  });
}

function halfUndone({ plan, directory }: Journal): ActionableError {
  return new ActionableError({
    code: "undo-unfinished",
    exit: EXIT.refused,
    message: `The install of ${plan.host} was being undone, so it cannot go on.`,
    evidence: [directory],
    hint: "Put the disk back with --undo, or begin anew with --restart.",
  });
}

/** The plan with the evidence of that source as it is now; refused where the source holds another image, or is not there. */
export function sourceFor(plan: Plan, device: string | null, inventory: Inventory): Plan {
  const source = findSource(inventory, device);
  const same = sourcesFor(plan, inventory);
  const chosen = same.find(({ medium, live }) => medium === source?.medium && live === source?.live);
  if (chosen !== undefined) return withSource(plan, chosen);
  const others = same.map(({ uri, name }) => `${uri}  ${name}: has the same image`);
  if (source === null && device !== null) {
    const { message, evidence, code, exit } = sourceNotFound(device, inventory);
    throw new ActionableError({
      ...{ code, exit, message, evidence: others.length > 0 ? others : evidence },
      hint: "Put it back and use --resume again; or go on with another medium that has the same image: --source URI.",
    });
  }
  throw new ActionableError({
    code: "source-changed",
    exit: EXIT.refused,
    message: `This is another ${device === null ? "rescue image" : "medium"} than the one that the unfinished install copies from.`,
    evidence: [
      `it began with kernel ${plan.evidence.kernel.version}`,
      `this is ${source?.live.kernel.version ?? "not the rescue system"}`,
      ...others,
    ],
    hint:
      others.length > 0
        ? "Go on with --resume --source URI, or begin anew with --restart."
        : "Start the medium that it began with, or begin anew with --restart.",
  });
}
