// The partition that a name means: a path, or one of its links under /dev/disk.
import { ActionableError, EXIT } from "../errors.ts";
import type { Disk, Inventory, Partition } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";

export interface FoundPartition {
  disk: Disk;
  partition: Partition;
}

/** @throws ActionableError `no-such-partition`, `ambiguous-partition` (exit 4) */
export function partitionByName(name: string, inventory: Inventory, at: string): FoundPartition {
  const found = inventory.disks.flatMap((disk) =>
    disk.partitions
      .filter((partition) => namesOf(disk, partition).includes(name))
      .map((partition) => ({ disk, partition })),
  );
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new ActionableError({
    code: one === undefined ? "no-such-partition" : "ambiguous-partition",
    exit: EXIT.refused,
    message: one === undefined ? `There is no partition ${name}.` : `${name} leads to ${found.length} partitions.`,
    evidence: [
      at,
      ...(one === undefined ? inventory.disks.flatMap(listed) : found.map(({ disk }) => describeDisk(disk))),
    ],
    hint: "Name one of the partitions of this machine; `multiverse probe` shows them all.",
  });
}

/** Every name that leads to it. */
function namesOf(disk: Disk, { path, number, partuuid }: Partition): string[] {
  const byUuid = partuuid === null ? [] : [`/dev/disk/by-partuuid/${partuuid}`, partuuid];
  const names = disk.id === null ? disk.aliases : [disk.id, ...disk.aliases];
  return [
    path,
    ...byUuid,
    ...names.flatMap((alias) => ["by-id", "by-path"].map((kind) => `/dev/disk/${kind}/${alias}-part${number}`)),
  ];
}

/** "3b8f0c52-… is /dev/sda1 (EFI system partition)" */
export const describePartition = ({ path, partuuid, content }: Partition): string =>
  `${partuuid ?? "(no PARTUUID)"} is ${path} (${content})`;

const listed = (disk: Disk): string[] => disk.partitions.map(describePartition);
