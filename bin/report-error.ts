// Errors for people, on standard error: what failed, what was seen, what to do. A stack trace only for those who ask for it.
import { ActionableError, EXIT, type ExitCode, ProgramError } from "../core/errors.ts";
import { scrubLine } from "../core/inventory/scrub.ts";

/** The lines to show and the exit code to end with. `debug` adds the stack of a bug. */
export function reportError(error: unknown, debug: boolean): { text: string; exit: ExitCode } {
  if (error instanceof ActionableError)
    return { text: show(error.message, error.evidence, error.hint), exit: error.exit };
  if (error instanceof ProgramError) {
    const words = error.stderr.trim().split("\n").slice(-5);
    return {
      text: show(
        `${error.message}`,
        words.length === 1 ? [] : words,
        "See what it said; docs/exit-codes.md explains the exit code.",
      ),
      exit: EXIT.stepFailed,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = debug && error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return {
    text: show(
      `This is a bug in multiverse: ${message}`,
      stack,
      debug ? undefined : "Please report it with the command and what MULTIVERSE_DEBUG=1 adds to this message.",
    ),
    exit: EXIT.bug,
  };
}

function show(message: string, evidence: readonly string[], hint: string | undefined): string {
  const lines = [`multiverse: ${scrubLine(message)}`, ...evidence.map((line) => `  ${scrubLine(line)}`)];
  if (hint !== undefined) lines.push(`→ ${scrubLine(hint)}`);
  return `${lines.join("\n")}\n`;
}
