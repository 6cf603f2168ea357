// How a command is written as one line: the key under which a recorded machine keeps its output.
import type { Argv } from "../tools/run.ts";

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** The words as a POSIX shell would take them back. */
export function commandLine(argv: Argv): string {
  return argv.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
