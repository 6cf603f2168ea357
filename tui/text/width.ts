// How many columns text takes, and cutting, padding and wrapping by columns; a cut is always marked.
import stringWidth from "string-width";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/**
 * Letters and signs of one column each that join with nothing: Latin, Greek, Cyrillic, dashes, arrows, lines and blocks.
 * Measuring these by their number, without taking the text apart, is a thousand times faster.
 */
export const NARROW =
  /^[ -~\u00a1-\u00ac\u00ae-\u02af\u0391-\u03a1\u03a3-\u03ce\u0400-\u0482\u048a-\u052f\u2010-\u2027\u20ac\u2190-\u2193\u2500-\u25c9]*$/;

/** Columns that a terminal needs for the text; the text must have no control characters (see clean.ts). */
export function columnsOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** The longest beginning that fits into `width` columns. */
function beginningOf(text: string, width: number): string {
  if (NARROW.test(text)) return text.slice(0, Math.max(0, width));
  let taken = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
}

/** The text in at most `width` columns; where something was cut off, it ends with `mark`. */
export function cut(text: string, width: number, mark: string): string {
  if (width <= 0) return "";
  if (columnsOf(text) <= width) return text;
  const room = width - columnsOf(mark);
  return room < 0 ? beginningOf(mark, width) : `${beginningOf(text, room)}${mark}`;
}

/** The text in exactly `width` columns, padded or cut. */
export function padTo(text: string, width: number, mark: string, align: "left" | "right" = "left"): string {
  const short = cut(text, width, mark);
  const space = " ".repeat(Math.max(0, width - columnsOf(short)));
  return align === "left" ? `${short}${space}` : `${space}${short}`;
}

/** Keeps the end, for what one types: "…ample.net". */
export function cutFront(text: string, width: number, mark: string): string {
  if (width <= 0) return "";
  if (columnsOf(text) <= width) return text;
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment).reverse();
  let used = columnsOf(mark);
  let taken = "";
  for (const part of parts) {
    used += columnsOf(part);
    if (used > width) break;
    taken = part + taken;
  }
  return beginningOf(`${mark}${taken}`, width);
}

/** Lines of at most `width` columns, broken between words; a word longer than a line is broken inside. */
export function wrap(text: string, width: number): string[] {
  if (width <= 0) return [];
  return text.split("\n").flatMap((paragraph) => wrapOne(paragraph, width));
}

function firstOf(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment;
  return "";
}

function wrapOne(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (columnsOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    let rest = word;
    while (columnsOf(rest) > width) {
      // A character wider than the line would never go away.
      const piece = beginningOf(rest, width) || firstOf(rest);
      lines.push(columnsOf(piece) > width ? "?".repeat(width) : piece);
      rest = rest.slice(piece.length);
    }
    line = rest;
  }
  lines.push(line);
  return lines;
}
