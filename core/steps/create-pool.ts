// Creates the pool under a temporary name and gives it its planned GUID.
import { vdevWords } from "../plan/layout/vdevs.ts";
import { membersOf, vdevsIn } from "../plan/pool-of.ts";
import { optionWords } from "../plan/pool-options.ts";
import type { PoolRef, StepData } from "../plan/step.ts";
import { run, type StepKind, tidy } from "./action.ts";
import { partitionPath, ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "create-pool" }>;

/** Only the planned partitions are looked at: another pool of the same name or GUID elsewhere is not found. */
export const searched = (pool: PoolRef): string[] =>
  membersOf(pool).flatMap((partuuid) => ["-d", partitionPath(partuuid)]);

export const createPool: StepKind<Data> = {
  kind: "create-pool",
  actions: ({ pool, options }) => [
    run("modprobe", "zfs"),
    run(
      ...(["zpool", "create", "-f", "-R", ROOT, "-t", pool.importName] as const),
      ...[...optionWords(options), pool.name, ...vdevWords(vdevsIn(pool), partitionPath)],
    ),
    // The boot menu addresses the pool by GUID, and the plan must know it before the pool exists (zpool-reguid(8), 2.3).
    run("zpool", "reguid", "-g", pool.guid, pool.importName),
  ],
  redo: ({ pool }) => [
    run("modprobe", "zfs"),
    tidy("zpool", "destroy", "-f", pool.importName),
    ...membersOf(pool).map((partuuid) => tidy("zpool", "labelclear", "-f", partitionPath(partuuid))),
  ],
  restore: ({ pool }) => [
    run("modprobe", "zfs"),
    tidy("zpool", "export", pool.importName),
    // -f: after a power cut the pool still looks used by the system that was cut off, which was us: its GUID is the plan's.
    run(
      ...(["zpool", "import", "-f", "-N", "-R", ROOT, "-o", "cachefile=none"] as const),
      ...[...searched(pool), "-t", pool.guid, pool.importName],
    ),
  ],
  release: ({ pool }) => [tidy("zpool", "export", pool.importName)],
};
