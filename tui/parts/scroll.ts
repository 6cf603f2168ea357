// Which part of a long list is in view, and where keys move the selection. Pure.
import type { Key } from "../keys/key.ts";

export interface Scroll {
  /** The selected entry; 0 in an empty list. */
  selected: number;
  /** The first entry in view. */
  top: number;
}

export const START: Scroll = { selected: 0, top: 0 };

/** The selection kept inside the list, and in view of `height` rows. */
export function clampScroll({ selected, top }: Scroll, length: number, height: number): Scroll {
  const at = Math.max(0, Math.min(selected, length - 1));
  const room = Math.max(1, height);
  const first = Math.min(Math.max(top, at - room + 1), at);
  return { selected: at, top: Math.max(0, Math.min(first, length - room)) };
}

/** Where a key moves the selection; null when the key is not one that moves. */
export function moveScroll(scroll: Scroll, key: Key, length: number, height: number): Scroll | null {
  const page = Math.max(1, height - 1);
  const step: Partial<Record<Key["name"], number>> = {
    up: -1,
    down: 1,
    "page-up": -page,
    "page-down": page,
    home: -length,
    end: length,
  };
  const by = step[key.name];
  if (by === undefined) return null;
  return clampScroll({ ...scroll, selected: scroll.selected + by }, length, height);
}

/**
 * Moves past entries that cannot be chosen: on in the direction of the move from `before` (the entry that was selected
 * until now; default: downwards), back where there is none.
 */
export function nearestChoosable(
  scroll: Scroll,
  choosable: readonly boolean[],
  height: number,
  before = scroll.selected,
): Scroll {
  const after = choosable.indexOf(true, scroll.selected);
  // lastIndexOf takes -1 for "from the end".
  const earlier = scroll.selected < 0 ? -1 : choosable.lastIndexOf(true, scroll.selected);
  const [first, second] = scroll.selected < before ? [earlier, after] : [after, earlier];
  const at = first >= 0 ? first : second;
  return at < 0 ? scroll : clampScroll({ ...scroll, selected: at }, choosable.length, height);
}
