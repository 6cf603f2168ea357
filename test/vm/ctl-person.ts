// Somebody at a host without any rights there, with a key of their own in a file: what `multiverse ctl` is for.
import type { GuestResult, GuestShell } from "../../core/vm/guest-shell.ts";
import { DEADLINE } from "./scenario.ts";

export interface CtlPerson {
  /** The folder of what the person has on the host. */
  home: string;
  /** A script, run by a login shell of this user. */
  sh(script: string): Promise<GuestResult>;
  /** `multiverse ctl` with these words, in shell syntax. */
  ctl(words: string): Promise<GuestResult>;
}

/** By root's shell: a user of the host. */
export function personAt(shell: GuestShell, user: string): CtlPerson {
  const sh = (script: string) =>
    shell.run(`runuser -l ${user} -c 'sh -s' <<'END-OF-PERSON'\n${script}\nEND-OF-PERSON`, {
      deadlineMs: DEADLINE.boot,
      what: `${user}: ${script.split("\n")[0]}`,
    });
  return { home: `/home/${user}`, sh, ctl: (words) => sh(`multiverse ctl ${words}`) };
}

/** A private key in a file that is the person's alone. */
export async function giveKey(person: CtlPerson, name: string, key: string): Promise<void> {
  const { exit, output } = await person.sh(`umask 077; cat >"$HOME/${name}" <<'END-OF-KEY'\n${key}END-OF-KEY`);
  if (exit !== 0) throw new Error(`the key ${name} could not be given: ${output}`);
}
