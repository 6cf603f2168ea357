// A spec with every value known: what make-plan.ts works from. Where a default or the inventory gave it, `origin` says so.
import type { Bytes } from "../inventory/inventory.ts";

/** Where a value came from; shown in the review beside it. */
export type Origin = { path: string; from: "spec" | "template" | "default" | "inventory" | "answer"; note?: string };

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
  /** Stable identity of the one disk of this layout. */
  disk: string;
  root: {
    filesystem: "zfs";
    pool: string;
    system: string;
    encryption: "passphrase" | "none";
    keep: number;
    keepReleases: number;
  };
  esp: { size: Bytes };
  swap: { kind: "partition"; size: Bytes } | { kind: "none" };
  /** `device` is a link under /dev/disk to another Multiverse medium; null: the running system's own image. */
  source: { uri: string; device: string | null };
  boot: { loader: "refind"; timeout: number; consoles: string[]; options: string };
  users: User[];
  /** Whose signatures the host obeys; `operations` null: everything. */
  admins: Admin[];
  network: NetworkLink[];
  /** `set`: which of the medium's package sets. */
  packages: { set: PackageSet; add: string[]; mirror: string | null };
  salt: string;
  /** Stable identities that the spec says may be erased. */
  confirmErase: string[];
  unattended: boolean;
  origins: Origin[];
}
