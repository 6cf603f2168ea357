// A bar with its figures in words; a screen reader gets the words.
import { type Line, span } from "../line.ts";
import { columnsOf } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";

/** `part` from 0 to 1, null while it is not known; `words` stand behind the bar. */
export function progressBar(part: number | null, words: string, width: number, surface: Surface): Line {
  const { glyphs } = surface;
  const room = width - columnsOf(words) - 2;
  if (surface.reader || room < 8) return [span(words)];
  const full = part === null || Number.isNaN(part) ? 0 : Math.round(Math.max(0, Math.min(1, part)) * room);
  return [span(glyphs.barFull.repeat(full), "bar"), span(glyphs.barEmpty.repeat(room - full)), span(`  ${words}`)];
}
