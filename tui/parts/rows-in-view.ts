// A part of rows that are more than fit, with marks at the edge, so that nobody takes the part for the whole.
import { EMPTY, fitLine, type Line, span } from "../line.ts";
import type { Surface } from "../theme/surface.ts";

export interface View {
  /** Number of the first row in view. */
  top?: number;
  width: number;
  height: number;
}

/** At most `height` rows from `top` on; arrows say where keys lead to more. */
export function rowsInView(rows: readonly Line[], { top = 0, width, height }: View, surface: Surface): Line[] {
  const { glyphs } = surface;
  const shown = rows.slice(top, top + height);
  const marks = new Map<number, string>();
  if (top > 0) marks.set(0, glyphs.up);
  if (top + shown.length < rows.length) marks.set(shown.length - 1, glyphs.down);
  return shown.map((row, at) => marked(row, marks.get(at), width, surface));
}

/** At most `height` rows; where some are left out and no key leads to them, the last one ends with the mark of a cut. */
export function rowsThatFit(rows: readonly Line[], { width, height }: View, surface: Surface): Line[] {
  const loose = rows.length <= height ? rows : withoutEdges(rows);
  const shown = loose.slice(0, height);
  const last = shown.length - 1;
  return shown.map((row, at) =>
    marked(row, at === last && shown.length < loose.length ? surface.glyphs.more : undefined, width, surface),
  );
}

function marked(row: Line, mark: string | undefined, width: number, { glyphs }: Surface): Line {
  if (mark === undefined || width < 4) return row;
  return [...fitLine(row, width - 2, glyphs.more), span(` ${mark}`)];
}

/** Empty rows at both ends are the first that a small screen can do without. */
function withoutEdges(rows: readonly Line[]): readonly Line[] {
  const full = (row: Line) => row !== EMPTY && row.some(({ text }) => text.trim() !== "");
  const first = rows.findIndex(full);
  return first < 0 ? [] : rows.slice(first, rows.findLastIndex(full) + 1);
}
