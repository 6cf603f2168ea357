// What a step is made of: a closed set of small actions that the executor runs and the exported script writes out.
import type { Evidence, StepData } from "../plan/step.ts";
import type { Argv } from "../tools/run.ts";

/** A secret the plan needs but never holds; the executor and the script each have their way to get it. */
export type SecretName = "passphrase" | "recovery-passphrase";

/** What to say when a check or a wait fails. */
export interface Otherwise {
  code: string;
  message: string;
  hint: string;
}

export type Action =
  | {
      do: "run";
      argv: Argv;
      stdin?: string;
      secret?: SecretName;
      /** Any exit status will do: for cleaning what may not be there. */
      anyExit?: true;
      /** Failure is a warning with this text, not the end. */
      bestEffort?: string;
      /** Default 120. */
      seconds?: number;
    }
  /** `total` is what must have gone through, in bytes (decimal string): less is a source that ended early. */
  | { do: "pipe"; stages: [Argv, Argv]; total?: string }
  | { do: "write"; path: string; content: string; base64?: true; mode: string }
  | { do: "check"; argv: Argv; expect: Expectation; otherwise: Otherwise }
  /** Until the path is there, or until it is not. */
  | { do: "wait"; path: string; gone?: true; seconds: number; otherwise: Otherwise };

/** `oneOf`: what standard output may be, whatever the exit status. */
export type Expectation =
  | { exit: "zero" | "not-zero" }
  | { stdout: string }
  | { oneOf: readonly string[] }
  | { output: "empty" };

/** One kind of step. Each list runs in order and ends at the first failure. */
export interface StepKind<Data extends StepData> {
  kind: Data["kind"];
  /** Checks before, the work, checks after. */
  actions(data: Data, evidence: Evidence): Action[];
  /** Runs first when the step was begun but not finished before; brings the target back to where `actions` can start. */
  redo?(data: Data, evidence: Evidence): Action[];
  /** Brings back, after a restart, what a finished step left in the running system (imports, keys, mounts). */
  restore?(data: Data, evidence: Evidence): Action[];
  /** Puts back what finished steps overwrote; only while no step of risk "no-way-back" was begun. */
  undo?(data: Data, evidence: Evidence): Action[];
  /** Runs when the install stops, in reverse order, so that the machine can be switched off or tried again. */
  release?(data: Data, evidence: Evidence): Action[];
}

export const run = (...argv: Argv): Action => ({ do: "run", argv });
/** Cleaning: whatever it says, go on. */
export const tidy = (...argv: Argv): Action => ({ do: "run", argv, anyExit: true });
