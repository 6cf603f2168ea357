// What is drawn on: its size and what it can show. Plain data, so that everything can be drawn for any terminal.
import type { Letters } from "../text/clean.ts";
import { GLYPHS, type GlyphSet, type Glyphs } from "./glyphs.ts";
import type { Colours } from "./tones.ts";

export interface Surface {
  columns: number;
  rows: number;
  glyphSet: GlyphSet;
  glyphs: Glyphs;
  letters: Letters;
  colours: Colours;
  /** For screen readers: no frames, no bars, words in reading order. */
  reader: boolean;
  /** Whether anything may move by itself: not on a serial line. */
  animated: boolean;
}

export interface SurfaceOptions {
  columns: number;
  rows: number;
  glyphSet?: GlyphSet;
  letters?: Letters;
  colours?: Colours;
  reader?: boolean;
  animated?: boolean;
}

/** The smallest size that screens are laid out for; a smaller terminal shows a part of that. */
export const SMALLEST = { columns: 40, rows: 12 } as const;

export function makeSurface({ glyphSet = "vt", ...options }: SurfaceOptions): Surface {
  const letters = options.letters ?? (glyphSet === "utf8" ? "unicode" : glyphSet === "vt" ? "latin" : "ascii");
  return {
    columns: Math.max(1, options.columns),
    rows: Math.max(1, options.rows),
    glyphSet,
    glyphs: GLYPHS[glyphSet],
    letters,
    colours: options.colours ?? 8,
    reader: options.reader ?? false,
    animated: options.animated ?? true,
  };
}
