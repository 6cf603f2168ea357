// A disk as a bar of its parts, before and after: "[EFI][saturn · ZFS · 921 GiB        ][swap]".
import type { Disk } from "../../core/inventory/inventory.ts";
import type { PlannedPartition } from "../../core/plan/step.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import { clean } from "../../tui/text/clean.ts";
import { columnsOf, padTo } from "../../tui/text/width.ts";
import type { Surface } from "../../tui/theme/surface.ts";

interface Part {
  /** With its size, and without it for where there is no room for both. */
  label: string;
  short: string;
  size: number;
}

export function partsNow(disk: Disk, empty: string): Part[] {
  if (disk.partitions.length === 0) return [part(disk.content.join(", ") || empty, disk.size)];
  return disk.partitions.map(({ content, size }) => part(content === "EFI system partition" ? "EFI" : content, size));
}

export function partsAfter(partitions: readonly PlannedPartition[], sectorSize: number): Part[] {
  return partitions.map(({ role, name, sectors }) => {
    const size = Number(sectors) * sectorSize;
    return part(role === "esp" ? "EFI" : role === "swap" ? "swap" : `${name} · ZFS`, size);
  });
}

function part(short: string, size: number): Part {
  return { label: `${short} · ${sizeInWords(size)}`, short, size };
}

/** The smallest box that tells anything: "[E~]". */
const NARROWEST = 5;

/** In exactly `width` columns, or cut with a mark when there are more parts than room. */
export function diskPicture(parts: readonly Part[], width: number, surface: Surface): string {
  const { glyphs, letters } = surface;
  const fitting = parts.slice(0, Math.max(1, Math.floor(width / NARROWEST)));
  const total = fitting.reduce((sum, { size }) => sum + size, 0) || 1;
  const labels = fitting.map(({ short }) => clean(short, letters));
  // Small parts get the room of their name as far as there is any; the large ones share the rest by size.
  const widths = fitting.map(({ size }, at) =>
    Math.max(NARROWEST, Math.min(columnsOf(labels[at] ?? "") + 2, 10), Math.floor((width * size) / total)),
  );
  for (let over = sum(widths) - width; over > 0; over = sum(widths) - width) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = Math.max(NARROWEST, (widths[widest] ?? 0) - over);
    if (widths.every((each) => each === NARROWEST)) break;
  }
  const widest = widths.indexOf(Math.max(...widths));
  widths[widest] = (widths[widest] ?? 0) + Math.max(0, width - sum(widths));
  const text = fitting
    .map(({ label, short }, at) => {
      const room = (widths[at] ?? NARROWEST) - 2;
      const whole = clean(label, letters);
      return `[${padTo(columnsOf(whole) <= room ? whole : clean(short, letters), room, glyphs.more)}]`;
    })
    .join("");
  return padTo(text, width, glyphs.more);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
