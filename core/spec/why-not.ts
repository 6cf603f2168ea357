// Whether a disk is like what a selector says: a pure predicate that gives its reasons.
import type { Disk } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";
import { globMatches } from "./glob.ts";
import { holds, parseComparisons } from "./quantity.ts";
import type { Match } from "./schema-disks.ts";

/** Every property in which a disk differs from what is wanted, one line each; empty when it fits. */
export function whyNot(match: Match, disk: Disk): string[] {
  const misses: string[] = [];
  const pattern = (what: string, wanted: string | undefined, is: readonly string[]) => {
    if (wanted !== undefined && !is.some((text) => globMatches(wanted, text)))
      misses.push(`its ${what} is ${is[0] ? is[0] : "not known"}, not ${wanted}`);
  };
  const exact = (what: string, wanted: string | number | boolean | undefined, is: string | number | boolean) => {
    if (wanted !== undefined && wanted !== is) misses.push(`${what} is ${is}, not ${wanted}`);
  };
  pattern("model", match.model, [disk.model]);
  pattern("vendor", match.vendor, [disk.vendor]);
  pattern("serial", match.serial, [disk.serial]);
  pattern("wwn", match.wwn, [disk.wwn]);
  pattern(
    "by-id name",
    match["by-id"],
    [disk.id ?? "", ...disk.aliases].filter((name) => name !== ""),
  );
  exact("its bus", match.bus, disk.bus);
  exact("rotational", match.rotational, disk.rotational);
  exact("removable", match.removable, disk.removable);
  exact("its sector size", match["sector-size"], disk.sector);
  if (match.size !== undefined && !holds(parseComparisons(match.size) ?? [], disk.size)) {
    misses.push(`its size is ${sizeInWords(disk.size)} (${disk.size} bytes), not ${match.size}`);
  }
  return misses;
}
