// The layout of a plan as one pure value: what goes on each disk, and what the partitions are joined to.
import type { Changed, JoinedMenu, PoolRef, Target, Vdev } from "../step.ts";
import type { DiskLayout, NamedDisk } from "./disk-layout.ts";

/** By file system: another one is another member here, and a case in layout-of.ts. */
export type RootLayout =
  | { filesystem: "zfs"; vdevs: Vdev[] }
  | {
      filesystem: "zfs-existing";
      pool: PoolRef;
      /** Of the new system, and what the pool is imported with. */
      hostid: string;
      importHostid: string;
      /** Of `<pool>/<system>`. */
      properties: Record<string, string>;
    };

/** An ESP that is there and gets our files. */
export interface JoinedEsp {
  target: Target;
  /** Number of the partition. */
  number: number;
  menu: JoinedMenu;
}

export interface Layout {
  /** Every target, the members of the root in the spec's order first. */
  disks: DiskLayout[];
  root: RootLayout;
  /** ESPs that are there and are joined; they come behind those that are made. */
  joined?: JoinedEsp[];
  /** What is added to and otherwise stays. */
  changes?: Changed[];
  /** What a person should know of it, one sentence each. */
  notes: string[];
}

/** Finds a disk of the machine by its identity, or refuses. */
export type FindDisk = (id: string) => NamedDisk;
