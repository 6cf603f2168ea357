// Draws a terminal's cells as the Linux console would, with a console font, into pixels of 16 colours.
import { type Font, glyphIndex } from "../../tui/console-font/psf.ts";
import type { Cell, Cells } from "./cells.ts";
import { type Rgb, VT_PALETTE, vtColours } from "./vt-colours.ts";

export interface Raster {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly palette: readonly Rgb[];
  /** An index into the palette for each pixel, row by row. */
  readonly pixels: Uint8Array;
}

export interface Look {
  /** A line of text below the picture; what is too long is cut with a mark. */
  caption?: string;
}

const BLACK = 0;
const CAPTION_TEXT = 0;
const CAPTION_GROUND = 7;
const CAPTION_MARGIN = 3;
/** The console's cursor is an underline of this many rows. */
const CURSOR_ROWS = 2;

/** Draws text of one font; characters it has not become its U+FFFD, as on the console. */
export function createPen(font: Font) {
  const slots = glyphIndex(font);
  const stride = Math.ceil(font.width / 8);
  const replacement = slots.get("\uFFFD") ?? slots.get("?");
  const slotOf = (text: string) => slots.get(text) ?? slots.get(String.fromCodePoint(text.codePointAt(0) ?? 0x20));
  /** Both colours of one cell whose upper left pixel is at x, y. */
  const put = (on: Raster, x: number, y: number, text: string, foreground: number, background: number) => {
    const slot = text === "" || text === " " ? undefined : (slotOf(text) ?? replacement);
    const bits = slot === undefined ? undefined : font.glyphs[slot]?.bits;
    for (let row = 0; row < font.height; row++) {
      for (let column = 0; column < font.width; column++) {
        const byte = bits?.[row * stride + (column >> 3)] ?? 0;
        on.pixels[(y + row) * on.width + x + column] = byte & (0x80 >> (column & 7)) ? foreground : background;
      }
    }
  };
  const write = (on: Raster, x: number, y: number, text: string, foreground: number, background: number) => {
    const room = Math.floor((on.width - x) / font.width);
    const chars = [...text.replace(/\p{Cc}/gu, "\uFFFD")];
    const shown = chars.length > room ? [...chars.slice(0, Math.max(0, room - 1)), "…"].slice(0, room) : chars;
    for (const [index, char] of shown.entries()) put(on, x + index * font.width, y, char, foreground, background);
  };
  return { font, put, write };
}

export type Pen = ReturnType<typeof createPen>;

export function blankRaster(width: number, height: number, palette: readonly Rgb[], colour: number): Raster {
  return { width, height, palette, pixels: new Uint8Array(width * height).fill(colour) };
}

/** The picture is `columns * font.width` wide, and higher than `rows * font.height` by its caption. */
export function rasterise(screen: Cells, pen: Pen, look: Look = {}): Raster {
  const { width, height } = pen.font;
  const captionHeight = look.caption === undefined ? 0 : height + 2 * CAPTION_MARGIN;
  const screenHeight = screen.rows * height;
  const raster = blankRaster(screen.columns * width, screenHeight + captionHeight, VT_PALETTE, BLACK);
  for (const [y, row] of screen.cells.entries()) {
    for (const [x, cell] of row.entries()) {
      const { foreground, background } = vtColours(cell);
      pen.put(raster, x * width, y * height, textOf(cell), foreground, background);
    }
  }
  if (screen.cursor !== null) drawCursor(raster, screen, pen.font);
  if (look.caption !== undefined) {
    raster.pixels.fill(CAPTION_GROUND, screenHeight * raster.width);
    pen.write(raster, width, screenHeight + CAPTION_MARGIN, look.caption, CAPTION_TEXT, CAPTION_GROUND);
  }
  return raster;
}

/** The console has no wide glyphs: it shows the replacement, and nothing in the cell after it. */
function textOf(cell: Cell): string {
  return cell.width === 2 ? "\uFFFD" : cell.text;
}

function drawCursor(raster: Raster, { cursor, cells }: Cells, { width, height }: Font): void {
  const cell = cursor === null ? undefined : cells[cursor.y]?.[cursor.x];
  if (cursor === null || cell === undefined) return;
  const { foreground } = vtColours({ ...cell, hidden: false });
  for (let row = height - CURSOR_ROWS; row < height; row++) {
    const from = (cursor.y * height + row) * raster.width + cursor.x * width;
    raster.pixels.fill(foreground, from, from + width);
  }
}
