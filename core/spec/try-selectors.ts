// What selectors would lead to on a machine, disk by disk: for looking, before a spec hangs on it.
import { ActionableError } from "../errors.ts";
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { judgeDisks } from "./judge-disks.ts";
import type { DiskSpec } from "./schema-disks.ts";
import type { Match } from "./schema-match.ts";
import { selectDisks } from "./select-disks.ts";

export interface TriedDisk {
  disk: Disk;
  fits: boolean;
  /** It fits and can be used. */
  usable: boolean;
  /** Why it does not fit, or fits and cannot be used; empty for one that may be selected. */
  reasons: string[];
}

export interface TriedSelector {
  match: Match;
  disks: TriedDisk[];
}

export interface Tried {
  count: number;
  selectors: TriedSelector[];
  /** What the spec would say from then on, with the pin; null where it is refused. */
  pinned: Exclude<DiskSpec, string | string[]> | null;
  refused: ActionableError | null;
}

/** The selectors in the order of preference. */
export function trySelectors(matches: readonly Match[], count: number, inventory: Inventory): Tried {
  const [only] = matches;
  const stated = {
    match: matches.length === 1 && only !== undefined ? only : [...matches],
    ...(count === 1 ? {} : { count }),
  };
  const selectors = matches.map((match): TriedSelector => {
    const { disks } = judgeDisks(match, count, inventory);
    return { match, disks: disks.map(({ disk, misses }) => tried(disk, misses)) };
  });
  try {
    const pin = selectDisks(stated, inventory, "--match").map(({ id }) => id);
    return { count, selectors, pinned: { ...stated, pin }, refused: null };
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error;
    return { count, selectors, pinned: null, refused: error };
  }
}

function tried(disk: Disk, misses: readonly string[]): TriedDisk {
  const fits = misses.length === 0;
  const unusable = [...disk.unusable, ...(disk.id === null ? ["has no name that stays"] : [])];
  return { disk, fits, usable: fits && unusable.length === 0, reasons: fits ? unusable : [...misses] };
}
