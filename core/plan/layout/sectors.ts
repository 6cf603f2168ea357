// Whether a pool can be made of disks with these sectors.
import { ActionableError, EXIT } from "../../errors.ts";
import type { NamedDisk } from "./disk-layout.ts";

/** UEFI, GPT and FAT know these two; whatever else a disk says (520, 528) carries checksums of a RAID card. */
const USABLE: readonly number[] = [512, 4096];

/** @throws ActionableError `sector-size` where a disk's sectors are none that a PC can use */
export function checkSectors(disks: readonly NamedDisk[]): void {
  const wrong = disks.filter(({ sector }) => !USABLE.includes(sector));
  if (wrong.length === 0) return;
  throw new ActionableError({
    code: "sector-size",
    exit: EXIT.refused,
    message: "A disk has sectors of a size that cannot be installed on.",
    evidence: wrong.map(
      ({ id, sector }) => `${id}: ${sector} bytes a sector, and only ${USABLE.join(" and ")} can be used`,
    ),
    hint: "Disks of storage arrays have 520 or 528 bytes: `sg_format --format --size=512 DISK` makes them usual ones (and erases them).",
  });
}

/**
 * ZFS writes 2^ashift bytes at least, which must be a whole sector of every disk of the pool: disks of 512 and of 4096 bytes
 * go together from ashift 12 on (zpoolprops(7)).
 * @throws ActionableError `ashift-too-small`
 */
export function checkAshift(disks: readonly NamedDisk[], ashift: number): string[] {
  const smallest = 2 ** ashift;
  const larger = disks.filter(({ sector }) => sector > smallest);
  if (larger.length > 0) {
    throw new ActionableError({
      code: "ashift-too-small",
      exit: EXIT.refused,
      message: `With ashift ${ashift} the pool writes ${smallest} bytes at a time, and these disks take no less than their sector.`,
      evidence: larger.map(({ id, sector }) => `${id}: ${sector} bytes a sector`),
      hint: `Use \`pool-options: {ashift: ${Math.log2(Math.max(...larger.map(({ sector }) => sector)))}}\`, or leave it out: 12 suits every disk.`,
    });
  }
  return disks
    .filter(({ physicalSector }) => physicalSector > smallest)
    .map(
      ({ id, physicalSector }) =>
        `${id} has sectors of ${physicalSector} bytes inside and is slow with the ashift ${ashift} that the spec says; it cannot be changed later.`,
    );
}
