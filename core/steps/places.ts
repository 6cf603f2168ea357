// Where things are while an install runs. A shell opened on a failed install finds the system at /mnt.
import type { PoolRef, Target } from "../plan/step.ts";
import type { Action } from "./action.ts";

export const ROOT = "/mnt";
export const ESP = "/run/multiverse/esp";
/** The top of a btrfs, with all its subvolumes below it. */
export const TOP = "/run/multiverse/top";
/** Where another medium's image, host root and program are mounted while they are copied from. */
export const SOURCE = "/run/multiverse/source";
/** A package set's layer, and the host's root with that layer on top. */
export const SET_LAYER = "/run/multiverse/set/layer";
export const SET_ROOT = "/run/multiverse/set/root";

/**
 * Ends a step that wrote files of the target: the journal must not say "done" of what a power cut still takes back.
 * syncfs(2) on ZFS waits for the transaction group; making data sets and snapshots waits by itself.
 */
export const toDisk: Action = { do: "run", argv: ["sync", "--file-system", ROOT], seconds: 600 };

/** Where each of several ESPs is mounted, counted from 1. */
export const espPlace = (at = 1): string => (at === 1 ? ESP : `${ESP}${at}`);
export const espPlaces = (count = 1): string[] => Array.from({ length: count }, (_, index) => espPlace(index + 1));

export const diskPath = (target: Target): string => `/dev/disk/by-id/${target.id}`;
export const partitionPath = (partuuid: string): string => `/dev/disk/by-partuuid/${partuuid}`;
/** The dataset of a system under the name that the pool is imported as. */
export const dataset = (pool: PoolRef, ...names: string[]): string => [pool.importName, ...names].join("/");
