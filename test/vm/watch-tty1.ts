// Looks at tty1 from inside the guest: does something there, and times how long the screen takes to show what it must.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface Expected {
  /** Regular expressions of Perl's, in one row each; without single quotes. */
  rows: readonly string[];
  /** What no row may match. */
  none?: string;
}

/** For how long the guest itself waits, seconds. */
const WAIT_S = DEADLINE.command / 2000;

/**
 * A shell command that ends when tty1 shows what is expected, with status 0 and the seconds since the boot at which it
 * did; or with the screen and status 9. One process looks ten times a second: on an emulated machine a pipeline for
 * each look would take most of the time that is measured.
 */
export function untilShown({ rows, none }: Expected): string {
  const patterns = [none ?? "", ...rows].map((pattern) => `'${pattern}'`).join(" ");
  return `columns=$(stty -F /dev/tty1 size | cut -d' ' -f2) perl -e '
my ($none, @wanted) = @ARGV;
my $width = $ENV{columns};
my @rows;
for (1 .. ${WAIT_S * 10}) {
  open(my $screen, "<:raw", "/dev/vcs1") or die;
  read($screen, my $text, 1 << 20);
  @rows = unpack("(a$width)*", $text);
  my $all = 1;
  for my $pattern (@wanted) { $all &&= grep { /$pattern/ } @rows; }
  if ($all && ($none eq "" || !grep { /$none/ } @rows)) {
    open(my $up, "<", "/proc/uptime"); print "at ", (split " ", <$up>)[0], "\\n"; exit 0;
  }
  select(undef, undef, undef, 0.1);
}
s/[^ -~]/?/g, print "$_\\n" for @rows;
exit 9' ${patterns}`;
}

/**
 * Runs `work` in the guest and waits until tty1 shows what is expected; both in one script, so that the time is the
 * guest's own. A check fails with what the screen shows instead.
 */
export async function timeOnTty1(
  context: Context,
  shell: GuestShell,
  title: string,
  { work = ":", ...expected }: Expected & { work?: string },
): Promise<boolean> {
  const script = `began=$(cut -d' ' -f1 /proc/uptime)
${work}
${untilShown(expected)} || exit
echo "began $began"`;
  const { exit, output } = await shell.run(script, { deadlineMs: DEADLINE.command, what: title });
  const at = Number(/^at ([\d.]+)$/m.exec(output)?.[1]);
  const began = Number(/^began ([\d.]+)$/m.exec(output)?.[1]);
  context.check(`${title}${exit === 0 ? ` (${(at - began).toFixed(1)} s)` : ""}`, exit === 0, output);
  return exit === 0;
}

/** Keeps tty1 as a picture and as text, with a "?" for what is not ASCII. */
export async function keepScreen(shell: GuestShell, machine: Machine, name: string): Promise<void> {
  await machine.picture(name);
  const fold = `fold -w "$(stty -F /dev/tty1 size | cut -d' ' -f2)" /dev/vcs1`;
  await writeFile(
    join(machine.folder, `${name}.txt`),
    await shell.output(`${fold} | LC_ALL=C tr -c '[:print:]\\n' '?'`),
  );
}
