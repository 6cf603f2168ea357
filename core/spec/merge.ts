// Later files win over earlier ones, key by key; lists are replaced, not joined.
import { isMap } from "./path.ts";

/** `later` over `earlier`. A map that is an {ask: …} is a value like a word: it replaces and is replaced whole. */
export function merge(earlier: unknown, later: unknown): unknown {
  if (later === undefined) return earlier;
  if (!isMap(earlier) || !isMap(later) || isAsk(earlier) || isAsk(later)) return later;
  const keys = new Set([...Object.keys(earlier), ...Object.keys(later)]);
  // fromEntries defines properties: a key called __proto__ stays a key.
  return Object.fromEntries([...keys].map((name) => [name, merge(own(earlier, name), own(later, name))]));
}

function own(map: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Whether a value is `{ask: "why"}`. */
export function isAsk(value: unknown): value is { ask: string } {
  return isMap(value) && Object.keys(value).length === 1 && typeof own(value, "ask") === "string";
}
