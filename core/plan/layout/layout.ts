// The layout of a plan as one pure value: what goes on each disk, and what the partitions are joined to.
import type { Vdev } from "../step.ts";
import type { DiskLayout, NamedDisk } from "./disk-layout.ts";

/** By file system: another one is another member here, and a case in layout-of.ts. */
export type RootLayout =
  | { filesystem: "zfs"; vdevs: Vdev[] }
  /** `sizes`: of logical volumes, bytes as text by name; the one that takes the rest is not in it. */
  | { filesystem: "ext4" | "xfs" | "btrfs"; partuuids: string[]; sizes: ReadonlyMap<string, string> };

export interface Layout {
  /** Every target, the members of the root in the spec's order first. */
  disks: DiskLayout[];
  root: RootLayout;
  /** What a person should know of it, one sentence each. */
  notes: string[];
}

/** Finds a disk of the machine by its identity, or refuses. */
export type FindDisk = (id: string) => NamedDisk;
