// Whether what a template says holds for what a machine has: counts, sizes with what they may differ by, patterns.

import type { Bytes } from "../inventory/inventory.ts";
import { globMatches } from "../spec/glob.ts";
import { type Comparison, holds, parseComparisons, parseSize } from "../spec/quantity.ts";
import type { Stated } from "./schema.ts";

/** A number, or one or two comparisons. */
export function countHolds(stated: Stated["count"], is: number): boolean {
  if (typeof stated === "number") return is === stated;
  return stated.split(",").every((part) => {
    const [, operator, number] = /^ ?(>=|<=|>|<|=) ?([0-9]+)$/.exec(part) ?? [];
    const comparison = { operator: (operator ?? "=") as Comparison["operator"], bytes: Number(number) };
    return holds([comparison], is);
  });
}

/** Disks of "4 TB" differ by some megabytes from maker to maker; 4 TB and 4 TiB differ by ten per cent. */
const TOLERANCE = 0.01;

/**
 * A plain size holds within one per cent, a comparison exactly. `most` is given where what the machine has is only known
 * to lie between two values.
 */
export function sizeHolds(stated: Stated["size"], least: Bytes, most: Bytes = least): boolean {
  const plain = parseSize(stated);
  if (plain !== null) return least * (1 - TOLERANCE) <= plain && plain <= most * (1 + TOLERANCE);
  return (parseComparisons(stated) ?? []).every((one) => {
    // Any value between the two will do.
    if (one.operator === "=") return least <= one.bytes && one.bytes <= most;
    return holds([one], one.operator.startsWith(">") ? most : least);
  });
}

/** Whether any of the patterns fits any of the texts. */
export function patternHolds(stated: Stated["patterns"], texts: readonly string[]): boolean {
  return list(stated).some((pattern) => texts.some((text) => globMatches(pattern, text)));
}

export function list(stated: Stated["patterns"]): readonly string[] {
  return typeof stated === "string" ? [stated] : stated;
}

/** "*E5-26* v3* or *E5-26* v4*". */
export function patternsInWords(stated: Stated["patterns"]): string {
  return list(stated).join(" or ");
}
