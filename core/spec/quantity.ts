// Sizes as people write them ("400 GB", "2 GiB") and comparisons of sizes (">= 64 GiB"); exact, in whole bytes.
import type { Bytes } from "../inventory/inventory.ts";

const UNITS: Readonly<Record<string, bigint>> = {
  B: 1n,
  kB: 10n ** 3n,
  KB: 10n ** 3n,
  MB: 10n ** 6n,
  GB: 10n ** 9n,
  TB: 10n ** 12n,
  PB: 10n ** 15n,
  KiB: 2n ** 10n,
  MiB: 2n ** 20n,
  GiB: 2n ** 30n,
  TiB: 2n ** 40n,
  PiB: 2n ** 50n,
};

/** What a size looks like, for schemas and editors. */
export const SIZE_PATTERN = /^[0-9]{1,16}(\.[0-9]{1,9})? ?(B|[kK]B|MB|GB|TB|PB|KiB|MiB|GiB|TiB|PiB)$/;

/** Largest first; binary before decimal, so that "2 GiB" comes back as it went in. */
const EXACT_UNITS = ["PiB", "TiB", "GiB", "MiB", "KiB", "PB", "TB", "GB", "MB", "kB"] as const;

export const ONE_COMPARISON = `(>=|<=|>|<|=) ?${SIZE_PATTERN.source.slice(1, -1)}`;

export const COMPARISON_PATTERN = new RegExp(`^${ONE_COMPARISON}(, ?${ONE_COMPARISON})?$`);

/** Bytes of a size with a unit; null when it is none, is not whole bytes or is beyond what a number holds exactly (9 PB). */
export function parseSize(text: string): Bytes | null {
  if (!SIZE_PATTERN.test(text)) return null;
  const [, whole = "", fraction = "", unit = ""] = /^([0-9]+)(?:\.([0-9]+))? ?([A-Za-z]+)$/.exec(text) ?? [];
  const scale = UNITS[unit];
  if (scale === undefined) return null;
  const denominator = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * scale;
  if (scaled % denominator !== 0n) return null;
  const bytes = scaled / denominator;
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : null;
}

/** The shortest exact way to write so many bytes; `parseSize` gives the same bytes back. */
export function formatSize(bytes: Bytes): string {
  const exact = BigInt(bytes);
  const fitting = EXACT_UNITS.filter((unit) => exact !== 0n && exact % (UNITS[unit] ?? 1n) === 0n);
  const written = fitting.map((unit) => `${exact / (UNITS[unit] ?? 1n)} ${unit}`);
  return written.reduce((best, next) => (next.length < best.length ? next : best), `${exact} B`);
}

type Operator = ">=" | "<=" | ">" | "<" | "=";

export interface Comparison {
  operator: Operator;
  bytes: Bytes;
}

/** One comparison or two ("> 400 GB, < 1 TB"), all of which must hold; null when the text is none. */
export function parseComparisons(text: string): Comparison[] | null {
  if (!COMPARISON_PATTERN.test(text)) return null;
  const parsed = text.split(",").map((part) => {
    const [, operator, size = ""] = /^ ?(>=|<=|>|<|=) ?(.*)$/.exec(part) ?? [];
    return { operator: operator as Operator, bytes: parseSize(size) };
  });
  return parsed.every((one): one is Comparison => one.bytes !== null) ? parsed : null;
}

/** Whether a size satisfies every comparison. */
export function holds(comparisons: readonly Comparison[], bytes: Bytes): boolean {
  return comparisons.every((one) => {
    switch (one.operator) {
      case ">=":
        return bytes >= one.bytes;
      case "<=":
        return bytes <= one.bytes;
      case ">":
        return bytes > one.bytes;
      case "<":
        return bytes < one.bytes;
      case "=":
        return bytes === one.bytes;
      default:
        throw new Error(`unknown comparison ${String(one.operator satisfies never)}`);
    }
  });
}
