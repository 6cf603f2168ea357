// Each kind of step as plain data. A plan is a list of these; core/steps/ knows what each one does.
import type { Handle } from "../inventory/inventory.ts";
import type { PartitionRole } from "./layout/partition-types.ts";

export type { Handle };

/** What is at stake: shown in the review, and decides what needs confirming. `closes`: in the running system only. */
export type Risk = "reads" | "closes" | "writes" | "erases" | "no-way-back";

/** A device of the plan: always by stable identity, never by kernel name. */
export interface Target {
  /** Link name under /dev/disk/by-id. */
  id: string;
  /** Bytes, decimal string. */
  size: string;
  serial: string;
}

/** Bytes of a disk, decimal strings; multiples of 4096 but for the end of the disk. */
export interface ByteRange {
  start: string;
  bytes: string;
}

/** One partition to be made; numbers are in sectors of the disk. */
export interface PlannedPartition {
  number: number;
  role: PartitionRole;
  /** GPT partition type GUID. */
  type: string;
  partuuid: string;
  /** GPT partition name. */
  name: string;
  start: string;
  sectors: string;
}

export interface DataSet {
  /** Name below `<pool>/<system>`, e.g. "data/home". */
  name: string;
  mountpoint: string;
  /** What it is made with besides (zfsprops(7)). */
  properties?: Record<string, string>;
}

/** What a pool is made with besides what every pool of ours has: of the pool itself, and of its first data set. */
export interface PoolOptions {
  pool: Record<string, string>;
  firstSet: Record<string, string>;
}

export interface FileToWrite {
  path: string;
  content: string;
  /** Octal, e.g. "0644". */
  mode: string;
}

export interface Link {
  path: string;
  to: string;
}

/** Kernel, initramfs and host archive go to `<directory>/<content hash>/` on the ESP. */
export interface BootFiles {
  directory: string;
  /** The host archive (cpio), base64. */
  archive: string;
  /** The set brings an archive with microcode, which goes in front. */
  microcode?: true;
  /** `layout` or `layout:variant` (xkeyboard-config); the passphrase is typed on it. */
  keyboard: string;
}

export interface PlannedUser {
  name: string;
  password: string | null;
  groups: string[];
  sshKeys: string[];
}

/** Partitions that a pool treats as one device (zpoolconcepts(7)). */
export interface Vdev {
  use: "data" | "special" | "log" | "cache" | "spare";
  /** `stripe`: each partition by itself. */
  kind: "stripe" | "mirror" | "raidz1" | "raidz2" | "raidz3";
  partuuids: string[];
}

export type PoolRef = {
  /** Its real name. */
  name: string;
  guid: string;
  /** The name it is imported under while we work, so that it never collides with another pool. */
  importName: string;
} & (
  | {
      /** A pool of one partition. */
      partuuid: string;
    }
  | {
      /** Any other pool, in the order in which zpool-create(8) takes them. */
      vdevs: Vdev[];
    }
  | {
      /** A pool that was there before: its devices are found by its GUID, wherever they are. */
      existing: true;
    }
);

/** An ESP and the disk that it is on. */
export interface EspOnDisk {
  target: Target;
  /** Number of the partition. */
  esp: number;
}

/** A menu of ours on an ESP that is joined, with the text that it had when the plan was made. */
export interface MenuBefore {
  /** Path on the ESP, with a slash in front. */
  path: string;
  text: string;
}

/** What an ESP that is joined gets so that the machine can start the new system. */
export interface JoinedMenu {
  partuuid: string;
  /** Menus of ours that are there: one more entry each. */
  menus: MenuBefore[];
  /** Where no menu of ours is: folders that get rEFInd, each under that file's name. */
  loaders: { folder: string; file: string }[];
  /** Another system's loader that ours takes the place of, and what it is called from then on; paths on the ESP. */
  kept?: { path: string; as: string };
}

