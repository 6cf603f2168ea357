// Copies the pristine host root and our program into the recovery root g1.
import type { Evidence, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { dataset, ROOT, SET_LAYER, SET_ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "copy-system" }>;

/** A root that is not ZFS is mounted by the step that made it. */
const mountG1 = (data: Data): Action[] =>
  "mounted" in data
    ? []
    : [run("mount", "-t", "zfs", "-o", "zfsutil", dataset(data.pool, data.system, "rec", "g1"), ROOT)];

/** Back to an empty root: half a copy must not be mixed with a whole one. */
function empty(data: Data): Action[] {
  if (!("mounted" in data))
    return [tidy("umount", ROOT), run("zfs", "rollback", "-r", dataset(data.pool, data.system, "rec", "g1@empty"))];
  const below: [string, ...string[]] = ["find", ROOT, "-xdev", "-mindepth", "1"];
  return [{ do: "run", argv: [...below, "-not", "-path", `${ROOT}/lost+found`, "-delete"], seconds: 1800 }];
}

function copyTree(from: string, to: string, bytes?: string): Action {
  return {
    do: "pipe",
    stages: [
      ["tar", "--create", "--format=gnu", "--one-file-system", "--numeric-owner", "-C", from, "-f", "-", "."],
      ["tar", "--extract", "--numeric-owner", "--preserve-permissions", "-C", to, "-f", "-"],
    ],
    ...(bytes === undefined ? {} : { total: bytes }),
  };
}

/** The host's root as the plan wants it: by itself, or with a package set's layer on top. */
function copyHost({ set }: Data, { sources }: Evidence): Action[] {
  if (set === undefined) return [copyTree(sources.host, ROOT, sources.hostBytes)];
  // make-plan.ts has refused a source without it
  const { layer = "", bytes } = sources.sets?.[set] ?? {};
  return [
    ...leaveSet(),
    run("mkdir", "-p", SET_LAYER, SET_ROOT),
    run("mount", "-t", "squashfs", "-o", "ro,nosuid,nodev,noexec,loop", layer, SET_LAYER),
    // xino: or files that are hard links of each other would be copied twice
    run(
      "mount",
      "-t",
      "overlay",
      "-o",
      `ro,nosuid,nodev,noexec,lowerdir=${SET_LAYER}:${sources.host},xino=on`,
      "overlay",
      SET_ROOT,
    ),
    copyTree(SET_ROOT, ROOT, bytes),
    ...leaveSet(),
  ];
}

/** Lazily, as with a medium that was pulled out. */
const leaveSet = (): Action[] => [tidy("umount", "--lazy", SET_ROOT), tidy("umount", "--lazy", SET_LAYER)];

export const copySystem: StepKind<Data> = {
  kind: "copy-system",
  actions: (data, evidence) => [
    run("mkdir", "-p", ROOT),
    ...mountG1(data),
    ...copyHost(data, evidence),
    run("mkdir", "-p", `${ROOT}/usr/lib/multiverse`),
    // Not measured: in development another disk's program may stand in for the medium's own.
    copyTree(evidence.sources.program, `${ROOT}/usr/lib/multiverse`),
    toDisk,
  ],
  redo: empty,
  restore: (data) => ("mounted" in data ? [] : [tidy("umount", ROOT), ...mountG1(data)]),
  release: ({ set }) => [...(set === undefined ? [] : leaveSet()), tidy("umount", "-R", ROOT)],
};
