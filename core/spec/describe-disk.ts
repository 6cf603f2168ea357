// What a disk is called in messages and choices.
import type { Disk } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";

/** "nvme-eui.… (Samsung 990 PRO, 931 GiB; holds Windows, EFI system partition)" */
export function describeDisk(disk: Disk): string {
  const what = [disk.model, sizeInWords(disk.size)].filter((text) => text !== "").join(", ");
  const content = disk.content.length === 0 ? "" : `; holds ${disk.content.join(", ")}`;
  return `${disk.id ?? disk.path} (${what}${content})`;
}
