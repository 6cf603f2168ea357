// What the probe found on this machine: the types. Everything here is plain data that a recorded machine can give too.
import type { Stacks } from "./stacks/stacks.ts";

import type { CloserLook } from "./closer-look.ts";

/** Bytes as a safe integer (9 PB at most); written as a decimal string in JSON that others read. */
export type Bytes = number;

export interface Partition {
  /** Kernel name now, e.g. "vda1"; never used to address anything that is written. */
  kname: string;
  path: string;
  number: number;
  start: Bytes;
  size: Bytes;
  /** GPT type GUID or MBR type, lower case. */
  type: string | null;
  partuuid: string | null;
  partlabel: string | null;
  filesystem: string | null;
  label: string | null;
  uuid: string | null;
  mountpoints: string[];
  /** What a person would call it: "EFI system partition", "Windows (BitLocker)", "Debian GNU/Linux 13", "member of pool tank". */
  content: string;
}

/** How a holder is addressed when it is closed: by what stays, wherever there is such a name. */
export type Handle =
  /** The link /dev/disk/by-id/md-uuid-<uuid>. */
  | { by: "md-uuid"; uuid: string }
  /** An array that is assembled in part has no link: its kernel name, e.g. "md127". */
  | { by: "md-name"; name: string }
  | { by: "dm-uuid"; uuid: string }
  /** Made without a UUID, by dmsetup itself. */
  | { by: "dm-name"; name: string }
  /** Caches and what is cached by them are stopped together. */
  | { by: "bcache-set"; uuid: string }
  /** A backing device without a cache: its own UUID, and the kernel name of what is made of it. */
  | { by: "bcache"; uuid: string; name: string };

/** What is open on disks and partitions now: an array, an opened volume, a cache. */
export interface Holder {
  /** Kernel names of the devices that it gives, e.g. ["dm-0"]; a cache alone gives none. */
  knames: string[];
  /** As people know it: "old-root", "jupiter:data". Never a kernel name where there is another. */
  name: string;
  /** "RAID (raid1)", "an opened encrypted volume". */
  what: string;
  /** The volume group of an LVM volume, else null. */
  group: string | null;
  /** A part of something bigger that is closed with it: a leg, a log, a pool's data. */
  internal: boolean;
  /** What is on it: "ext4 file system "home""; "" when nothing was recognised. */
  content: string;
  /** Kernel names of what it stands on: disks, partitions, other holders. */
  on: string[];
  /** Null when it is not ours to close, which makes its disks unusable. */
  handle: Handle | null;
}

export interface Disk {
  /** Stable identity: the best link name under /dev/disk/by-id, e.g. "nvme-eui.0025385b11b2c3d4". Null when the disk has none. */
  id: string | null;
  /** Every link name under /dev/disk/by-id and by-path that leads to this disk. */
  aliases: string[];
  kname: string;
  /** Kernel path now, e.g. "/dev/vda". */
  path: string;
  model: string;
  vendor: string;
  serial: string;
  wwn: string;
  bus: "nvme" | "sata" | "sas" | "scsi" | "virtio" | "usb" | "mmc" | "loop" | "other";
  size: Bytes;
  /** Logical and physical sector size. */
  sector: number;
  physicalSector: number;
  rotational: boolean;
  removable: boolean;
  readOnly: boolean;
  table: "gpt" | "dos" | null;
  /** GPT disk GUID or MBR signature: tells whether the disk is still the one that was shown. */
  tableUuid: string | null;
  partitions: Partition[];
  /** What is open on it now: arrays, volumes, caches. Closed before the disk is cleared. */
  holders: Holder[];
  /** What is on it by name, one entry a thing; empty when nothing was found. */
  content: string[];
  /** Why it cannot be a target ("live medium", "mounted at /home", "swap in use", "member of imported pool tank", "read-only"); empty when it can. Holders that can be closed are no reason. */
  unusable: string[];
}

export interface Nic {
  name: string;
  mac: string;
  driver: string | null;
  /** True for real hardware, false for bridges, veths and the loopback. */
  physical: boolean;
  wireless: boolean;
  up: boolean;
  carrier: boolean;
  addresses: string[];
}

export interface ImportablePool {
  name: string;
  guid: string;
  state: string;
  /** by-id names or kernel names of its members as zpool prints them. */
  members: string[];
}

/** What the running rescue system can install from (docs/formats/live-medium.md); paths are absolute, in the running system, host and program are folders. */
export interface LiveMedium {
  kernel: { version: string; vmlinuz: string; initrd: string; vmlinuzSha256: string; initrdSha256: string };
  zfs: string;
  debian: string;
  host: { path: string; treeBytes: string; sha256: string };
  /** Package sets beyond the host's own: overlay layers on `host`; treeBytes is that of both together. */
  sets: Record<string, { path: string; treeBytes: string; sha256: string }>;
  program: { path: string; treeBytes: string; sha256: string };
  refind: string;
}

/** Another Multiverse medium that is plugged in: something to install from. */
export interface SourceMedium {
  /** The link under /dev/disk that a spec names it by: by-partuuid, or by-id where media share that or have none. */
  device: string;
  /** Every link under /dev/disk/by-partuuid and by-id that leads to it alone. */
  aliases: string[];
  /** Kernel name of the disk it is on, e.g. "sdb": that disk cannot be its own target. */
  disk: string;
  /** "Kingston DataTraveler 3.0 0014780EA2B6, 29 GiB". */
  name: string;
  /** SHA-256 of its manifest.json: tells whether the medium that gets mounted is the one that was looked at. */
  manifestSha256: string;
  /** What is on it, with the paths that it has once it is attached (docs/formats/live-medium.md). */
  live: LiveMedium;
}

export interface Inventory {
  version: 1;
  machine: { vendor: string; product: string; serial: string; uuid: string };
  firmware: { kind: "uefi" | "bios"; secureBoot: boolean; nvram: boolean };
  cpu: { model: string; threads: number };
  memory: Bytes;
  /** Kernel consoles in the order of a command line, the preferred one last, e.g. ["tty0", "ttyS0"]. */
  consoles: string[];
  disks: Disk[];
  nics: Nic[];
  pools: { imported: { name: string; guid: string }[]; importable: ImportablePool[] };
  /** md, LVM, multipath, bcache, btrfs: what disks and partitions are joined into. */
  stacks: Stacks;
  live: LiveMedium | null;
  /** Other media than the one that this system runs from; with `multiverse.toram` that one too, while it is plugged in. */
  media: SourceMedium[];
  /** What a spec that adds to something needs to know of it (look-closer.ts); absent until it was looked at. */
  closer?: CloserLook;
  /** What could not be found out, and why; shown with the review. */
  notes: string[];
}
