// Which disks a spec means: names or selectors become exactly so many disks with stable identities, or a refusal that says why.
import { ActionableError } from "../errors.ts";
import { hiddenDisks } from "../inventory/hardware/storage-buses.ts";
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";
import { diskByName } from "./disk-by-name.ts";
import { ambiguous, inUse, namedTwice, noneMatches, pinBroken, withoutIdentity } from "./disk-refusals.ts";
import { type Judgement, judgeDisks } from "./judge-disks.ts";
import type { DiskSpec } from "./schema-disks.ts";
import type { Match } from "./schema-match.ts";
import { showMatch } from "./show-match.ts";

/** Selected disks are known by this; it is what plans address. */
export type IdentifiedDisk = Disk & { id: string };

/**
 * The disks that are meant: those that are listed in the order of the list, those that are matched ordered by identity, so
 * that what the kernel calls them today changes nothing. None only where the spec says `if-missing: skip`. `at` is where
 * the spec says it, for the messages.
 * @throws ActionableError exit 4: `no-disk-matches`, `ambiguous-disk`, `disk-in-use`, `disk-without-identity`, `same-disk-twice`
 */
export function selectDisks(stated: DiskSpec, inventory: Inventory, at: string): IdentifiedDisk[] {
  if (typeof stated === "string") return byNames([stated], inventory, at);
  if (Array.isArray(stated)) return byNames(stated, inventory, at);
  if (stated.path !== undefined) return byNames([stated.path], inventory, at);
  if (stated.pin !== undefined) return byPin(stated.pin, inventory, at);
  const wanted = { count: stated.count ?? 1, inventory, at };
  const found = byMatch([stated.match ?? {}].flat(), wanted);
  if (found instanceof ActionableError) {
    if (stated["if-missing"] === "skip") return [];
    throw found;
  }
  return found.map((disk) => identified(disk, inventory, at)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether a person is to say which disks are meant, because there are not enough like that (`if-missing: ask`). */
export function asksForMissing(stated: DiskSpec, inventory: Inventory): boolean {
  if (typeof stated === "string" || Array.isArray(stated) || stated["if-missing"] !== "ask") return false;
  if (stated.match === undefined || stated.pin !== undefined) return false;
  const { count = 1 } = stated;
  return [stated.match].flat().every((match) => judgeDisks(match, count, inventory).free.length < count);
}

function identified(disk: Disk, inventory: Inventory, at: string): IdentifiedDisk {
  if (disk.unusable.length > 0) throw inUse(disk, at);
  const { id } = disk;
  if (id === null) throw withoutIdentity(disk, inventory, at);
  return { ...disk, id };
}

function byNames(names: readonly string[], inventory: Inventory, at: string): IdentifiedDisk[] {
  const named = new Map<string, string>();
  return names.map((name) => {
    const disk = identified(diskByName(name, inventory, at), inventory, at);
    const before = named.get(disk.id);
    if (before !== undefined) throw namedTwice(disk, [before, name], at);
    named.set(disk.id, name);
    return disk;
  });
}

function byPin(names: readonly string[], inventory: Inventory, at: string): IdentifiedDisk[] {
  try {
    return byNames(names, inventory, at);
  } catch (error) {
    throw error instanceof ActionableError ? pinBroken(error, at) : error;
  }
}

interface Wanted {
  count: number;
  inventory: Inventory;
  at: string;
}

/** The disks of the first selector that gives enough; or, not thrown, why none does. */
function byMatch(selectors: readonly Match[], wanted: Wanted): Disk[] | ActionableError {
  const short: { match: Match; judgement: Judgement }[] = [];
  for (const match of selectors) {
    const judgement = judgeDisks(match, wanted.count, wanted.inventory);
    const { free } = judgement;
    if (free.length === wanted.count) return free;
    if (free.length > wanted.count)
      throw ambiguous(free, `${wanted.at}: ${soManyFor(free.length, wanted.count)}`, match, wanted.count);
    short.push({ match, judgement });
  }
  const [first, ...others] = short;
  if (first === undefined) throw new Error("a selector is never an empty list");
  return others.length === 0 ? tooFew(first.judgement, wanted) : noneGivesEnough([first, ...others], wanted);
}

function tooFew({ disks, fitting, free }: Judgement, { count, at, inventory }: Wanted): ActionableError {
  const used = fitting.filter((disk) => disk.unusable.length > 0);
  // As many as wanted are like this: the first that is in use is what stands in the way.
  if (used[0] !== undefined && fitting.length === count) return inUse(used[0], at);
  // A disk in use is never meant; but it must not make the choice silently smaller either when not enough is left.
  if (fitting.length > count)
    return noneMatches(
      free.length === 0
        ? `${at}: every disk that is like this is in use`
        : `${at}: ${fitting.length} disks are like this and ${count} are wanted, but only ${free.length} can be used`,
      used.map((disk) => `${describeDisk(disk)}: ${disk.unusable.join("; ")}`),
      count,
    );
  return noneMatches(
    `${at}: ${fitting.length === 0 ? "no disk is like this" : soManyFor(fitting.length, count)}`,
    [...hidden(inventory), ...disks.flatMap(({ disk, misses }) => whyNotMeant(describeDisk(disk), disk, misses))],
    count,
  );
}

function noneGivesEnough(
  short: readonly { match: Match; judgement: Judgement }[],
  { count, at, inventory }: Wanted,
): ActionableError {
  return noneMatches(
    `${at}: none of the ${short.length} selectors gives ${count === 1 ? "a disk" : `${count} disks`} that can be used`,
    [
      ...hidden(inventory),
      ...short.flatMap(({ match, judgement: { disks, free } }) => [
        `${showMatch(match)} gives ${free.length}`,
        ...disks.flatMap(({ disk, misses }) => whyNotMeant(`  ${disk.id ?? disk.path}`, disk, misses)),
      ]),
    ],
    count,
  );
}

/** One line for a disk that does not fit or cannot be used, and none for another. */
function whyNotMeant(name: string, { unusable }: Disk, misses: readonly string[]): string[] {
  const why = misses.length > 0 ? misses : unusable;
  return why.length === 0 ? [] : [`${name}: ${why.join("; ")}`];
}

/** The disks that are wanted may be there, behind a card that shows volumes in their place. */
function hidden({ hardware }: Inventory): string[] {
  return hiddenDisks(hardware.storage, hardware.pci);
}

function soManyFor(found: number, count: number): string {
  return `${found === 1 ? "one disk is" : `${found} disks are`} like this, and ${count === 1 ? "one is" : `${count} are`} wanted`;
}
