// Where each partition goes on one disk: sizes in units, percent and `rest` become bytes; and the arithmetic when they do not fit.
import { ActionableError, EXIT } from "../../errors.ts";
import type { Bytes, Disk } from "../../inventory/inventory.ts";
import { sizeInWords } from "../../size-in-words.ts";
import type { Share } from "../../spec/resolved.ts";
import { MIB, type PartitionRole } from "./partition-types.ts";

/** A partition that is wanted, in the order of the disk. */
export interface Wish {
  role: PartitionRole;
  /** GPT partition name. */
  name: string;
  /** In the sum, such as "EFI". */
  words: string;
  size: Share;
  /** Less than this is of no use. */
  least?: Bytes;
}

/** A wish with its place; bytes are whole MiB. */
export interface Placed extends Wish {
  start: Bytes;
  bytes: Bytes;
}

/** 1 MiB in front for the table and alignment, 1 MiB at the end for the backup table (33 sectors, 4Kn included). */
export const TABLES = 2 * MIB;

const down = (bytes: number) => Math.floor(bytes / MIB) * MIB;
const up = (bytes: number) => Math.ceil(bytes / MIB) * MIB;

/** A stretch of a disk that is ours where its other partitions stay: whole MiB. */
export interface Room {
  start: Bytes;
  size: Bytes;
}

/** A disk that partitions are placed on; without `room` all of it is ours. */
export type PlaceOn = Pick<Disk, "id" | "path" | "size"> & { room?: Room };

/** What there is to share: the disk without its tables, or the room on it. */
export const roomOn = (disk: Pick<PlaceOn, "size" | "room">): Bytes => disk.room?.size ?? down(disk.size) - TABLES;

/**
 * Each partition's place. Absolute sizes are rounded up to whole MiB, percents (of the disk without its tables) down,
 * so that shares of 100 % in sum always fit; at most one wish takes the `rest`.
 * @throws ActionableError `disk-too-small` with the sum
 */
export function placePartitions(disk: PlaceOn, wishes: readonly Wish[]): Placed[] {
  const room = roomOn(disk);
  const fixed = wishes.map(({ size }) => bytesOf(size, room));
  const rest = room - fixed.reduce((sum: number, bytes) => sum + (bytes ?? 0), 0);
  const sizes = fixed.map((bytes) => bytes ?? rest);
  const fits = rest >= 0 && wishes.every(({ least = 1 }, at) => (sizes[at] ?? 0) >= least);
  if (!fits) throw tooSmall(disk, wishes, sizes, rest);
  let start = disk.room?.start ?? MIB;
  return wishes.map((wish, at) => {
    const placed = { ...wish, start, bytes: sizes[at] ?? 0 };
    start += placed.bytes;
    return placed;
  });
}

/** What a share comes to on a disk; null for the rest. */
export const bytesOn = (disk: Pick<PlaceOn, "size" | "room">, share: Share): Bytes | null =>
  bytesOf(share, roomOn(disk));

function bytesOf(share: Share, room: Bytes): Bytes | null {
  if (share === "rest") return null;
  return typeof share === "number" ? up(share) : Math.max(0, down((room * share.percent) / 100));
}

function tooSmall(disk: PlaceOn, wishes: readonly Wish[], sizes: readonly Bytes[], rest: Bytes): ActionableError {
  const takesRest = wishes.findIndex(({ size }) => size === "rest");
  const lines = wishes.flatMap((wish, at) => {
    if (at === takesRest) return [];
    return [
      `- ${wish.words.padEnd(7)} ${sizeInWords(sizes[at] ?? 0)}${percentInWords(wish)}${atLeast(wish, sizes[at] ?? 0)}`,
    ];
  });
  const last = wishes[takesRest];
  return new ActionableError({
    code: "disk-too-small",
    exit: EXIT.refused,
    message:
      disk.room === undefined
        ? `${disk.id ?? disk.path} is too small for this layout.`
        : `The room beside the other partitions of ${disk.id ?? disk.path} is too small for this layout.`,
    evidence: [
      ...(disk.room === undefined
        ? [`disk      ${sizeInWords(disk.size)}`, `- table   ${sizeInWords(TABLES)}`]
        : [`room      ${sizeInWords(disk.room.size)}, the largest on this disk`]),
      ...lines,
      `= ${(last?.words ?? "left").padEnd(7)} ${rest < 0 ? `${sizeInWords(-rest)} less than nothing` : sizeInWords(rest)}${last === undefined ? "" : atLeast(last, 0)}`,
    ],
    hint: "Use a larger disk, or make the other sizes (esp.size, swap.size, root.size) smaller.",
  });
}

function percentInWords({ size }: Wish): string {
  return typeof size === "object" ? ` (${size.percent} %)` : "";
}

function atLeast({ least }: Wish, is: Bytes): string {
  return least === undefined || is >= least ? "" : `, at least ${sizeInWords(least)} are needed`;
}
