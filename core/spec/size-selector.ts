// The size in a selector: comparisons, a size with a tolerance, and the largest or smallest of what fits.
import type { Bytes } from "../inventory/inventory.ts";
import { type Comparison, holds, ONE_COMPARISON, parseComparisons, parseSize, SIZE_PATTERN } from "./quantity.ts";

/** Which of the disks that fit in every other way. */
export type Rank = "largest" | "smallest";

export interface SizeSelector {
  /** All of them must hold. */
  comparisons: Comparison[];
  rank: Rank | null;
}

const SIZE = SIZE_PATTERN.source.slice(1, -1);
const PERCENT = "[0-9]{1,2}(\\.[0-9]{1,3})? ?%";
const AROUND = `${SIZE} ?(±|\\+-) ?(${PERCENT}|${SIZE})`;
const TERM = `(${ONE_COMPARISON}|${AROUND})`;

/** What can stand anywhere in a selector: whether it holds is known from the disk alone. */
export const SIZE_HOLDS_PATTERN = new RegExp(`^${TERM}(, ?${TERM})?$`);

/** The same, with or without a rank behind it; for a selector as a whole, which has disks to compare. */
export const SIZE_SELECTOR_PATTERN = new RegExp(`^(${TERM}(, ?${TERM})?(, ?(largest|smallest))?|largest|smallest)$`);

/** Null when the text is none, or a size in it is not whole bytes below 9 PB. */
export function parseSizeSelector(text: string): SizeSelector | null {
  if (!SIZE_SELECTOR_PATTERN.test(text)) return null;
  const terms = text.split(",").map((term) => term.trim());
  const rank = terms.find((term): term is Rank => term === "largest" || term === "smallest") ?? null;
  const parsed = terms.filter((term) => term !== rank).map((term) => around(term) ?? parseComparisons(term));
  return parsed.some((one) => one === null) ? null : { comparisons: parsed.flatMap((one) => one ?? []), rank };
}

/** Whether the size fits as far as the disk alone tells. */
export function sizeFits(text: string, bytes: Bytes): boolean {
  return holds(parseSizeSelector(text)?.comparisons ?? [], bytes);
}

/** "4 TB ± 5 %", "4 TB ± 100 GB": both ends are in it. Exact: a tenth of a byte does not matter, a rounded percent would. */
function around(term: string): Comparison[] | null {
  const [, size = "", , spread = ""] = /^([^±+]*?) ?(±|\+-) ?(.*)$/.exec(term) ?? [];
  const middle = parseSize(size);
  if (middle === null || spread === "") return null;
  const more = spreadOf(middle, spread);
  if (more === null) return null;
  return [
    { operator: ">=", bytes: Math.max(0, middle - more) },
    { operator: "<=", bytes: middle + more },
  ];
}

function spreadOf(middle: Bytes, spread: string): Bytes | null {
  const [, whole = "", fraction = ""] = /^([0-9]+)(?:\.([0-9]+))? ?%$/.exec(spread) ?? [];
  if (whole === "") return parseSize(spread);
  return Number((BigInt(middle) * BigInt(whole + fraction)) / (100n * 10n ** BigInt(fraction.length)));
}
