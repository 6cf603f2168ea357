// Which disks a spec means: names or a selector become exactly so many disks with stable identities, or a refusal that says why.
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";
import { diskByName } from "./disk-by-name.ts";
import { ambiguous, inUse, namedTwice, noneMatches, withoutIdentity } from "./disk-refusals.ts";
import type { DiskSpec, Match } from "./schema-disks.ts";
import { whyNot } from "./why-not.ts";

/** Selected disks are known by this; it is what plans address. */
export type IdentifiedDisk = Disk & { id: string };

/**
 * The disks that are meant: those that are listed in the order of the list, those that are matched ordered by identity, so
 * that what the kernel calls them today changes nothing. `at` is where the spec says it, for the messages.
 * @throws ActionableError exit 4: `no-disk-matches`, `ambiguous-disk`, `disk-in-use`, `disk-without-identity`, `same-disk-twice`
 */
export function selectDisks(stated: DiskSpec, inventory: Inventory, at: string): IdentifiedDisk[] {
  if (typeof stated === "string") return [identified(diskByName(stated, inventory, at), at)];
  if (Array.isArray(stated)) return byNames(stated, inventory, at);
  if (stated.path !== undefined) return [identified(diskByName(stated.path, inventory, at), at)];
  const disks = byMatch(stated.match ?? {}, stated.count ?? 1, inventory, at);
  return disks.map((disk) => identified(disk, at)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function identified(disk: Disk, at: string): IdentifiedDisk {
  if (disk.unusable.length > 0) throw inUse(disk, at);
  const { id } = disk;
  if (id === null) throw withoutIdentity(disk, at);
  return { ...disk, id };
}

function byNames(names: readonly string[], inventory: Inventory, at: string): IdentifiedDisk[] {
  const named = new Map<string, string>();
  return names.map((name) => {
    const disk = identified(diskByName(name, inventory, at), at);
    const before = named.get(disk.id);
    if (before !== undefined) throw namedTwice(disk, [before, name], at);
    named.set(disk.id, name);
    return disk;
  });
}

function byMatch(match: Match, count: number, inventory: Inventory, at: string): Disk[] {
  const judged = inventory.disks.map((disk) => ({ disk, misses: whyNot(match, disk) }));
  const fitting = judged.filter((one) => one.misses.length === 0).map((one) => one.disk);
  // A disk in use is never meant; but it must not make the choice silently smaller either when not enough is left.
  const free = fitting.filter((disk) => disk.unusable.length === 0);
  if (free.length === count) return free;
  if (free.length > count) throw ambiguous(free, `${at}: ${wanted(free.length, count)}`, count);
  // As many as wanted are like this, and the first that is in use is what stands in the way.
  if (fitting.length === count) return fitting;
  if (fitting.length > count) {
    const used = fitting.filter((disk) => disk.unusable.length > 0);
    throw noneMatches(
      free.length === 0
        ? `${at}: every disk that is like this is in use`
        : `${at}: ${fitting.length} disks are like this and ${count} are wanted, but only ${free.length} can be used`,
      used.map((disk) => `${describeDisk(disk)}: ${disk.unusable.join("; ")}`),
      count,
    );
  }
  throw noneMatches(
    fitting.length === 0 ? `${at}: no disk is like this` : `${at}: ${wanted(fitting.length, count)}`,
    judged.filter((one) => one.misses.length > 0).map((one) => `${describeDisk(one.disk)}: ${one.misses.join("; ")}`),
    count,
  );
}

function wanted(found: number, count: number): string {
  return `${found === 1 ? "one disk is" : `${found} disks are`} like this, and ${count === 1 ? "one is" : `${count} are`} wanted`;
}
