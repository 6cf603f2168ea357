// A number with a unit, as people type it ("2 GiB", "1.5tib"): read, judged in words, stepped up and down. Pure.

export interface Unit {
  name: string;
  /** How many of the smallest thing it is: 1024 ** 3 for GiB. A whole number. */
  size: number;
}

export interface QuantityRules {
  /** From small to large. */
  units: readonly Unit[];
  /** In the smallest thing (bytes, seconds), both included. */
  min?: number;
  max?: number;
}

export interface Quantity {
  /** In the smallest thing; always a whole, safe number. */
  value: number;
  /** As it is written in the spec: one space, the unit as in `units`. */
  text: string;
}

export type QuantityProblem =
  | { kind: "empty" }
  | { kind: "no-number" }
  | { kind: "no-unit" }
  | { kind: "unknown-unit"; unit: string }
  | { kind: "not-whole" }
  | { kind: "too-small"; least: string }
  | { kind: "too-large"; most: string };

/** What is said of each problem; `units` and limits come as they are written. */
export interface QuantityWords {
  empty: string;
  noNumber: string;
  noUnit: (units: string) => string;
  unknownUnit: (unit: string, units: string) => string;
  notWhole: string;
  tooSmall: (least: string) => string;
  tooLarge: (most: string) => string;
}

export function readQuantity(text: string, rules: QuantityRules): Quantity | QuantityProblem {
  const { units, min = 0, max = Number.MAX_SAFE_INTEGER } = rules;
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty" };
  const parts = /^(\d{1,20})(?:\.(\d{1,20}))?\s*(\S*)$/.exec(trimmed);
  if (parts === null) return { kind: "no-number" };
  const [, whole = "", fraction = "", name = ""] = parts;
  if (name === "") return { kind: "no-unit" };
  const unit =
    units.find((each) => each.name === name) ?? units.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (unit === undefined) return { kind: "unknown-unit", unit: name };
  // In whole numbers: 0.1 has no exact value in binary.
  const scaled = BigInt(whole + fraction) * BigInt(unit.size);
  const scale = 10n ** BigInt(fraction.length);
  if (scaled % scale !== 0n) return { kind: "not-whole" };
  const value = scaled / scale;
  if (value < BigInt(min)) return { kind: "too-small", least: quantityText(min, units) };
  if (value > BigInt(max)) return { kind: "too-large", most: quantityText(max, units) };
  const count = fraction === "" ? String(BigInt(whole)) : `${BigInt(whole)}.${fraction}`;
  return { value: Number(value), text: `${count} ${unit.name}` };
}

/** Written with the largest unit that leaves a whole number. */
export function quantityText(value: number, units: readonly Unit[]): string {
  const unit = units.findLast(({ size }) => value >= size && value % size === 0) ?? units[0];
  return unit === undefined ? String(value) : `${Math.floor(value / unit.size)} ${unit.name}`;
}

/**
 * One more or one less of the unit that is typed; below one of it, half of it in the next smaller unit. Stops at the
 * limits. What cannot be read stays as it is.
 */
export function stepQuantity(text: string, by: 1 | -1, rules: QuantityRules): string {
  const { units, min = 0, max = Number.MAX_SAFE_INTEGER } = rules;
  const read = readQuantity(text, { units });
  if ("kind" in read) return text;
  const at = units.findIndex(({ name }) => read.text.endsWith(` ${name}`));
  const unit = units[at];
  if (unit === undefined) return text;
  const count = read.value / unit.size;
  const next = (by > 0 ? Math.floor(count) + 1 : Math.ceil(count) - 1) * unit.size;
  const smaller = units[at - 1];
  const half = unit.size / 2;
  const steps = next <= 0 && by < 0 && smaller !== undefined && half % smaller.size === 0 && read.value > half;
  const value = steps ? half : next;
  if (value > max) return quantityText(max, units);
  if (value < min) return quantityText(min, units);
  return steps ? `${half / smaller.size} ${smaller.name}` : `${value / unit.size} ${unit.name}`;
}

export function quantityProblemInWords(problem: QuantityProblem, rules: QuantityRules, words: QuantityWords): string {
  const units = rules.units.map(({ name }) => name).join(", ");
  switch (problem.kind) {
    case "empty":
      return words.empty;
    case "no-number":
      return words.noNumber;
    case "no-unit":
      return words.noUnit(units);
    case "unknown-unit":
      return words.unknownUnit(problem.unit, units);
    case "not-whole":
      return words.notWhole;
    case "too-small":
      return words.tooSmall(problem.least);
    case "too-large":
      return words.tooLarge(problem.most);
    default:
      return problem satisfies never;
  }
}
