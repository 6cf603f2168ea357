// What would single disks out among all that a selector fits: computed from what differs.
import type { Disk } from "../inventory/inventory.ts";
import type { Match } from "./schema-match.ts";
import { parseSizeSelector } from "./size-selector.ts";
import { whyNot } from "./why-not.ts";

/** Best first: what is the disk's own before where it is plugged in. */
const OWN: readonly Way[] = [
  (disk) => (disk.serial === "" ? null : { serial: disk.serial }),
  (disk) => (disk.wwn === "" ? null : { wwn: disk.wwn }),
  (disk) => (disk.byPath[0] === undefined ? null : { "by-path": disk.byPath[0] }),
  (disk) => ({ size: `= ${disk.size} B` }),
  (disk) => (disk.model === "" ? null : { model: disk.model }),
  (disk) => (disk.bus === "loop" || disk.bus === "other" ? null : { bus: disk.bus }),
];

/** Enough to choose from. */
const MOST = 3;

/** For each disk, the keys of a selector that fit it and no other of these: at most three, the best first. */
export function singlesOut(among: readonly Disk[]): (disk: Disk) => Match[] {
  const ways = OWN.map((own) => ({ own, times: howOften(own, among) }));
  return (disk) =>
    ways
      .flatMap(({ own, times }) => {
        const match = own(disk);
        return match !== null && times.get(textOf(match)) === 1 && leaves(match, 1, among) !== null ? [match] : [];
      })
      .slice(0, MOST);
}

type Way = (disk: Disk) => Match | null;

/** Patterns do not know upper case from lower case. */
const textOf = (match: Match) => JSON.stringify(match).toLowerCase();

function howOften(way: Way, among: readonly Disk[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const match of among.map(way)) if (match !== null) times.set(textOf(match), (times.get(textOf(match)) ?? 0) + 1);
  return times;
}

export interface Suggestion {
  /** Keys to set in the selector. */
  set: Match;
  /** Exactly so many as are wanted. */
  leaves: Disk[];
}

/** What to set in the selector, which fits all of `among`, so that exactly `count` of them are left: at most three ways. */
export function leavingJust(count: number, match: Match, among: readonly Disk[]): Suggestion[] {
  const found = byRank(count, match, among);
  for (const group of count === 1 ? KINDS : GROUPS) {
    const times = howOften(group, among);
    const tried = new Set<string>();
    for (const disk of among) {
      const set = group(disk);
      if (set === null || times.get(textOf(set)) !== count || tried.has(textOf(set))) continue;
      tried.add(textOf(set));
      const left = leaves(set, count, among);
      if (left !== null) found.push({ set, leaves: left });
      if (found.length >= MOST) return found.slice(0, MOST);
    }
  }
  return found;
}

const KINDS: readonly Way[] = [
  (disk) => ({ rotational: disk.rotational }),
  (disk) => ({ removable: disk.removable }),
  (disk) => ({ empty: disk.content.length === 0 }),
  (disk) => (disk.driver === "" ? null : { driver: disk.driver }),
];

/** What several disks may have in common; where one is wanted, OWN says these of each. */
const GROUPS: readonly Way[] = [
  (disk) => (disk.bus === "loop" || disk.bus === "other" ? null : { bus: disk.bus }),
  ...KINDS,
  (disk) => (disk.model === "" ? null : { model: disk.model }),
  (disk) => ({ size: `= ${disk.size} B` }),
  (disk) => (disk.vendor === "" ? null : { vendor: disk.vendor }),
  (disk) => (disk.pci.at(-1) === undefined ? null : { pci: disk.pci.at(-1) }),
];

function byRank(count: number, { size }: Match, among: readonly Disk[]): Suggestion[] {
  const stated = size === undefined ? null : parseSizeSelector(size);
  if (stated !== null && stated.rank !== null) return [];
  return (["largest", "smallest"] as const).flatMap((rank) => {
    const sorted = among.toSorted((a, b) => (rank === "largest" ? b.size - a.size : a.size - b.size));
    if (sorted[count - 1]?.size === sorted[count]?.size) return [];
    return [{ set: { size: size === undefined ? rank : `${size}, ${rank}` }, leaves: sorted.slice(0, count) }];
  });
}

/** A name may hold what a pattern takes for a wildcard, so that it fits more than itself. */
function leaves(match: Match, count: number, among: readonly Disk[]): Disk[] | null {
  const left = among.filter((disk) => whyNot(match, disk).length === 0);
  return left.length === count ? left : null;
}
