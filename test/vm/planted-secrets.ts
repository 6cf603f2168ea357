// Searches a host for secrets that a scenario brought there on purpose: journal, logs, state, what programs were started with.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { type Context, DEADLINE } from "./scenario.ts";

/** Out of the folders that are searched, and of no program's arguments. */
const WORDS = "/root/planted-words";
const SEEN = "/root/seen-processes";

/** Begins to note what every process was started with, its environment included, until searchHost. */
export async function watchProcesses(shell: GuestShell, words: readonly string[]): Promise<void> {
  await shell.output(
    `umask 077; cat >${WORDS} <<'END-OF-WORDS'\n${words.join("\n")}\nEND-OF-WORDS\n` +
      `systemd-run -q --collect --unit=watch-processes sh -c 'while :; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n" | sort -u >>${SEEN}; sleep 3; done'`,
  );
}

/** The lines of a private key by which a copy of it would be found. */
export function wordsOfKey(key: string): string[] {
  // The first lines are alike in all keys of a kind.
  return key
    .split("\n")
    .slice(2, -2)
    .filter((line) => line.length > 20);
}

const FOLDERS = ["/run", "/var/lib/multiverse", "/var/log"];

const search = (folders: readonly string[]) => `{
  grep -rlaFf ${WORDS} --exclude-dir='mv-shell-*' ${folders.join(" ")}
  journalctl -q --no-pager -a | grep -aqFf ${WORDS} && echo the journal
  grep -qaFf ${WORDS} ${SEEN} && echo arguments or environment of a program
} 2>/dev/null | sort -u`;

export interface SearchOptions {
  /** Further folders. */
  more?: readonly string[];
  /** What of ours had the secrets near it: a verb that must be among what was noted. */
  verb?: "ctl" | "control-pipe";
}

/** Checks that none of the words is anywhere, and that the search would find one. */
export async function searchHost(
  context: Context,
  shell: GuestShell,
  { more = [], verb = "ctl" }: SearchOptions = {},
): Promise<void> {
  const found = async () => {
    const { output } = await shell.run(search([...FOLDERS, ...more]), { deadlineMs: DEADLINE.command });
    return output.trim();
  };
  const noted = await shell.output(`systemctl stop watch-processes; wc -l <${SEEN}; grep -c '^${verb}$' ${SEEN} || :`);
  const [lines = 0, commands = 0] = noted.trim().split("\n").map(Number);
  context.check(
    `what programs were started with was noted, multiverse ${verb} among them`,
    lines > 100 && commands > 0,
    noted,
  );
  context.same("no secret is in the journal, the logs, the state, or what programs were given", await found(), "");
  await shell.output(`head -n 1 ${WORDS} >/run/planted; chmod 600 /run/planted`);
  context.same("one that is put there is found", await found(), "/run/planted");
  await shell.output(`rm /run/planted; shred -u ${WORDS}`);
}
