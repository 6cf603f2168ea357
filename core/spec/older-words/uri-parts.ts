// What the older URIs are made of: hosts, devices, names and paths, each checked before anything is made of it.

/** A text that is no URI of the grammar: what is wrong, as a clause behind the word ("has white space in it"). */
export class NotInGrammar extends Error {}

/** Who is logged in to where; `user` null is whoever ssh takes. */
export interface Remote {
  user: string | null;
  host: string;
}

const LONGEST = 1024;

/** What no part of any of them may have: it would be read as something else further on, by a shell, a program or ZFS. */
export function refuseOddities(uri: string): void {
  if (uri.length > LONGEST) throw new NotInGrammar(`is longer than ${LONGEST} characters`);
  if (/\s/.test(uri)) throw new NotInGrammar("has white space in it");
  if (/[\u0000-\u001f\u007f-\u009f]/.test(uri)) throw new NotInGrammar("has control characters in it");
  if (uri.includes("..")) throw new NotInGrammar("has .. in it");
  if (uri.includes("@@")) throw new NotInGrammar("has @@ in it");
}

/** zfs(8): letters, digits and _ - . : in each part. One that ends in a colon would read as the end of a host or device. */
const NAME = /^(?![-.]?$)(?!-)[A-Za-z0-9_.:-]*[A-Za-z0-9_.-]$/;

/** The parts of `pool/a/b`. */
export function readNames(text: string, what: string): string[] {
  const names = text.split("/");
  for (const name of names) {
    if (name === "") throw new NotInGrammar(`has an empty part in ${what}`);
    if (name.startsWith("-")) throw new NotInGrammar(`has a part that begins with - (${name})`);
    if (!NAME.test(name)) throw new NotInGrammar(`has a part that is no name in ${what} (${name})`);
  }
  return names;
}

/** An absolute path: `/`, or `/a/b` without a slash at its end. */
export function readPath(text: string): string {
  if (!text.startsWith("/")) throw new NotInGrammar("has no path that begins with /");
  if (text === "/") return text;
  for (const part of text.slice(1).split("/")) {
    if (part === "") throw new NotInGrammar("has an empty part in its path");
    if (part === ".") throw new NotInGrammar("has a part . in its path");
    if (part.startsWith("-")) throw new NotInGrammar(`has a part that begins with - (${part})`);
  }
  return text;
}

const DEVICE = /^\/dev(\/[A-Za-z0-9][A-Za-z0-9_.:+@#=-]*)+$/;

/** A path below /dev. */
export function readDevice(text: string): string {
  if (!DEVICE.test(text)) throw new NotInGrammar(`has no device such as /dev/nvme0n1 where one must stand (${text})`);
  return text;
}

const REMOTE = /^(?:([A-Za-z_][A-Za-z0-9_.-]*)@)?([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])$/;

/** `user@host`, `host` or `user@[fe80::1]`. */
export function readRemote(text: string): Remote {
  const found = REMOTE.exec(text);
  if (found === null) throw new NotInGrammar(`has no host such as root@10.1.0.1 where one must stand (${text})`);
  return { user: found[1] ?? null, host: found[2] ?? "" };
}

export function showRemote({ user, host }: Remote): string {
  return user === null ? host : `${user}@${host}`;
}
