// Makes a file system that is not ZFS; that of the root is mounted, of btrfs its top.
import type { FileSystemRef, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { ROOT, TOP } from "./places.ts";

type Data = Extract<StepData, { kind: "make-file-system" }>;

/** Discarding a large disk takes its time. */
const SECONDS = 3600;

function make({ filesystem, uuid, devices, profile }: FileSystemRef, label: string): [string, ...string[]] {
  switch (filesystem) {
    case "ext4":
      return ["mkfs.ext4", "-q", "-F", "-U", uuid, "-L", label.slice(0, 16), ...devices];
    case "xfs":
      return ["mkfs.xfs", "-q", "-f", "-m", `uuid=${uuid}`, "-L", label.slice(0, 12), ...devices];
    case "btrfs": {
      const profiles = ["--data", profile ?? "single", "--metadata", profile ?? "dup"];
      return ["mkfs.btrfs", "--quiet", "--force", "--uuid", uuid, "--label", label, ...profiles, ...devices];
    }
    default:
      return filesystem satisfies never;
  }
}

/** Where a root's file system is mounted while we work. */
export const placeOf = ({ filesystem }: FileSystemRef): string => (filesystem === "btrfs" ? TOP : ROOT);

/** The kernel must know every device of a btrfs before it is mounted by one of them. */
export function mountFileSystem(fs: FileSystemRef, ...options: string[]): Action[] {
  const words = [...(fs.filesystem === "btrfs" ? ["subvolid=5"] : []), ...options];
  return [
    run("mkdir", "-p", placeOf(fs)),
    ...(fs.filesystem === "btrfs" ? [run("btrfs", "device", "scan", ...fs.devices)] : []),
    run(
      ...(["mount", "-t", fs.filesystem, ...(words.length === 0 ? [] : ["-o", words.join(",")])] as const),
      ...[fs.devices[0] ?? "", placeOf(fs)],
    ),
  ];
}

export const makeFileSystem: StepKind<Data> = {
  kind: "make-file-system",
  actions: ({ fs, label, root }) => {
    return [{ do: "run", argv: make(fs, label), seconds: SECONDS }, ...(root ? mountFileSystem(fs) : [])];
  },
  redo: ({ fs, root }) => (root ? [tidy("umount", placeOf(fs))] : []),
  restore: ({ fs, root }) => (root ? [tidy("umount", "-R", placeOf(fs)), ...mountFileSystem(fs)] : []),
  release: ({ fs, root }) => (root ? [tidy("umount", "-R", placeOf(fs))] : []),
};
