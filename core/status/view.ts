// What is known of a host at one moment, on the reading side: the shape that the screen and `multiverse status` draw.
import type { PartName, Parts } from "./snapshot.ts";

export interface StatusView {
  /** lost: there was a connection; `parts` hold what was known then. */
  state: "connecting" | "connected" | "lost";
  /** Why there is no connection, one sentence; null while there is one or none was tried yet. */
  why: string | null;
  /** The host's boot id; another one means that nothing known before holds. Null before the first snapshot. */
  boot: string | null;
  parts: Partial<Parts>;
  /** milliseconds to add to performance.now() to get the daemon's monotonic now */
  offset: number | null;
}

/**
 * Milliseconds since the part's value was read, at least 0; null where there is none. `now` is performance.now().
 * Of a part that is `live` it says nothing about how current the value is.
 */
export function ageOf(view: StatusView, name: PartName, now: number): number | null {
  const at = view.parts[name]?.at ?? null;
  return at === null || view.offset === null ? null : Math.max(0, now + view.offset - at);
}
