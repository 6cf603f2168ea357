// Names and mounts of a system's subvolumes (docs/formats/subvolume-tree.md).

import { BTRFS_OPTIONS } from "../plan/disk-mounts.ts";
import type { FileSystemRef } from "../plan/step.ts";
import { type Action, run } from "./action.ts";
import { ROOT, TOP } from "./places.ts";

/** A subvolume as a path while the top is mounted. */
export const subvolume = (system: string, ...names: string[]): string => [TOP, system, ...names].join("/");

/** Mounts one of the system's roots where the steps work on it. */
export const mountSubvolume = ({ devices }: FileSystemRef, system: string, ...names: string[]): Action =>
  run(
    ...(["mount", "-t", "btrfs", "-o", `subvol=/${[system, ...names].join("/")},${BTRFS_OPTIONS}`] as const),
    ...[devices[0] ?? "", ROOT],
  );

/** What was done to the top is on the disks. */
export const topToDisk: Action = { do: "run", argv: ["sync", "--file-system", TOP], seconds: 600 };
