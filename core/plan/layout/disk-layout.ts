// One disk of a layout: its partitions with the identifiers that are derived from the salt.
import type { Disk } from "../../inventory/inventory.ts";
import { deriveHex, deriveUuid } from "../derive.ts";
import type { PlannedPartition, Target } from "../step.ts";
import type { Placed, Room } from "./geometry.ts";
import { PARTITION_TYPE, type PartitionRole } from "./partition-types.ts";

export interface DiskLayout {
  disk: Disk;
  target: Target;
  /** GPT disk GUID to be. */
  tableUuid: string;
  /** FAT volume id of its ESP, if it gets one. */
  volumeId: string;
  partitions: PlannedPartition[];
  /** Its other partitions stay. */
  beside?: Beside;
}

/** What is used of a disk whose other partitions stay. */
export interface Beside {
  room: Room;
  /** Free entries of its table, the lowest first. */
  numbers: number[];
  /** Entries that stay. */
  kept: number[];
  /** The entry that is taken out first, with its partition. */
  replaced: { number: number; partuuid: string } | null;
}

/** A disk with a name that stays: nothing else becomes a target. */
export type NamedDisk = Disk & {
  id: string;
  beside?: Beside;
  room?: Room;
  /** It gets no ESP of ours: one that is there is joined. */
  joinsEsp?: true;
};

/**
 * `index` is the disk's place among the targets. The first has the identifiers that a single disk always had; those of
 * the others are made of their identity, so that a disk that is put in another's place never has a twin.
 */
export function diskLayout(salt: string, disk: NamedDisk, index: number, placed: readonly Placed[]): DiskLayout {
  const label = (what: string) => (index === 0 ? what : `${what} ${disk.id}`);
  return {
    disk,
    target: { id: disk.id, size: String(disk.size), serial: disk.serial },
    tableUuid: disk.beside === undefined ? deriveUuid(salt, label("partition table")) : (disk.tableUuid ?? ""),
    volumeId: deriveHex(salt, label("esp volume"), 8),
    partitions: placed.map(({ role, name, start, bytes }, at) => ({
      number: disk.beside?.numbers[at] ?? at + 1,
      ...{ role, type: PARTITION_TYPE[role], partuuid: deriveUuid(salt, label(`partition ${role}`)), name },
      ...{ start: String(start / disk.sector), sectors: String(bytes / disk.sector) },
    })),
    ...(disk.beside === undefined ? {} : { beside: disk.beside }),
  };
}

/** The partition of that role, where the disk has one. */
export const partitionOf = ({ partitions }: DiskLayout, role: PartitionRole): PlannedPartition | undefined =>
  partitions.find((each) => each.role === role);

/** Those disks that have a partition of that role, with it. */
export function withPartition(
  disks: readonly DiskLayout[],
  role: PartitionRole,
): { disk: DiskLayout; partition: PlannedPartition }[] {
  return disks.flatMap((disk) => {
    const partition = partitionOf(disk, role);
    return partition === undefined ? [] : [{ disk, partition }];
  });
}
