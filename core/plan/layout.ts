// Where each partition goes on the disk, in sectors; and the arithmetic when it does not fit.
import { ActionableError, EXIT } from "../errors.ts";
import type { Disk } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import { deriveUuid } from "./derive.ts";
import type { PlannedPartition } from "./step.ts";

const MIB = 1024 * 1024;
/** GPT partition types (UEFI 2.10 table 5-7; the Discoverable Partitions list; Solaris /usr is what OpenZFS marks its own with). */
const TYPE = {
  esp: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  pool: "6a898cc3-1dd2-11b2-99a6-080020736631",
  swap: "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f",
} as const;
/** The smallest pool that a host root with two generations and a release fits into. */
export const SMALLEST_POOL = 3 * 1024 * MIB;
/** FAT32 needs 65 525 clusters; with room for two kernels and the loader. */
export const SMALLEST_ESP = 512 * MIB;
/** What the ESP is called until the install is finished, so that nothing half-installed looks fine. */
export const UNFINISHED = "multiverse-unfinished";
export const ESP_NAME = "EFI system partition";

const down = (bytes: number) => Math.floor(bytes / MIB) * MIB;
const up = (bytes: number) => Math.ceil(bytes / MIB) * MIB;

/** The partitions of the one-disk ZFS layout: EFI, pool, swap at the end. Throws `disk-too-small` with the sum. */
export function layoutZfsDisk(spec: ResolvedSpec, disk: Disk): PlannedPartition[] {
  const esp = up(spec.esp.size);
  const swap = spec.swap.kind === "partition" ? up(spec.swap.size) : 0;
  if (esp < SMALLEST_ESP) {
    throw new ActionableError({
      code: "esp-too-small",
      exit: EXIT.refused,
      message: `An EFI system partition of ${sizeInWords(esp)} is too small: kernels and initramfs of several releases live there.`,
      hint: `Ask for at least ${sizeInWords(SMALLEST_ESP)} in esp.size (2 GiB is the default).`,
    });
  }
  // 1 MiB in front for the table and alignment, 1 MiB at the end for the backup table (33 sectors, 4Kn included).
  const pool = down(disk.size) - 2 * MIB - esp - swap;
  if (pool < SMALLEST_POOL) {
    throw new ActionableError({
      code: "disk-too-small",
      exit: EXIT.refused,
      message: `${disk.id ?? disk.path} is too small for this layout.`,
      evidence: [
        `disk      ${sizeInWords(disk.size)}`,
        `- table   ${sizeInWords(2 * MIB)}`,
        `- EFI     ${sizeInWords(esp)}`,
        `- swap    ${sizeInWords(swap)}`,
        `= pool    ${pool < 0 ? `${sizeInWords(-pool)} less than nothing` : sizeInWords(pool)}, at least ${sizeInWords(SMALLEST_POOL)} are needed`,
      ],
      hint: "Use a larger disk, or make esp.size or swap.size smaller.",
    });
  }
  const sizes = [
    { role: "esp", size: esp, name: UNFINISHED },
    { role: "pool", size: pool, name: spec.root.pool },
    ...(swap > 0 ? [{ role: "swap" as const, size: swap, name: "swap" }] : []),
  ] as const;
  let start = MIB;
  return sizes.map(({ role, size, name }, index) => {
    const partition: PlannedPartition = {
      number: index + 1,
      role,
      type: TYPE[role],
      partuuid: deriveUuid(spec.salt, `partition ${role}`),
      name,
      start: String(start / disk.sector),
      sectors: String(size / disk.sector),
    };
    start += size;
    return partition;
  });
}
