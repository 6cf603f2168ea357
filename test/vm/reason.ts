// An error in words: what failed, the evidence, what to do next; a bug keeps its stack.
import { ActionableError, ProgramError } from "../../core/errors.ts";

export function reasonOf(error: unknown): string {
  if (error instanceof ActionableError) {
    return [error.message, ...error.evidence, error.hint ?? ""].filter((line) => line !== "").join("\n");
  }
  if (error instanceof ProgramError) return `${error.message}\n${error.argv.join(" ")}\n${error.stderr}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
