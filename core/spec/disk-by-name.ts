// The disk that a name means: a path, or one of its links under /dev/disk.
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";
import { ambiguous, noneMatches } from "./disk-refusals.ts";

/** @throws ActionableError `no-disk-matches`, `ambiguous-disk` */
export function diskByName(name: string, inventory: Inventory, at: string): Disk {
  const wanted = name.replace(/^\/dev\/disk\/by-(id|path)\//, "");
  const found = inventory.disks.filter(
    (disk) => disk.id === wanted || disk.aliases.includes(wanted) || disk.path === name,
  );
  if (found[0] !== undefined && found.length === 1) return found[0];
  if (found.length > 1) throw ambiguous(found, `${at}: the name ${name} leads to ${found.length} disks`);
  const whole = inventory.disks.find(
    (disk) =>
      disk.partitions.some((part) => part.path === name) ||
      [disk.id ?? "", ...disk.aliases].some((alias) => alias !== "" && wanted.startsWith(`${alias}-part`)),
  );
  const evidence = inventory.disks.map((disk) => `${describeDisk(disk)} is ${disk.path}`);
  throw noneMatches(
    whole === undefined
      ? `${at}: there is no disk ${name}`
      : `${at}: ${name} is a partition of ${whole.path}, and a whole disk is needed`,
    evidence,
  );
}

/** The identities of confirmed disks: a person may have written any of a disk's names; one of a disk that is not there stays as it is. */
export function confirmedIdentities(names: readonly string[], inventory: Inventory): string[] {
  return names.map(
    (name) => inventory.disks.find((disk) => disk.id === name || disk.aliases.includes(name))?.id ?? name,
  );
}
