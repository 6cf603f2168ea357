// Sizes and disks as people read them.
import type { Disk } from "../inventory/inventory.ts";

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** "12 GiB", "931.5 GiB", "512 bytes": at most one digit after the point. */
export function bytesInWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** "Samsung 990 PRO S7KG…114P, 931.5 GiB". */
export function diskInWords(disk: Disk): string {
  const what = [disk.vendor, disk.model, disk.serial].filter((word) => word !== "").join(" ");
  return `${what === "" ? `${disk.bus} disk` : what}, ${bytesInWords(disk.size)}`;
}
