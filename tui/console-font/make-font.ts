// Makes our console font: letters of Debian's Fixed, and lines, blocks and marks that we draw.
import { CELL_HEIGHT, CELL_WIDTH, type Cell, emptyCell, isSet } from "./canvas.ts";
import { drawBlocks, drawBraille } from "./draw-blocks.ts";
import { drawLines } from "./draw-lines.ts";
import { drawMarks } from "./draw-marks.ts";
import { ALIASES, BLOCKS, BRAILLE, LETTERS, LINES, MARKS, SLOTS } from "./glyph-list.ts";
import { type Font, FontError, type Glyph, glyphIndex } from "./psf.ts";

/**
 * Files in /usr/share/consolefonts (Debian: console-setup-linux) that the letters come from; the first that has one
 * gives it. Both are the fixed font of X11, which is in the public domain.
 */
export const LETTER_FONTS = ["Uni2-Fixed16.psf.gz", "Uni1-Fixed16.psf.gz"] as const;

/**
 * 512 glyphs of 8×16. `letterFonts` are those of LETTER_FONTS, in that order.
 * Throws FontError naming every character that nobody has, and when there are more than fit.
 */
export function makeFont(letterFonts: readonly Font[]): Font {
  const letters = lettersOf(letterFonts);
  const drawn = new Map<string, Cell>([...drawLines(), ...drawBlocks(), ...drawMarks()]);
  for (const char of BRAILLE) drawn.set(char, drawBraille(char));
  const pictures = [LINES, BLOCKS, BRAILLE, MARKS].flat();
  const missing = [...LETTERS.filter((char) => !letters.has(char)), ...pictures.filter((char) => !drawn.has(char))];
  if (missing.length > 0) throw new FontError(`no picture for ${missing.map(named).join(", ")}`);
  const wanted = LETTERS.length + pictures.length;
  if (wanted > SLOTS) throw new FontError(`${wanted} glyphs are wanted, and a console font has room for ${SLOTS}`);

  const slots: (Glyph | undefined)[] = Array.from({ length: SLOTS });
  const put = (slot: number, char: string, bits: Cell) => {
    slots[slot] = { bits, chars: [char, ...(ALIASES[char] ?? [])] };
  };
  const ascii = LETTERS.filter((char) => char <= "~");
  for (const char of ascii) put(char.charCodeAt(0), char, letters.get(char) ?? emptyCell());
  // What must reach the next cell goes where VGA text mode widens 8 pixels to 9 by repeating the last one.
  const joining = pictures.filter((char) => reachesRight(drawn.get(char) ?? emptyCell()));
  const ninth = free(slots).filter(repeatsLastColumn);
  for (const [index, char] of joining.slice(0, ninth.length).entries())
    put(ninth[index] ?? 0, char, drawn.get(char) ?? emptyCell());
  const rest = new Map<string, Cell | undefined>();
  for (const char of LETTERS) if (char > "~") rest.set(char, letters.get(char));
  for (const char of pictures) if (!joining.slice(0, ninth.length).includes(char)) rest.set(char, drawn.get(char));
  // the slots that widen come last: there an empty last column is as good as anywhere, any other is not
  const order = free(slots).sort((a, b) => Number(repeatsLastColumn(a)) - Number(repeatsLastColumn(b)) || a - b);
  for (const [index, [char, bits]] of [...rest].entries()) put(order[index] ?? 0, char, bits ?? emptyCell());
  const glyphs = slots.map((glyph) => glyph ?? { bits: emptyCell(), chars: [] });
  return { width: CELL_WIDTH, height: CELL_HEIGHT, glyphs };
}

function lettersOf(fonts: readonly Font[]): Map<string, Cell> {
  const letters = new Map<string, Cell>();
  for (const font of fonts) {
    if (font.width !== CELL_WIDTH || font.height !== CELL_HEIGHT) {
      throw new FontError(`letters must be ${CELL_WIDTH}x${CELL_HEIGHT}, not ${font.width}x${font.height}`);
    }
    for (const [char, slot] of glyphIndex(font)) {
      const glyph = font.glyphs[slot];
      if (glyph !== undefined && !letters.has(char)) letters.set(char, glyph.bits);
    }
  }
  return letters;
}

const free = (slots: readonly (Glyph | undefined)[]) => [...slots.keys()].filter((slot) => slots[slot] === undefined);

/** VGA's line graphics: codes C0 to DF, of either half of 512 glyphs (drivers/video/console/vgacon.c leaves it on). */
const repeatsLastColumn = (slot: number) => (slot & 0xff) >= 0xc0 && (slot & 0xff) <= 0xdf;

function reachesRight(cell: Cell): boolean {
  return Array.from({ length: CELL_HEIGHT }, (_, y) => isSet(cell, CELL_WIDTH - 1, y)).some((on) => on);
}

function named(char: string): string {
  return `${char} (U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")})`;
}
