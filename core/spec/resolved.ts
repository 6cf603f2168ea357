// A spec with every value known: what make-plan.ts works from. Where a default or the inventory gave it, `origin` says so.
import type { Bytes } from "../inventory/inventory.ts";
import type { ZfsLayout } from "../zfs-layouts.ts";

export type { ZfsLayout };

/** Where a value came from; shown in the review beside it. */
export type Origin = { path: string; from: "spec" | "default" | "inventory" | "answer"; note?: string };

export interface User {
  name: string;
  /** crypt(5) hash, or null for an account without password login. */
  password: string | null;
  groups: string[];
  sshKeys: string[];
}

/** Somebody who commands by signing. */
export interface Admin {
  name: string;
  /** A line of a .pub file. */
  key: string;
  operations: string[] | null;
}

/** A wireless network to join. */
export type Wifi = {
  /** Its name, 1 to 32 bytes of UTF-8. */
  ssid: string;
  /** It does not tell its name, so it must be asked for by name. */
  hidden: boolean;
} & ({ security: "open" } | { security: "psk"; psk: string });

export interface NetworkLink {
  name: string;
  /** Exact MAC addresses, or empty for "every wired adapter"; exactly one with `wifi`. */
  macs: string[];
  dhcp: boolean;
  addresses: string[];
  gateway: string | null;
  dns: string[];
  /** Only where the link is wireless. */
  wifi?: Wifi;
}

/** profiles/hosts/: what a host has of packages. */
export type PackageSet = "minimal" | "hypervisor";

/** A size on a disk: bytes, a part of the disk without its tables, or what the others leave. */
export type Share = Bytes | { percent: number } | "rest";

/** What every root file system says of itself. */
interface RootBase {
  /** The name under `disks` that it goes to. */
  on: string;
  /** Of each member: the rest, unless something is to stay free. */
  size: Share;
  system: string;
  encryption: "passphrase" | "none";
}

/** A data set that the spec says something of; properties are those of zfsprops(7), sizes in bytes. */
export interface ResolvedDataSet {
  /** Below `<pool>/<system>/data`. */
  name: string;
  /** Null where the host has one of this name and its place is known. */
  mountpoint: string | null;
  quota?: Bytes;
  reservation?: Bytes;
  compression?: string;
  recordSize?: Bytes;
  atime?: boolean;
  sync?: "standard" | "always" | "disabled";
  copies?: number;
  smallBlocks?: Bytes;
}

/** Only what the spec states. */
export interface PoolOptions {
  ashift?: number;
  autotrim?: boolean;
  compatibility?: string;
  compression?: string;
  recordSize?: Bytes;
  atime?: boolean;
}

export interface ZfsRoot extends RootBase {
  filesystem: "zfs";
  pool: string;
  layout: ZfsLayout;
  /** Names under `disks` for devices beside the members, and how they are joined (null: one by one). */
  extras: Partial<Record<"special" | "log" | "cache" | "spare", { on: string; layout: ZfsLayout | null }>>;
  datasets: ResolvedDataSet[];
  poolOptions: PoolOptions;
  keep: number;
  keepReleases: number;
}

/** A system that is added to a pool that exists: it has no disks of its own. */
export interface ExistingRoot
  extends Pick<ZfsRoot, "pool" | "system" | "encryption" | "datasets" | "keep" | "keepReleases"> {
  filesystem: "zfs-existing";
  /** Decimal. */
  guid: string;
  /** The host that has used the pool last, where the spec says that it is taken over from it: its name or host id. */
  takeOverFrom: string | null;
}

/** By file system: another one is another member here. */
export type ResolvedRoot = ZfsRoot | ExistingRoot;

/** A disk whose other partitions stay: its free space is used, or the place of one partition (PARTUUID). */
export type DiskUse = { use: "free" } | { use: "replace"; partuuid: string };

export type ResolvedSwap =
  | { kind: "partition"; size: Share }
  | { kind: "zram" | "zvol" | "file"; size: Bytes }
  | { kind: "none" };

export interface ResolvedSpec {
  version: 1;
  host: {
    name: string;
    timezone: string;
    locale: string;
    keyboard: string;
    /** Address of the proxy without a slash at its end, or null. */
    proxy: string | null;
    /** Time servers by name or address; empty for Debian's. */
    ntp: string[];
  };
  /** Every disk that is used: name in the spec → stable identities. Names and identities are in the spec's order. */
  disks: Record<string, string[]>;
  /** By identity, for disks that are not used whole. */
  uses?: Record<string, DiskUse>;
  root: ResolvedRoot;
  /** `join`: PARTUUIDs of those that are joined, or none; without it those beside the system that have room. */
  esp: { size: Share; join?: "none" | string[]; fallback?: "keep" | "replace" };
  /** `size` is that of all swap together; a percentage is of each disk. */
  swap: ResolvedSwap;
  /** `device` is a link under /dev/disk to another Multiverse medium; null: the running system's own image. */
  source: { uri: string; device: string | null };
  /** `order`: of our entry among the firmware's; without it, first, and last beside another system's loader. */
  boot: { loader: "refind"; timeout: number; consoles: string[]; options: string; order?: "first" | "last" };
  users: User[];
  /** Whose signatures the host obeys; `operations` null: everything. */
  admins: Admin[];
  network: NetworkLink[];
  /** `set`: which of the medium's package sets. */
  packages: { set: PackageSet; add: string[]; mirror: string | null };
  salt: string;
  /** Stable identities that the spec says may be erased. */
  confirmErase: string[];
  /** What may be added to: `pool/system`, or identities of disks. */
  confirmChange?: string[];
  unattended: boolean;
  origins: Origin[];
}
