// Mounts an EFI system partition that is there. It is never formatted, and only files of ours are written to it.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { espPlace, partitionPath } from "./places.ts";

type Data = Extract<StepData, { kind: "join-esp" }>;

export const mountEsp = (partuuid: string, place: string): Action[] => [
  run("mkdir", "-p", place),
  {
    ...{ do: "wait", path: partitionPath(partuuid), seconds: 60 },
    otherwise: {
      code: "partition-missing",
      message: "The EFI system partition that is to be joined is not there.",
      hint: "Put its disk back, then use --resume.",
    },
  },
  run("mount", "-t", "vfat", "-o", "umask=0077", partitionPath(partuuid), place),
];

export const joinEsp: StepKind<Data> = {
  kind: "join-esp",
  actions: ({ partuuid, place }) => mountEsp(partuuid, espPlace(place)),
  redo: ({ place }) => [tidy("umount", espPlace(place))],
  restore: ({ partuuid, place }) => [tidy("umount", espPlace(place)), ...mountEsp(partuuid, espPlace(place))],
  release: ({ place }) => [tidy("umount", espPlace(place))],
};
