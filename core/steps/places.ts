// Where things are while an install runs. A shell opened on a failed install finds the system at /mnt.
import type { PoolRef, Target } from "../plan/step.ts";

export const ROOT = "/mnt";
export const ESP = "/run/multiverse/esp";

export const diskPath = (target: Target): string => `/dev/disk/by-id/${target.id}`;
export const partitionPath = (partuuid: string): string => `/dev/disk/by-partuuid/${partuuid}`;
/** The dataset of a system under the name that the pool is imported as. */
export const dataset = (pool: PoolRef, ...names: string[]): string => [pool.importName, ...names].join("/");
