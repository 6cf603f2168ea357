// Makes the EFI system partition's file system and mounts it.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { espPlace, partitionPath } from "./places.ts";

type Data = Extract<StepData, { kind: "make-esp" }>;

const mount = ({ partuuid, place }: Data): Action[] => [
  run("mkdir", "-p", espPlace(place)),
  run("mount", "-t", "vfat", "-o", "umask=0077", partitionPath(partuuid), espPlace(place)),
];

export const makeEsp: StepKind<Data> = {
  kind: "make-esp",
  actions: (data) => [
    // With 4096-byte sectors only one sector a cluster gives FAT32 its 65 525 clusters.
    run(
      ...(["mkfs.vfat", "-F", "32", ...(data.sectorSize === 4096 ? ["-s", "1"] : []), "-n", "EFI"] as const),
      ...["-i", data.volumeId, partitionPath(data.partuuid)],
    ),
    ...mount(data),
  ],
  redo: ({ place }) => [tidy("umount", espPlace(place))],
  restore: (data) => [tidy("umount", espPlace(data.place)), ...mount(data)],
  release: ({ place }) => [tidy("umount", espPlace(place))],
};
