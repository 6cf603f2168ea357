// Writes the host's own configuration into the root that is mounted.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind } from "./action.ts";
import { ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "configure" }>;

/** Runs a program of the target: its own /proc in a mount and process namespace of its own, so nothing stays mounted. */
export function inTarget(...argv: [string, ...string[]]): ["unshare", ...string[]] {
  return [
    ...(["unshare", "--mount", "--pid", "--fork", "--kill-child", `--mount-proc=${ROOT}/proc`] as const),
    ...["chroot", ROOT, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/root"],
    ...["DEBIAN_FRONTEND=noninteractive", ...argv],
  ];
}

/** C.UTF-8 and en_US.UTF-8 come with the image; another one is compiled, about 20 s in an emulated guest. */
function locale(name: string): Action[] {
  if (name === "C.UTF-8" || name === "en_US.UTF-8" || name === "C" || name === "POSIX") return [];
  const [language, charset = "UTF-8"] = name.split(".");
  return [{ do: "run", argv: inTarget("localedef", "-i", language ?? name, "-f", charset, name), seconds: 600 }];
}

/** /etc is there; a unit's `….wants` may not be. */
function foldersOf(links: Data["links"]): Action[] {
  const folders = new Set(links.map(({ path }) => path.slice(0, path.lastIndexOf("/"))));
  folders.delete("/etc");
  return [...folders].map((folder) => run("mkdir", "-p", `${ROOT}${folder}`));
}

export const configure: StepKind<Data> = {
  kind: "configure",
  actions: (data) => [
    ...data.files.map(({ path, content, mode }): Action => ({ do: "write", path: `${ROOT}${path}`, content, mode })),
    ...foldersOf(data.links),
    ...data.links.map(({ path, to }) => run("ln", "-sfn", to, `${ROOT}${path}`)),
    run("zgenhostid", "-f", "-o", `${ROOT}/etc/hostid`, data.hostid),
    run("mkdir", "-p", ...["/boot/efi", ...(data.folders ?? [])].map((folder) => `${ROOT}${folder}`)),
    ...locale(data.locale),
    toDisk,
  ],
};
