// A row of the screen as data: pieces of text, each with the meaning that gives it its look.

import { clean } from "./text/clean.ts";
import { columnsOf, cut, wrap } from "./text/width.ts";
import type { Surface } from "./theme/surface.ts";
import type { Tone } from "./theme/tones.ts";

export interface Span {
  text: string;
  tone?: Tone;
}

/** One row; pieces from left to right. */
export type Line = readonly Span[];

export const EMPTY: Line = [];

export function span(text: string, tone?: Tone): Span {
  return tone === undefined ? { text } : { text, tone };
}

export function line(text: string, tone?: Tone): Line {
  return [span(text, tone)];
}

export function widthOf(row: Line): number {
  return row.reduce((sum, { text }) => sum + columnsOf(text), 0);
}

/** The row in at most `width` columns, with the mark where it was cut. Text must be clean. */
export function cutLine(row: Line, width: number, mark: string): Line {
  if (widthOf(row) <= width) return row;
  const kept: Span[] = [];
  let room = width - columnsOf(mark);
  for (const piece of row) {
    const own = columnsOf(piece.text);
    // Something is cut off, so the mark must stand somewhere: in the first piece that leaves no room for it.
    if (own > room) {
      // Made too wide on purpose: also a piece that fits exactly is cut, for what follows it is lost.
      kept.push({ ...piece, text: cut(piece.text + mark.repeat(own + 1), room + columnsOf(mark), mark) });
      break;
    }
    kept.push(piece);
    room -= own;
  }
  return kept;
}

/** Exactly `width` columns: cut with a mark, or padded with `tone`. */
export function fitLine(row: Line, width: number, mark: string, tone?: Tone): Line {
  const short = cutLine(row, width, mark);
  const space = width - widthOf(short);
  return space > 0 ? [...short, span(" ".repeat(space), tone)] : short;
}

/** Exactly `width` columns: the left row gives way to the right one, which ends at the edge. */
export function spread(left: Line, right: Line, width: number, mark: string): Line {
  const taken = widthOf(right);
  if (taken === 0) return fitLine(left, width, mark);
  if (taken + 2 > width) return fitLine([...left, span(" "), ...right], width, mark);
  return [...fitLine(left, width - taken - 1, mark), span(" "), ...right];
}

/** Rows side by side: the left ones take `width` columns. */
export function beside(left: readonly Line[], width: number, right: readonly Line[], mark: string): Line[] {
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, at) => [...fitLine(left[at] ?? EMPTY, width, mark), ...(right[at] ?? EMPTY)]);
}

/** Text broken into rows of at most `width`, indented. */
export function paragraph(text: string, width: number, surface: Surface, tone?: Tone, indent = 0): Line[] {
  return text
    .split("\n")
    .flatMap((part) => wrap(clean(part, surface.letters), width - indent))
    .map((part) => [span(" ".repeat(indent)), span(part, tone)]);
}

/** At most `height` rows; the last one says that there is more. */
export function cutRows(rows: readonly Line[], height: number, more: (hidden: number) => string): Line[] {
  if (rows.length <= height) return [...rows];
  if (height <= 0) return [];
  return [...rows.slice(0, height - 1), line(more(rows.length - height + 1), "quiet")];
}
