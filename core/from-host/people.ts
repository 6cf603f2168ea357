// `users:` and `control:` of a running system. A hash only where it was asked for; never anything in clear text.

import { passwordHash, publicKey } from "../spec/credentials.ts";
import { groupName, userName } from "../spec/names.ts";
import { asked } from "./asked.ts";
import { type HostFacts, people } from "./facts.ts";

export function usersOf({ answers, keys, shadow }: HostFacts): unknown {
  const list = people(answers.passwd).flatMap(({ user, shell }) => {
    if (!userName.safeParse(user).success || /\/(nologin|false)$/.test(shell)) return [];
    const valid = validKeys(keys.get(user) ?? "");
    const password = passwordOf(user, shadow);
    // root without anything is what every system has.
    if (user === "root" && valid.length === 0 && typeof password !== "string") return [];
    const groups = user === "root" ? [] : groupsOf(user, answers.groups);
    return [
      {
        name: user,
        ...(password === null ? {} : { password }),
        ...(groups.length === 0 ? {} : { groups }),
        ...(valid.length === 0 ? {} : { "ssh-keys": valid }),
      },
    ];
  });
  return list.length === 0 ? asked("No user of the running system can be taken over.") : list;
}

/** Null: nobody can log in with a password. */
function passwordOf(user: string, shadow: string | null): unknown {
  if (shadow === null) return asked(`The hash of ${user}'s password: --hashes takes it over.`);
  const hash = shadow
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === user)?.[1];
  if (hash === undefined) return asked(`The running system does not show the hash of ${user}'s password.`);
  if (hash === "" || /^[!*]/.test(hash)) return null;
  // Older kinds of hash are not taken: they are quick to guess.
  return passwordHash.safeParse(hash).success
    ? hash
    : asked(`The hash of ${user}'s password is of a kind that is not taken.`);
}

/** Lines with options in front (from=…, command=…) are no plain keys. */
function validKeys(file: string): string[] {
  const lines = file.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== "" && publicKey.safeParse(line).success))];
}

/** Beyond the user's own group, which useradd(8) makes. */
function groupsOf(user: string, groups: string): string[] {
  return groups.split("\n").flatMap((line) => {
    const [name = "", , , members = ""] = line.split(":");
    const own = members.split(",").includes(user) && name !== user;
    return own && groupName.safeParse(name).success ? [name] : [];
  });
}

/** Who commands it by signing: the keys of allowed_signers with what policy.yml lets them do. */
export function controlOf({ answers, principals }: HostFacts): Record<string, unknown> {
  if (answers.signers.trim() === "") return {};
  if (principals === null)
    return { control: { admins: asked("The running system's policy of who may command it cannot be read.") } };
  const admins = answers.signers.split("\n").flatMap((line) => {
    const [, name = "", key = ""] = /^(\S+) namespaces="[^"]*" (\S+ \S+.*)$/.exec(line.trim()) ?? [];
    const operations = principals.get(name);
    if (operations === undefined || !publicKey.safeParse(key).success) return [];
    return [{ name, key, ...(operations === "all" ? {} : { operations: [...operations] }) }];
  });
  return admins.length === 0 ? {} : { control: { admins } };
}
