// Adds the spec's users with their hashed passwords, groups and ssh keys.
import type { PlannedUser, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "add-users" }>;

function keys(user: PlannedUser, home: string): Action[] {
  if (user.sshKeys.length === 0) return [];
  const directory = `${ROOT}${home}/.ssh`;
  return [
    run("install", "-d", "-m", "0700", directory),
    { do: "write", path: `${directory}/authorized_keys`, content: `${user.sshKeys.join("\n")}\n`, mode: "0600" },
    run("chroot", ROOT, "chown", "-R", `${user.name}:`, `${home}/.ssh`),
  ];
}

function add(user: PlannedUser): Action[] {
  const groups = user.groups.length === 0 ? [] : ["--groups", user.groups.join(",")];
  const home = user.name === "root" ? "/root" : `/home/${user.name}`;
  return [
    ...(user.name === "root"
      ? []
      : [run("chroot", ROOT, "useradd", "--create-home", "--shell", "/bin/bash", ...groups, user.name)]),
    // The hash goes through standard input: argv is everybody's to read.
    ...(user.password === null
      ? []
      : [
          {
            do: "run",
            argv: ["chroot", ROOT, "chpasswd", "--encrypted"],
            stdin: `${user.name}:${user.password}\n`,
          } satisfies Action,
        ]),
    ...keys(user, home),
  ];
}

export const addUsers: StepKind<Data> = {
  kind: "add-users",
  actions: ({ users }) => [...users.flatMap(add), toDisk],
  redo: ({ users }) =>
    users.filter(({ name }) => name !== "root").map(({ name }) => tidy("chroot", ROOT, "userdel", "--remove", name)),
};
