// What is known of a host at one moment, on the reading side: the shape that the screen and `multiverse status` draw.
import type { Parts } from "./snapshot.ts";

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
