// Names of partitions under /dev, and the disks they are on: sda3, vda1, nvme0n1p1, mmcblk0p1, loop0p1.

export interface PartitionNode {
  /** "/dev/nvme0n1". */
  disk: string;
  number: number;
}

/** Disks whose name ends in a digit have a p before the number (block/partitions/core.c: disk_name). */
const NODE =
  /^\/dev\/(?:([a-z]+)([1-9][0-9]{0,2})|((?:nvme[0-9]+n|mmcblk|loop|md|nbd|pmem|zram)[0-9]+)p([1-9][0-9]{0,2}))$/;
/** Letters that are no disk by themselves: `sda`, `vdb`, `xvda`, `hda`. */
const LETTERED = /^(?:sd|vd|hd|xvd)[a-z]{1,3}$/;
/** udev's links: `…/by-id/ata-X-part3`, `…/by-path/…-part1`. */
const LINK = /^(\/dev\/disk\/by-(?:id|path)\/.+)-part([1-9][0-9]{0,2})$/;

/** The disk and number of a partition's name; null where it is none, a whole disk's for instance. */
export function parsePartitionNode(path: string): PartitionNode | null {
  const link = LINK.exec(path);
  if (link !== null) return { disk: link[1] ?? "", number: Number(link[2]) };
  const [, letters, number, numbered, behindP] = NODE.exec(path) ?? [];
  if (numbered !== undefined) return { disk: `/dev/${numbered}`, number: Number(behindP) };
  if (letters === undefined || !LETTERED.test(letters)) return null;
  return { disk: `/dev/${letters}`, number: Number(number) };
}

/** The name of a partition of that disk. */
export function partitionNode({ disk, number }: PartitionNode): string {
  if (/^\/dev\/disk\/by-/.test(disk)) return `${disk}-part${number}`;
  return `${disk}${/[0-9]$/.test(disk) ? "p" : ""}${number}`;
}
