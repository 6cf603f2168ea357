// The three kinds of error the program knows: something a person can act on, a failed program, and (anything else) a bug.

/** Exit codes of every verb; docs/exit-codes.md explains each. */
export const EXIT = {
  done: 0,
  usage: 2,
  missing: 3,
  refused: 4,
  stepFailed: 5,
  interrupted: 6,
  hardwareDiffers: 8,
  loginWanted: 20,
  bug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ActionableDetails {
  /** Stable kebab-case name of the error, for scripts and tests. */
  code: string;
  exit: ExitCode;
  /** What failed, one sentence. */
  message: string;
  /** What was seen: the lines that prove it, the tool's own last words. */
  evidence?: readonly string[];
  /** What to do next. */
  hint?: string;
  cause?: unknown;
}

/** Something a person can act on. Shown as message, evidence, hint; never with a stack trace. */
export class ActionableError extends Error {
  readonly code: string;
  readonly exit: ExitCode;
  readonly evidence: readonly string[];
  readonly hint: string | undefined;

  constructor(details: ActionableDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "ActionableError";
    this.code = details.code;
    this.exit = details.exit;
    this.evidence = details.evidence ?? [];
    this.hint = details.hint;
  }
}

/** A program we started did not do what was asked. Carries its last words, never its secrets. */
export class ProgramError extends Error {
  readonly argv: readonly string[];
  /** Exit status, or null when it was ended by a signal, could not start or ran into its timeout. */
  readonly exit: number | null;
  readonly stderr: string;
  readonly reason: "exit" | "signal" | "timeout" | "missing";

  constructor(
    argv: readonly string[],
    reason: ProgramError["reason"],
    exit: number | null,
    stderr: string,
    cause?: unknown,
  ) {
    const said = stderr.trim().split("\n").at(-1) ?? "";
    const how =
      reason === "missing"
        ? "is not installed"
        : reason === "timeout"
          ? "did not finish in time"
          : reason === "signal"
            ? "was ended by a signal"
            : `ended with status ${exit}`;
    super(`${argv[0]} ${how}${said === "" ? "" : `: ${said}`}`, cause === undefined ? undefined : { cause });
    this.name = "ProgramError";
    this.argv = argv;
    this.exit = exit;
    this.stderr = stderr;
    this.reason = reason;
  }
}
