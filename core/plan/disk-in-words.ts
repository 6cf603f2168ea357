// A disk as people know it.
import type { Disk } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";

/** "Samsung 990 PRO S7KG…114P, 931.5 GiB". */
export function diskInWords(disk: Disk): string {
  const what = [disk.vendor, disk.model, disk.serial].filter((word) => word !== "").join(" ");
  return `${what === "" ? `${disk.bus} disk` : what}, ${sizeInWords(disk.size)}`;
}
