// Reads what is known of the terminal on standard output; what it means is said in describe-terminal.ts.
import { existsSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { FONT_MARKS, type TerminalFacts } from "./describe-terminal.ts";

/** The device behind a file descriptor of this process; null where it is a pipe, a file, or /proc is missing. */
export function ttyPathOf(descriptor: number): string | null {
  try {
    const path = readlinkSync(`/proc/self/fd/${descriptor}`);
    return path.startsWith("/dev/") ? path : null;
  } catch {
    return null;
  }
}

export function terminalFacts(env: TerminalFacts["env"], isTTY: boolean, reader = false): TerminalFacts {
  return { env, isTTY, ttyPath: ttyPathOf(1), hasOurFont: (name) => existsSync(join(FONT_MARKS, name)), reader };
}
