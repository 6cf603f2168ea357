// A change of mind: puts back what an unfinished install overwrote, as long as no file system was made on its disks.
import { ActionableError, EXIT } from "./errors.ts";
import type { OnEvent } from "./execute/events.ts";
import type { Journal } from "./execute/journal.ts";
import { journalPlace } from "./execute/journal-place.ts";
import { takeLock } from "./execute/lock.ts";
import { loggedRun } from "./execute/logged-run.ts";
import { type Performer, perform } from "./execute/perform.ts";
import { requireRoot } from "./execute/preflight.ts";
import { INSTALL_LOCK } from "./install.ts";
import type { Plan, Step } from "./plan/step.ts";
import { chooseJournal, type ResumeChoice } from "./resume.ts";
import type { Action } from "./steps/action.ts";
import { actionsOf } from "./steps/kinds.ts";
import type { Run } from "./tools/run.ts";

export interface UndoRequest extends Pick<ResumeChoice, "journal"> {
  run: Run;
  onEvent: OnEvent;
  signal: AbortSignal;
  /** Where the journals are; default the journal's place. */
  root?: string;
  /** How an action is performed; tests put a model of a machine here. */
  perform?: (action: Action, by: Performer) => Promise<void>;
}

export interface Undone {
  plan: Plan;
  /** Whether anything had to be put back: nothing was erased before. */
  restored: boolean;
}

/**
 * Puts every saved range back, compares it with what was saved and has the kernel read the tables again. May be cut off
 * and begun anew at any point. What was closed (arrays, volumes) stays closed.
 * @throws ActionableError exit 4: `nothing-to-undo`, `ambiguous-resume`, `undo-too-late`; exit 5: `not-undone` and the
 * codes of the checks; exit 6: `interrupted`
 */
export async function undo(request: UndoRequest): Promise<Undone> {
  requireRoot();
  const release = takeLock(INSTALL_LOCK);
  try {
    return await undoJournal(chooseJournal(request.root ?? journalPlace().path, request.journal, "undo"), request);
  } finally {
    release();
  }
}

/** What it needs of a journal: tests give one in memory. */
export type UndoRecord = Pick<Journal, "plan" | "done" | "begun" | "directory" | "write">;

/** Of a journal that is chosen and locked. */
export async function undoJournal(
  journal: UndoRecord,
  request: Omit<UndoRequest, "journal" | "root">,
): Promise<Undone> {
  const { plan } = journal;
  refuseTooLate(journal);
  const restored = changing(journal).length > 0;
  if (restored) {
    // From here on the install cannot go on: its next step would find another disk than the one it left.
    journal.write("undoing");
    await restore(journal, request);
  }
  journal.write("undone");
  return { plan, restored };
}

/** The step that ended the possibility, or null while there is one. */
export function pointOfNoReturn({ plan, done, begun }: Pick<UndoRecord, "plan" | "done" | "begun">): Step | null {
  const passed = plan.steps.filter(({ id }) => done.has(id) || id === begun);
  return passed.find(({ risk }) => risk === "no-way-back") ?? null;
}

/** Steps that have begun, and that erase or can take back what they have added. */
function changing({ plan, done, begun }: UndoRecord): Step[] {
  const takesBack = (step: Step) => step.risk === "writes" && actionsOf(step, "undo", plan.evidence).length > 0;
  return plan.steps.filter(
    (step) => (step.risk === "erases" || takesBack(step)) && (done.has(step.id) || step.id === begun),
  );
}

function refuseTooLate(journal: UndoRecord): void {
  const step = pointOfNoReturn(journal);
  if (step === null) return;
  const { plan, directory } = journal;
  throw new ActionableError({
    code: "undo-too-late",
    exit: EXIT.refused,
    message: `It is too late to put back what was on the disk: the install of ${plan.host} has begun to make file systems on it.`,
    evidence: [
      `step ${plan.steps.indexOf(step) + 1} of ${plan.steps.length}, "${step.title}", is in ${directory}/steps.jsonl`,
      ...plan.erases.map(
        ({ id, name }) => `${id} (${name}): its tables and headers of before are in ${plan.evidence.saveTo}/saved`,
      ),
    ],
    hint: "Go on with --resume, or begin anew with --restart.",
  });
}

async function restore(journal: UndoRecord, request: Omit<UndoRequest, "journal" | "root">): Promise<void> {
  const { plan } = journal;
  const { onEvent, signal } = request;
  const act = request.perform ?? perform;
  const now = () => performance.now();
  const by: Performer = {
    ...{ run: loggedRun(request.run, (line) => onEvent({ event: "log", line }), now), signal },
    secrets: () => {
      throw new Error("nothing that is undone needs a secret");
    },
    ...{ onBytes: () => {}, onWarning: (message) => onEvent({ event: "warning", message }) },
  };
  try {
    for (const action of undoActions(journal)) await act(action, by);
  } catch (error) {
    if (error instanceof ActionableError) throw error;
    throw new ActionableError({
      code: signal.aborted ? "interrupted" : "not-undone",
      exit: signal.aborted ? EXIT.interrupted : EXIT.stepFailed,
      message: signal.aborted ? "Interrupted while the disk was put back." : "The disk could not be put back.",
      evidence: error instanceof Error ? error.message.split("\n").slice(0, 5) : [],
      hint: "What was saved is still there: use --undo again.",
      cause: error,
    });
  }
}

/** The right disks, nothing open on them; then what was saved or added, the last step first. */
export function undoActions({ plan, done, begun = null }: Pick<UndoRecord, "plan" | "done"> & Partial<Pick<UndoRecord, "begun">>): Action[] {
  const finished = plan.steps.filter(({ id }) => done.has(id));
  // A step that was cut off has added a part; what only reads has nothing to take back yet.
  const passed = plan.steps.filter(({ id, risk }) => done.has(id) || (id === begun && risk !== "reads"));
  const ready = finished.filter(({ data }) => data.kind === "check-target" || data.kind === "close-holder");
  return [
    ...ready.flatMap((step) => actionsOf(step, "restore", plan.evidence)),
    ...passed.toReversed().flatMap((step) => actionsOf(step, "undo", plan.evidence)),
  ];
}
