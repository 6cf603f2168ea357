// What the block devices of this machine are joined into: the types. Null is "not known": no program for it, not recorded, or no right to look.
import type { Bytes } from "../inventory.ts";

/** A device that belongs to something bigger. */
export interface StackMember {
  /** Kernel name now, e.g. "sda2"; null when it belongs there and is missing. */
  kname: string | null;
}

/** An array of Linux software RAID, md(4): running, or only its members found. */
export interface MdArray {
  /** Kernel name now, e.g. "md127"; null when no array is running and only members were found. */
  kname: string | null;
  /** "host:name" of the metadata, or null (0.90 has none). */
  name: string | null;
  /** As mdadm prints it: four groups of hexadecimal digits. */
  uuid: string | null;
  /** "raid1", "raid5", "linear", "container", …; null when it is not running and its members do not say. */
  level: string | null;
  /** "0.90", "1.0", "1.2", "imsm", "ddf"; null when not known. */
  metadata: string | null;
  /** active, read-only: running · inactive: assembled in part and stopped · not-assembled: only members found. */
  state: "active" | "read-only" | "inactive" | "not-assembled";
  /** How many members it wants, and how many work; null when not known. */
  wanted: number | null;
  working: number | null;
  /** "resync", "recovery", "reshape", "check" with how far ("12.6%"), or null. */
  sync: string | null;
  members: (StackMember & { role: "member" | "spare" | "failed" | "journal" })[];
}

/** A physical volume of LVM. */
export interface LvmPv extends StackMember {
  uuid: string;
  /** "" when it belongs to no volume group yet. */
  vg: string;
  size: Bytes;
  free: Bytes;
}

export interface LvmVg {
  name: string;
  uuid: string;
  size: Bytes;
  free: Bytes;
  /** Physical volumes that belong to it and are missing. */
  missing: number;
}

export interface LvmLv {
  name: string;
  vg: string;
  uuid: string;
  size: Bytes;
  /** lvs(8) lv_layout in order: ["linear"], ["raid", "raid1"], ["cache"], ["thin", "pool"]. */
  layout: string[];
  /** Not for use by itself: a leg, a log, a pool's data. */
  internal: boolean;
  /** Kernel names of the devices below it, or names of logical volumes. */
  devices: string[];
  pool: string | null;
  origin: string | null;
  /** Works without some of its physical volumes, or not at all. */
  partial: boolean;
}

/** One disk that is reached over several paths. */
export interface MultipathMap {
  /** "mpatha" or an alias; null when nothing joins the paths: then the kernel shows the disk several times. */
  name: string | null;
  /** Kernel name of the map, e.g. "dm-0"; null when nothing joins the paths. */
  kname: string | null;
  /** The disk's world wide identifier. */
  wwid: string;
  /** Kernel names of the paths, e.g. "sdb" and "sdd". */
  paths: string[];
}

/** A bcache set: backing devices and the caches in front of them (Documentation/admin-guide/bcache.rst). */
export interface BcacheSet {
  /** UUID of the cache set; null for a backing device that has no cache attached. */
  uuid: string | null;
  /** Kernel names of the cache devices, of the backing devices, and of what is made of them ("bcache0"). */
  caches: string[];
  backing: string[];
  devices: string[];
}

/** A btrfs file system. */
export interface BtrfsVolume {
  uuid: string;
  label: string;
  /** How many devices it wants; null when only what lsblk says is known. */
  wanted: number | null;
  members: StackMember[];
}

export interface Stacks {
  md: MdArray[] | null;
  lvm: { pvs: LvmPv[]; vgs: LvmVg[]; lvs: LvmLv[] } | null;
  multipath: MultipathMap[] | null;
  bcache: BcacheSet[] | null;
  btrfs: BtrfsVolume[] | null;
}

export const UNKNOWN_STACKS: Stacks = { md: null, lvm: null, multipath: null, bcache: null, btrfs: null };
