// Copies the pristine host root and our program into the recovery root g1.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { dataset, ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "copy-system" }>;

const mountG1 = ({ pool, system }: Data): Action =>
  run("mount", "-t", "zfs", "-o", "zfsutil", dataset(pool, system, "rec", "g1"), ROOT);

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

export const copySystem: StepKind<Data> = {
  kind: "copy-system",
  actions: (data, { sources }) => [
    run("mkdir", "-p", ROOT),
    mountG1(data),
    copyTree(sources.host, ROOT, sources.hostBytes),
    run("mkdir", "-p", `${ROOT}/usr/lib/multiverse`),
    // Not measured: in development another disk's program may stand in for the medium's own.
    copyTree(sources.program, `${ROOT}/usr/lib/multiverse`),
    toDisk,
  ],
  redo: ({ pool, system }) => [
    tidy("umount", ROOT),
    run("zfs", "rollback", "-r", dataset(pool, system, "rec", "g1@empty")),
  ],
  restore: (data) => [tidy("umount", ROOT), mountG1(data)],
  release: () => [tidy("umount", "-R", ROOT)],
};
