// Which bytes of a disk an install overwrites before its line of no return: they are saved, and then cleared.
import type { Disk } from "../inventory/inventory.ts";
import type { Beside } from "./layout/disk-layout.ts";
import type { ByteRange, PlannedPartition } from "./step.ts";

/** A part of a disk: the disk itself, a partition that it has or gets. In bytes. */
export interface Extent {
  start: number;
  size: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
/** Whole pages, so that no sector is written in part, whatever its size. */
const ALIGN = 4096;

/**
 * Where tools look for what a disk or a partition holds, from its beginning. One MiB has every file system's and volume's
 * signature (the last ones: UFS at 256 KiB, two labels of ZFS up to 512 KiB, LVM's metadata up to 1 MiB). Beyond it are
 * the members and file systems of VMware (1 MiB, 2 MiB) and the second header of LUKS2, which is at 1, 2 or 4 MiB where the
 * first one is as large as that (libblkid, superblocks/; LUKS2 on-disk format, 2.3).
 */
const HEAD: readonly Extent[] = [
  { start: 0, size: MIB + ALIGN },
  { start: 2 * MIB, size: ALIGN },
  { start: 4 * MIB, size: ALIGN },
];

/**
 * The same from its end. One MiB has the backup GPT, two labels of ZFS (512 KiB, from a multiple of 256 KiB), md's 0.90
 * (128 KiB at most) and 1.0 (12 KiB at most), and what cards and firmware write there; Promise's may be 3,087 sectors away.
 */
const TAIL: readonly Extent[] = [
  { start: MIB, size: MIB },
  { start: 3087 * 512, size: ALIGN },
];

/** Of a disk that is taken whole: its own ends, and those of the partitions that it has and gets. */
export function clearedRanges(disk: Disk, partitions: readonly PlannedPartition[]): ByteRange[] {
  const planned = partitions.map(({ start, sectors }) => ({
    ...{ start: Number(start) * disk.sector, size: Number(sectors) * disk.sector },
  }));
  return rangesOf(disk.size, [{ start: 0, size: disk.size }, ...disk.partitions, ...planned]);
}

/** Of a disk that keeps other partitions: its tables, and the ends of the partitions that go and come. */
export function savedBeside(
  disk: Disk,
  { replaced }: Pick<Beside, "replaced">,
  partitions: readonly PlannedPartition[],
): ByteRange[] {
  const planned = partitions.map(({ start, sectors }) => ({
    ...{ start: Number(start) * disk.sector, size: Number(sectors) * disk.sector },
  }));
  const old = disk.partitions.filter(({ number }) => number === replaced?.number);
  const tables = [
    { start: 0, size: MIB },
    { start: disk.size - MIB, size: MIB },
  ];
  return rangesOf(disk.size, [...tables, ...old, ...planned]);
}

/**
 * What is saved and cleared of a disk of `size` bytes, in order, without overlap, aligned to 4 KiB.
 * `extents` are its partitions, old and new; the disk itself is one of them where all of it is taken.
 */
export function rangesOf(size: number, extents: readonly Extent[]): ByteRange[] {
  const places = extents.flatMap((extent) => placesOf(extent, size)).sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of places) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged.map(({ start, end }) => ({ start: String(start), bytes: String(end - start) }));
}

function placesOf(extent: Extent, disk: number): { start: number; end: number }[] {
  const end = Math.min(extent.start + extent.size, disk);
  const within = [
    ...HEAD.map((place) => ({ from: extent.start + place.start, to: extent.start + place.start + place.size })),
    ...TAIL.map((place) => ({ from: end - place.start, to: end - place.start + place.size })),
  ];
  return within.flatMap(({ from, to }) => {
    const start = Math.floor(Math.max(from, extent.start) / ALIGN) * ALIGN;
    const stop = Math.min(Math.ceil(Math.min(to, end) / ALIGN) * ALIGN, disk);
    return start < stop ? [{ start, end: stop }] : [];
  });
}
