// Runs one of the probe's commands and never fails: what a missing or failing program means is for each part to judge.
import { ProgramError } from "../errors.ts";
import type { Argv, Run } from "../tools/run.ts";

export interface Answer {
  stdout: string;
  stderr: string;
  /** Null when the program is missing or did not end by itself. */
  exit: number | null;
  /** True when the program is not installed. */
  missing: boolean;
}

/** The probe's commands are quick, except for scanning many slow disks for pools. */
const TIMEOUT_MS = 60_000;

/** grep, zpool and ls end with other than 0 and have said something useful all the same. */
const ANY_EXIT = Array.from({ length: 256 }, (_, exit) => exit);

/** The command's output whatever its exit code. */
export async function ask(run: Run, argv: Argv, signal?: AbortSignal, timeoutMs = TIMEOUT_MS): Promise<Answer> {
  try {
    const result = await run(argv, {
      timeoutMs,
      ok: ANY_EXIT,
      ...(signal === undefined ? {} : { signal }),
    });
    return { stdout: result.stdout, stderr: result.stderr, exit: result.exit, missing: false };
  } catch (error) {
    // A program that was ended because the person wants to stop is no answer.
    signal?.throwIfAborted();
    if (!(error instanceof ProgramError)) throw error;
    return {
      stdout: "",
      stderr: error.stderr,
      exit: error.reason === "exit" ? error.exit : null,
      missing: error.reason === "missing",
    };
  }
}

/** The standard output of a command that did well, else "". */
export function outputOf(answer: Answer): string {
  return answer.exit === 0 ? answer.stdout : "";
}

/** The last line a program said, for a note. */
export function lastWords(answer: Answer): string {
  if (answer.missing) return "it is not installed";
  return lastLine(answer.stderr) || `it ended with status ${answer.exit ?? "unknown"}`;
}

/** "" when there is none. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
