// Whether a disk is like what a selector says: a pure predicate that gives its reasons.
import type { Disk } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";
import { globMatches } from "./glob.ts";
import type { Match } from "./schema-match.ts";
import { showMatch } from "./show-match.ts";
import { sizeFits } from "./size-selector.ts";

/**
 * Every way in which a disk differs from what is wanted, one line each; empty when it fits. What is not known of a disk
 * fits no pattern. `largest` and `smallest` are left to whoever sees all disks.
 */
export function whyNot(match: Match, disk: Disk): string[] {
  const { size, and = [], or, not } = match;
  return [
    ...TEXTS.flatMap(({ key, is, called }) => whyNotLike(called, match[key], is(disk))),
    ...whyNotEqual("its bus", match.bus, disk.bus),
    ...whyNotEqual("rotational", match.rotational, disk.rotational),
    ...whyNotEqual("removable", match.removable, disk.removable),
    ...whyNotEqual("its sector size", match["sector-size"], disk.sector),
    ...whyNotEqual("its health", match.health, disk.health ?? "unknown"),
    ...(size === undefined || sizeFits(size, disk.size)
      ? []
      : [`its size is ${sizeInWords(disk.size)} (${disk.size} bytes), not ${size}`]),
    ...whyNotHolding(match, disk),
    ...and.flatMap((inner) => whyNot(inner, disk)),
    ...(or === undefined ? [] : whyNoneOf(or, disk)),
    ...(not === undefined || whyNot(not, disk).length > 0 ? [] : [`it is what must not be: ${showMatch(not)}`]),
  ];
}

/** The keys that take a pattern, and what of a disk has to be like it. */
const TEXTS: readonly {
  key: "model" | "vendor" | "serial" | "wwn" | "by-id" | "by-path" | "driver" | "pci";
  called: string;
  is: (disk: Disk) => readonly string[];
}[] = [
  { key: "model", called: "model", is: (disk) => [disk.model] },
  { key: "vendor", called: "vendor", is: (disk) => [disk.vendor] },
  { key: "serial", called: "serial", is: (disk) => [disk.serial] },
  { key: "wwn", called: "wwn", is: (disk) => [disk.wwn] },
  { key: "by-id", called: "by-id name", is: (disk) => [disk.id ?? "", ...byIdOf(disk)] },
  { key: "by-path", called: "by-path name", is: (disk) => disk.byPath },
  { key: "driver", called: "driver", is: (disk) => [disk.driver] },
  // The controller first: it is what the reason names.
  { key: "pci", called: "PCI address", is: (disk) => disk.pci.toReversed() },
];

function byIdOf(disk: Disk): string[] {
  return disk.aliases.filter((name) => !disk.byPath.includes(name));
}

function whyNotLike(called: string, wanted: string | undefined, is: readonly string[]): string[] {
  if (wanted === undefined) return [];
  const known = is.filter((text) => text !== "");
  if (known.some((text) => globMatches(wanted, text))) return [];
  return [`its ${called} is ${known[0] ?? "not known"}, not ${wanted}`];
}

function whyNotEqual<T extends string | number | boolean>(
  what: string,
  wanted: T | undefined,
  is: T | string,
): string[] {
  return wanted === undefined || wanted === is ? [] : [`${what} is ${is}, not ${wanted}`];
}

/** A table without partitions is nothing: nobody would miss it. */
function whyNotHolding({ empty, holds }: Match, disk: Disk): string[] {
  const found = disk.content.join(", ");
  const named = [
    ...disk.content,
    ...disk.partitions.flatMap((part) => [part.filesystem ?? "", part.label ?? "", part.partlabel ?? ""]),
  ];
  return [
    ...(empty === true && disk.content.length > 0 ? [`it holds ${found}, and must be empty`] : []),
    ...(empty === false && disk.content.length === 0 ? ["nothing was found on it, and it must not be empty"] : []),
    ...(holds === undefined || named.some((text) => text !== "" && globMatches(holds, text))
      ? []
      : [disk.content.length === 0 ? `nothing was found on it, no ${holds}` : `it holds ${found}, no ${holds}`]),
  ];
}

function whyNoneOf(alternatives: readonly Match[], disk: Disk): string[] {
  const misses = alternatives.map((inner) => whyNot(inner, disk));
  return misses.some((one) => one.length === 0)
    ? []
    : [`none of these: ${misses.map((one) => one.join(" and ")).join(", or ")}`];
}
