// The fsynced record of which steps were intended and done; docs/formats/journal.md describes the file.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ActionableError, EXIT } from "../errors.ts";
import { hashOf } from "../plan/make-plan.ts";
import type { Plan } from "../plan/step.ts";
import { writeDurably } from "../tools/durable.ts";

export { writeDurably };

/** `undoing`: from here on the install cannot go on; `undone`: what it overwrote was put back. */
export type JournalState = "intent" | "done" | "finished" | "undoing" | "undone";

interface JournalLine {
  v: 1;
  state: JournalState;
  step?: string;
}

/** One install's record: the plan as it was confirmed, and a line for each thing intended and done. */
export class Journal {
  readonly directory: string;
  readonly plan: Plan;
  readonly done: ReadonlySet<string>;
  /** The step that was begun and not finished, if any. */
  readonly begun: string | null;
  /** Whether it is being undone. */
  readonly undoing: boolean;

  private constructor(directory: string, plan: Plan, read: Pick<Journal, "done" | "begun" | "undoing">) {
    this.directory = directory;
    this.plan = plan;
    this.done = read.done;
    this.begun = read.begun;
    this.undoing = read.undoing;
  }

  static begin(root: string, plan: Plan): Journal {
    const directory = join(root, "journal", plan.hash.slice(0, 12));
    mkdirSync(directory, { recursive: true });
    writeDurably(join(directory, "steps.jsonl"), "");
    writeDurably(join(directory, "plan.json"), `${JSON.stringify(plan, null, 1)}\n`);
    return new Journal(directory, plan, { done: new Set(), begun: null, undoing: false });
  }

  /** Reads a journal back. A last line cut off by a power failure is as if it had not been written. */
  static open(directory: string): Journal & { finished: boolean } {
    const plan = readPlan(join(directory, "plan.json"));
    const lines = readLines(join(directory, "steps.jsonl"));
    const done = new Set<string>();
    let begun: string | null = null;
    for (const { state, step } of lines) {
      if (step === undefined) continue;
      if (state === "intent") begun = step;
      if (state === "done") {
        done.add(step);
        begun = null;
      }
    }
    const finished = lines.some(({ state }) => state === "finished" || state === "undone");
    const undoing = lines.some(({ state }) => state === "undoing");
    return Object.assign(new Journal(directory, plan, { done, begun, undoing }), { finished });
  }

  /** Every journal below `root`, oldest name first. */
  static all(root: string): (Journal & { finished: boolean })[] {
    const parent = join(root, "journal");
    if (!existsSync(parent)) return [];
    return readdirSync(parent)
      .sort()
      .filter((name) => existsSync(join(parent, name, "plan.json")))
      .map((name) => Journal.open(join(parent, name)));
  }

  /** The same install copied from another source. The plan's steps, and with them its hash, must be the same. */
  changeEvidence(plan: Plan): Journal {
    if (plan.hash !== this.plan.hash || hashOf(plan) !== plan.hash) throw new Error("the journal is of another plan");
    writeDurably(join(this.directory, "plan.json"), `${JSON.stringify(plan, null, 1)}\n`);
    return new Journal(this.directory, plan, this);
  }

  static unfinished(root: string): Journal[] {
    return Journal.all(root).filter(({ finished }) => !finished);
  }

  /** Returns when the line is on the medium. */
  write(state: JournalState, step?: string): void {
    const line: JournalLine = { v: 1, state, ...(step === undefined ? {} : { step }) };
    const fd = openSync(join(this.directory, "steps.jsonl"), "a", 0o600);
    try {
      writeSync(fd, `${JSON.stringify(line)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }
}

function readLines(path: string): JournalLine[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, index) => {
    if (line === "") return [];
    try {
      return [JSON.parse(line) as JournalLine];
    } catch (cause) {
      // Only the last line can be half written; anything else is damage.
      if (lines.slice(index + 1).every((rest) => rest === "")) return [];
      throw damaged(path, cause);
    }
  });
}

function readPlan(path: string): Plan {
  let plan: Plan;
  try {
    plan = JSON.parse(readFileSync(path, "utf8")) as Plan;
  } catch (cause) {
    throw damaged(path, cause);
  }
  if (plan.version !== 1 || hashOf(plan) !== plan.hash) throw damaged(path, undefined);
  return plan;
}

function damaged(path: string, cause: unknown): ActionableError {
  return new ActionableError({
    code: "journal-damaged",
    exit: EXIT.refused,
    message: `The record of the unfinished install cannot be trusted: ${path} is damaged.`,
    hint: "Start the install anew with --restart; what is on the target disk will be erased again.",
    cause,
  });
}
