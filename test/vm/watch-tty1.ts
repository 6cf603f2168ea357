// Looks at tty1 from inside the guest: does something there, and times how long the screen takes to show what it must.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { type Context, DEADLINE } from "./scenario.ts";

/** One row of the screen, its bytes beyond ASCII as they are in the font. */
export const ROWS = `fold -w "$(stty -F /dev/tty1 size | cut -d' ' -f2)" /dev/vcs1`;

export interface Expected {
  /** Extended regular expressions, each of which must match some row. */
  rows: readonly string[];
  /** What no row may match. */
  none?: string;
}

/** A shell's condition. */
export function shows({ rows, none }: Expected): string {
  const grep = (pattern: string) => `printf %s "$seen" | LC_ALL=C grep -aqE '${pattern}'`;
  const all = [...rows.map(grep), ...(none === undefined ? [] : [`! ${grep(none)}`])];
  return `{ seen=$(${ROWS}); ${all.join(" && ")}; }`;
}

/**
 * Runs `work` in the guest and waits until tty1 shows what is expected; both in one script, so that the time is the
 * guest's own. The look itself is done ten times a second. A check fails with what the screen shows instead.
 */
export async function timeOnTty1(
  context: Context,
  shell: GuestShell,
  title: string,
  { work = "", ...expected }: Expected & { work?: string },
): Promise<boolean> {
  const script = `
now() { cut -d' ' -f1 /proc/uptime; }
began=$(now)
${work}
n=0
until ${shows(expected)}; do
  n=$((n + 1)); [ $n -lt 1200 ] || { ${ROWS}; exit 9; }
  sleep 0.1
done
echo "took $began $(now)"`;
  const { exit, output } = await shell.run(script, { deadlineMs: DEADLINE.command, what: title });
  const [from, to] = (/took ([\d.]+) ([\d.]+)/.exec(output) ?? []).slice(1).map(Number);
  const took = from === undefined || to === undefined ? "" : ` (${(to - from).toFixed(1)} s)`;
  context.check(`${title}${took}`, exit === 0, output);
  return exit === 0;
}

/** Keeps tty1 as a picture and as text, with a "?" for what is not ASCII. */
export async function keepScreen(shell: GuestShell, machine: Machine, name: string): Promise<void> {
  await machine.picture(name);
  const rows = await shell.output(`${ROWS} | LC_ALL=C tr -c '[:print:]\\n' '?'`);
  await writeFile(join(machine.folder, `${name}.txt`), rows);
}
