// What the terminal of this process is and can show; loaded before Ink, which decides on colours when it is loaded.
import type { Run } from "../core/tools/run.ts";
import { describeTerminal, styleLevel, type TerminalDescription } from "../tui/terminal/describe-terminal.ts";
import { probeStreams, sttyArgv, takeSize } from "../tui/terminal/probe-size.ts";
import { terminalFacts, ttyPathOf } from "../tui/terminal/terminal-facts.ts";
import { USUAL_SIZE } from "../tui/terminal/usual-size.ts";

/** A line at 9600 baud answers within 20 ms; a person's terminal over a slow link within a second. */
const ANSWER_MS = 2000;

/** Reads the environment, and tells Ink's colours; nothing is written to the terminal. */
export function describePlace(reader: boolean, once: boolean): TerminalDescription {
  const description = describeTerminal(terminalFacts(process.env, process.stdout.isTTY === true, reader));
  process.env.FORCE_COLOR = once && process.stdout.isTTY !== true ? "0" : styleLevel(description);
  // Any CI variable makes Ink draw one frame only.
  delete process.env.CI;
  return description;
}

/** A serial line does not know its size: the terminal at its other end is asked, and the kernel told. */
export async function measure(run: Run, description: TerminalDescription): Promise<TerminalDescription> {
  if (process.stdout.columns > 0 && process.stdout.rows > 0) return description;
  const probed = await probeStreams(process.stdin, process.stdout, AbortSignal.timeout(ANSWER_MS));
  const tty = ttyPathOf(1);
  const [stty, ...words] = tty === null ? [] : sttyArgv(tty, probed);
  // Another program on this line then knows it, too; where it cannot be set, ours does all the same.
  if (stty !== undefined) await run([stty, ...words]).catch(() => {});
  takeSize(process.stdout, probed);
  return probed.utf8 === true ? { ...description, letters: "unicode" } : description;
}

export function sizeNow(): { columns: number; rows: number } {
  return {
    columns: process.stdout.columns || Number(process.env.COLUMNS) || USUAL_SIZE.columns,
    rows: process.stdout.rows || Number(process.env.LINES) || USUAL_SIZE.rows,
  };
}
