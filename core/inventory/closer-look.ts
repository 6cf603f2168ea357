// What is read of a pool, an EFI partition or a table that exists, where a spec adds to it: the types. Nothing is written to read it.
import type { Bytes } from "./inventory.ts";

/** A data set or volume of a pool. */
export interface PoolSet {
  /** With the pool's real name, e.g. "tank/home". */
  name: string;
  used: Bytes;
  /** The data set whose key it is under; null where it is not encrypted. */
  encryptionRoot: string | null;
  /** `multiverse:hostid` of a system of ours: 8 hex digits. */
  hostid: string | null;
  /** `multiverse:unfinished` where an install of ours has not come to its end. */
  unfinished: string | null;
}

/** Who used a pool last and has not exported it (zdb -l): ZFS wants force to import it elsewhere. */
export interface PoolUser {
  /** 8 hex digits. */
  hostid: string;
  /** Its host name, which may be "". */
  name: string;
}

export interface PoolFacts {
  name: string;
  /** Decimal. */
  guid: string;
  /** Null: it was exported, or used by a system without a host id. */
  lastUser: PoolUser | null;
  /** Why the rest is not known; then the rest is empty. */
  problem: string | null;
  /** As zpool says it: ONLINE, DEGRADED. */
  health: string;
  /** What a new data set may use, reservations and quotas counted. */
  available: Bytes;
  /** feature@NAME → disabled, enabled or active. */
  features: Record<string, string>;
  /** Features that this ZFS does not know: it cannot write to such a pool. */
  unsupported: string[];
  sets: PoolSet[];
}

/** A menu of ours on an EFI partition: rEFInd's folder, and the text of its multiverse.conf. */
export interface OurMenu {
  /** Such as "EFI/refind". */
  folder: string;
  text: string;
}

export interface EspFacts {
  partuuid: string;
  /** Why it cannot be read; then the rest is empty. */
  problem: string | null;
  free: Bytes;
  /** Every file and folder (with a slash at its end), without a slash in front. FAT ignores case. */
  paths: string[];
  menus: OurMenu[];
}

/** A GPT as sfdisk(8) reads it. */
export interface TableFacts {
  /** Identity of its disk. */
  disk: string;
  /** Why nothing may be added to it; then the rest is empty. */
  problem: string | null;
  /** Where partitions may lie: from its first usable sector to behind its last. */
  first: Bytes;
  end: Bytes;
  /** How many entries the table has room for. */
  entries: number;
  partitions: { number: number; start: Bytes; size: Bytes; partuuid: string }[];
}

export interface CloserLook {
  pools: PoolFacts[];
  esps: EspFacts[];
  tables: TableFacts[];
  /** Size of kernel and initramfs together; null where their files cannot be looked at yet. */
  bootBytes: Bytes | null;
}
