// What a selector makes of all disks: which fit, which of those can be used, and why the others do not.
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";
import type { Match } from "./schema-match.ts";
import { parseSizeSelector } from "./size-selector.ts";
import { whyNot } from "./why-not.ts";

export interface JudgedDisk {
  disk: Disk;
  /** Why it does not fit, one line each; empty when it fits. */
  misses: string[];
}

export interface Judgement {
  /** Every disk of the machine, in its order. */
  disks: JudgedDisk[];
  fitting: Disk[];
  /** Those that fit and can be used. A disk in use is never meant. */
  free: Disk[];
}

/** `count` is how many are wanted: the largest two are two of them, and more only where sizes are equal. */
export function judgeDisks(match: Match, count: number, inventory: Inventory): Judgement {
  const judged = inventory.disks.map((disk): JudgedDisk => ({ disk, misses: whyNot(match, disk) }));
  const rank = match.size === undefined ? null : (parseSizeSelector(match.size)?.rank ?? null);
  const disks = rank === null ? judged : ranked(judged, rank, count);
  const fitting = disks.filter((one) => one.misses.length === 0).map((one) => one.disk);
  return { disks, fitting, free: fitting.filter((disk) => disk.unusable.length === 0) };
}

/** Only disks that can be used are compared: the largest of them is meant, not the largest of all. */
function ranked(judged: readonly JudgedDisk[], rank: "largest" | "smallest", count: number): JudgedDisk[] {
  const sign = rank === "largest" ? -1 : 1;
  const fits = ({ disk, misses }: JudgedDisk) => misses.length === 0 && disk.unusable.length === 0;
  const sizes = judged.filter(fits).map((one) => one.disk.size);
  const last = sizes.sort((a, b) => sign * (a - b))[count - 1];
  if (last === undefined) return [...judged];
  return judged.map((one) =>
    fits(one) && sign * (one.disk.size - last) > 0
      ? { disk: one.disk, misses: [`its size is ${sizeInWords(one.disk.size)}, not ${whichOf(rank, count)}`] }
      : one,
  );
}

function whichOf(rank: "largest" | "smallest", count: number): string {
  return count === 1 ? `the ${rank}` : `of the ${rank} ${count}`;
}
