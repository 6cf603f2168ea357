// Turns byte counts into progress events with rate and time left.
import type { InstallEvent } from "./events.ts";

/** The rate is an average over this many counts, so that one slow second does not make the time left jump. */
const WINDOW = 10;

export function progressOf(index: number, now: () => number): (bytes: number, total: number | null) => InstallEvent {
  let counts: { at: number; bytes: number }[] = [];
  return (bytes, total) => {
    const at = now();
    // A new copy within the same step starts from zero.
    if ((counts.at(-1)?.bytes ?? 0) > bytes) counts = [];
    counts = [...counts.slice(-WINDOW), { at, bytes }];
    const first = counts[0] ?? { at, bytes };
    const rate = at > first.at ? ((bytes - first.bytes) * 1000) / (at - first.at) : 0;
    const left = total === null || rate <= 0 ? null : Math.max(0, Math.round((total - bytes) / rate));
    return {
      ...{ event: "progress", index, bytes: String(bytes), total: total === null ? null : String(total) },
      ...{ rate: String(Math.round(rate)), left },
    };
  };
}
