// Closes the recovery root on btrfs against writing and branches the maintained root g2 off it; both share their blocks.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { ROOT } from "./places.ts";
import { mountSubvolume, subvolume, topToDisk } from "./subvolumes.ts";

type Data = Extract<StepData, { kind: "branch-maintained" }>;

const readOnly = (path: string, value: "true" | "false"): ["btrfs", ...string[]] => [
  ...(["btrfs", "property", "set", "-t", "subvol", path, "ro", value] as const),
];

export const branchMaintained: StepKind<Data> = {
  kind: "branch-maintained",
  actions: ({ fs, system }): Action[] => [
    run("umount", ROOT),
    run(...readOnly(subvolume(system, "rec", "g1"), "true")),
    run("btrfs", "subvolume", "snapshot", subvolume(system, "rec", "g1"), subvolume(system, "os", "g2")),
    topToDisk,
    mountSubvolume(fs, system, "os", "g2"),
  ],
  redo: ({ fs, system }) => [
    tidy("umount", ROOT),
    tidy("btrfs", "subvolume", "delete", subvolume(system, "os", "g2")),
    mountSubvolume(fs, system, "rec", "g1"),
  ],
  restore: ({ fs, system }) => [tidy("umount", ROOT), mountSubvolume(fs, system, "os", "g2")],
};
