// The rows of a list or table in view: a pointer at the selected one, marks where more is above or below.
import { fitLine, type Line, span } from "../line.ts";
import type { Surface } from "../theme/surface.ts";
import type { Scroll } from "./scroll.ts";

/** Mark, a letter and the edge, with spaces between. */
const NARROWEST = 5;

export interface ListRowsOptions {
  /** Draws one entry in so many columns; called for entries in view only. */
  row: (index: number, width: number) => Line;
  length: number;
  scroll: Scroll;
  width: number;
  height: number;
  /** Without focus nothing is marked as selected by inverse, only by the pointer. */
  focused: boolean;
}

/** At most `height` rows of `width` columns. */
export function listRows(options: ListRowsOptions, surface: Surface): Line[] {
  const { row, length, scroll, width, height, focused } = options;
  if (width < NARROWEST) return [];
  const { glyphs } = surface;
  const shown = Math.min(height, length - scroll.top);
  return Array.from({ length: Math.max(0, shown) }, (_, at): Line => {
    const index = scroll.top + at;
    const selected = index === scroll.selected;
    const above = at === 0 && scroll.top > 0;
    const below = at === shown - 1 && scroll.top + shown < length;
    const edge = above ? glyphs.up : below ? glyphs.down : " ";
    const mark = selected ? glyphs.pointer : " ";
    const inner = fitLine(row(index, width - 4), width - 4, glyphs.more);
    if (selected && focused && !surface.reader) {
      const text = inner.map((piece) => piece.text).join("");
      return [span(`${mark} `, "strong"), span(text, "selected"), span(` ${edge}`)];
    }
    return [span(`${mark} `, selected ? "strong" : undefined), ...inner, span(` ${edge}`)];
  });
}