export type StepData =
  /** `held`: later steps close what is open on it, so it is not yet free. */
  | { kind: "check-target"; target: Target; tableUuid: string | null; held?: true }
  /** Which medium is evidence: another one with the same image does not make it another plan. */
  | { kind: "attach-source" }
  /** From the top down: of an array of volumes the volumes first. */
  | { kind: "close-holder"; handles: Handle[] }
  /** Plans without `ranges` (before there were any) save and clear both ends of the disk. */
  | { kind: "save-table"; target: Target; ranges?: ByteRange[] }
  | { kind: "clear-disk"; target: Target; ranges?: ByteRange[] }
  | { kind: "partition"; target: Target; sectorSize: number; tableUuid: string; partitions: PlannedPartition[] }
  /** Beside partitions that stay, whose numbers are `kept`; `replaced` is taken out first. */
  | {
      kind: "add-partitions";
      target: Target;
      sectorSize: number;
      partitions: PlannedPartition[];
      kept: number[];
      replaced: { number: number; partuuid: string } | null;
    }
  /** `place`: which of several ESPs it is, from 2; each is mounted at a place of its own. */
  | { kind: "make-esp"; target: Target; partuuid: string; volumeId: string; sectorSize: number; place?: number }
  /** An ESP that is there: mounted, never formatted. */
  | { kind: "join-esp"; target: Target; partuuid: string; place?: number }
  | { kind: "make-swap"; target: Target; partuuid: string; uuid: string }
  /** `others`: the disks beyond the first. */
  | { kind: "create-pool"; target: Target; others?: Target[]; pool: PoolRef; options?: PoolOptions }
  | { kind: "make-swap-volume"; pool: PoolRef; system: string; bytes: string; uuid: string }
  /** `hostid`: what ZFS is told that this machine is, so that it lets in whoever may use the pool, and nobody by force. */
  | { kind: "import-pool"; pool: PoolRef; system: string; hostid: string }
  | {
      kind: "create-datasets";
      pool: PoolRef;
      system: string;
      encryption: "passphrase" | "none";
      data: DataSet[];
      /** Of `<pool>/<system>`, which those below it inherit. */
      properties?: Record<string, string>;
      /** On a pool that exists: what tells our unfinished tree from anybody else's. */
      added?: { mark: string; hostid: string };
    }
  | { kind: "copy-system"; pool: PoolRef; system: string; set?: string }
  /** `folders`: mount points beyond /boot/efi. */
  | {
      kind: "configure";
      hostid: string;
      locale: string;
      files: FileToWrite[];
      links: Link[];
      folders?: string[];
    }
  | { kind: "add-users"; users: PlannedUser[] }
  | { kind: "add-packages"; packages: string[] }
  | { kind: "seal-recovery"; pool: PoolRef; system: string }
  | { kind: "copy-maintained"; pool: PoolRef; system: string }
  | { kind: "fill-data"; pool: PoolRef; system: string; data: DataSet[]; files: FileToWrite[] }
  | { kind: "host-keys"; directory: string }
  /** `esps`: how many ESPs hold the same files; one where it is not said. `joined`: PARTUUIDs of those that were there before. */
  | { kind: "boot-files"; boot: BootFiles; esps?: number; joined?: string[] }
  | {
      kind: "boot-menu";
      boot: BootFiles;
      timeout: number;
      entries: { title: string; options: string }[];
      esps?: number;
    }
  | {
      kind: "join-menu";
      boot: BootFiles;
      timeout: number;
      entry: { title: string; options: string };
      /** Of every ESP that is joined; the first of them is mounted at `place`. */
      esps: JoinedMenu[];
      place?: number;
    }
  /** `last`: behind the entries that are there, so that the machine starts as before. */
  | { kind: "nvram"; target: Target; partition: number; label: string; loader: string; last?: true }
  | { kind: "release"; pool: PoolRef; system: string; data: DataSet[] }
  /** `others`: the ESPs beyond the first. */
  | {
      kind: "finish";
      target: Target;
      pool: PoolRef;
      system: string;
      encryption: "passphrase" | "none";
      esp: number;
      /** The name that this partition gets at last; without it, that of an ESP. */
      label?: string;
      /** The first ESP's, where there are others to compare it with. */
      partuuid?: string;
      others?: (EspOnDisk & { partuuid: string })[];
      /** How many ESPs are joined besides. */
      joined?: number;
    }
  /** On a pool that exists: takes the mark off the data sets; `esps` are unmounted. */
  | {
      kind: "finish-added";
      pool: PoolRef;
      system: string;
      encryption: "passphrase" | "none";
      hostid: string;
      esps: number;
    };

export type StepKindName = StepData["kind"];

export interface Step<Data extends StepData = StepData> {
  /** Unique in its plan, stable for the same spec; the journal uses it. */
  id: string;
  title: string;
  risk: Risk;
  data: Data;
}

/** A medium that `attach-source` mounts, with what tells whether it is the one that was planned with. */
export interface AttachedMedium {
  /** A link under /dev/disk that stays when the medium is pulled and put back. */
  device: string;
  /** As people know it. */
  name: string;
  manifestSha256: string;
}

/**
 * What may change between two runs of the same plan without making it another plan: kernel names, sizes measured, the time.
 * Not part of the plan's hash.
 */
export interface Evidence {
  kernel: { version: string; vmlinuz: string; initrd: string; vmlinuzSha256: string; initrdSha256: string };
  sources: {
    host: string;
    hostBytes: string;
    hostSha256: string;
    /** The package sets that lie on `host` as overlay layers; bytes are those of both together. */
    sets?: Record<string, { layer: string; bytes: string; sha256: string }>;
    program: string;
    refind: string;
    /** The medium that holds these; absent when they are the running system's own. */
    medium?: AttachedMedium;
  };
  /** Name of the first release: seconds since 1970 in hex. */
  release: string;
  /** Where tables of the disk are saved before it is cleared. */
  saveTo: string;
}

export interface ErasedDisk {
  id: string;
  /** "QEMU HARDDISK, 12 GiB". */
  name: string;
  /** What is lost, by name. */
  content: string[];
}

/** Something that stays and is added to. */
export interface Changed {
  /** `pool/system`, or a disk's identity; `confirm.change` names it by this. */
  id: string;
  /** As people know it: "pool tank (GUID 123, 40 GiB free) on virtio-A". */
  name: string;
  /** What is done to it, and what is not, one sentence each. */
  how: string[];
}

export interface Plan {
  version: 1;
  /** SHA-256 in hex over identities and steps in canonical JSON; screens show 12 digits. */
  hash: string;
  salt: string;
  host: string;
  /** Every target, in the order of the layout. */
  erases: ErasedDisk[];
  /** What is added to and otherwise left as it is. */
  changes?: Changed[];
  untouched: { id: string; name: string; content: string[] }[];
  /** What a person should know before confirming, one sentence each: room that stays unused, a risk. Not hashed. */
  notes?: string[];
  steps: Step[];
  evidence: Evidence;
}
