// What is wrong with a hop, before it is known whether one nearer to the wire is the cause.
import type { Hop } from "../../status/network-facts.ts";

export interface Verdict {
  state: Hop["state"];
  trouble: Hop["trouble"];
  seen: string | null;
}

export const fine: Verdict = { state: "ok", trouble: null, seen: null };
export const unmeasured: Verdict = { state: "unknown", trouble: null, seen: null };
export const unused = (seen: string): Verdict => ({ state: "off", trouble: null, seen });
export const broken = (trouble: NonNullable<Hop["trouble"]>, seen: string): Verdict => ({
  state: "broken",
  trouble,
  seen,
});

/** "12 s", "4 min", "3 h", "2 days". */
export function ageInWords(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
