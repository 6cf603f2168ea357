// Refuses to plan partitions by identifiers that a disk beside the targets has already.
import { ActionableError, EXIT } from "../errors.ts";
import type { Disk, Inventory } from "../inventory/inventory.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import { diskInWords } from "./disk-in-words.ts";
import type { Layout } from "./layout/layout.ts";

/**
 * A disk that was installed from the same spec has the very identifiers by which the new partitions would be addressed.
 * @throws ActionableError `identifiers-taken` (exit 4)
 */
export function refuseTakenIdentifiers(spec: ResolvedSpec, { disks }: Inventory, layout: Layout): void {
  const planned = layout.disks.flatMap(({ partitions }) => partitions);
  const taken = disks.filter((disk) =>
    staying(disk, layout).some(({ partuuid }) => planned.some((one) => one.partuuid === partuuid?.toLowerCase())),
  );
  if (taken.length === 0) return;
  throw new ActionableError({
    code: "identifiers-taken",
    exit: EXIT.refused,
    message: "A disk has the partition identifiers that this spec gives already: it was installed from the same spec.",
    evidence: [...taken.map((disk) => `${disk.id ?? disk.path} (${diskInWords(disk)})`), `salt: ${spec.salt}`],
    hint: "Pull that disk out; or, where both are to stay, take `salt` out of the spec, or put another one in.",
  });
}

/** The partitions of a disk that will still be there: all of one that is no target. */
function staying(disk: Disk, layout: Layout): Disk["partitions"] {
  const target = layout.disks.find((each) => each.disk.id === disk.id && each.disk.path === disk.path);
  if (target === undefined) return disk.partitions;
  const { kept = [] } = target.beside ?? {};
  return disk.partitions.filter(({ number }) => kept.includes(number));
}
