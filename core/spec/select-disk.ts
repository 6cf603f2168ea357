// The one disk that a spec means, for layouts of a single disk.
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";
import { noneMatches } from "./disk-refusals.ts";
import type { DiskSpec } from "./schema-disks.ts";
import { type IdentifiedDisk, selectDisks } from "./select-disks.ts";

export { describeDisk } from "./describe-disk.ts";
export { confirmedIdentities } from "./disk-by-name.ts";
export type { DiskSpec } from "./schema-disks.ts";
export type { IdentifiedDisk } from "./select-disks.ts";

/**
 * `at` is where the spec says it, for the messages.
 * @throws ActionableError exit 4: what selectDisks refuses, and `not-yet` for more than one disk
 */
export function selectDisk(stated: DiskSpec, inventory: Inventory, at: string): IdentifiedDisk {
  const disks = selectDisks(stated, inventory, at);
  const [disk] = disks;
  if (disk !== undefined && disks.length === 1) return disk;
  if (disk === undefined)
    throw noneMatches(
      `${at}: \`if-missing: skip\` leaves the system without a disk`,
      inventory.disks.map(describeDisk),
    );
  throw new ActionableError({
    code: "not-yet",
    exit: EXIT.refused,
    message: "The spec names more disks than are used; more than one disk is not supported yet.",
    evidence: [`${at}: ${disks.length} disks`],
    hint: "Name one disk.",
  });
}
