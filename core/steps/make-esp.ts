// Makes the EFI system partition's file system and mounts it.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { ESP, partitionPath } from "./places.ts";

type Data = Extract<StepData, { kind: "make-esp" }>;

const mount = (partuuid: string): Action[] => [
  run("mkdir", "-p", ESP),
  run("mount", "-t", "vfat", "-o", "umask=0077", partitionPath(partuuid), ESP),
];

export const makeEsp: StepKind<Data> = {
  kind: "make-esp",
  actions: ({ partuuid, volumeId, sectorSize }) => [
    // With 4096-byte sectors only one sector a cluster gives FAT32 its 65 525 clusters.
    run(
      ...(["mkfs.vfat", "-F", "32", ...(sectorSize === 4096 ? ["-s", "1"] : []), "-n", "EFI"] as const),
      ...["-i", volumeId, partitionPath(partuuid)],
    ),
    ...mount(partuuid),
  ],
  redo: () => [tidy("umount", ESP)],
  restore: ({ partuuid }) => [tidy("umount", ESP), ...mount(partuuid)],
  release: () => [tidy("umount", ESP)],
};
