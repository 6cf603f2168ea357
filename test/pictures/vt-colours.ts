// What colours Linux's console gives to a cell: it has 16, and makes all others and all styles from them.
import type { Cell, Colour } from "./cells.ts";

/** Red, green, blue; 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The console's own palette (drivers/tty/vt/vt.c: default_red, default_grn, default_blu). */
export const VT_PALETTE: readonly Rgb[] = [
  [0x00, 0x00, 0x00],
  [0xaa, 0x00, 0x00],
  [0x00, 0xaa, 0x00],
  [0xaa, 0x55, 0x00],
  [0x00, 0x00, 0xaa],
  [0xaa, 0x00, 0xaa],
  [0x00, 0xaa, 0xaa],
  [0xaa, 0xaa, 0xaa],
  [0x55, 0x55, 0x55],
  [0xff, 0x55, 0x55],
  [0x55, 0xff, 0x55],
  [0xff, 0xff, 0x55],
  [0x55, 0x55, 0xff],
  [0xff, 0x55, 0xff],
  [0x55, 0xff, 0xff],
  [0xff, 0xff, 0xff],
];

const BRIGHT = 8;
const GREY = 7;
/** Stand for styles that a coloured cell cannot show (vt.c: build_attr). */
const ITALIC = 2;
const UNDERLINE = 6;
const DIM = 8;

/** Indices into VT_PALETTE. Backgrounds are never bright; reversal swaps hues and leaves the brightness in front. */
export function vtColours(cell: Cell): { foreground: number; background: number } {
  const { colour, bright } = foregroundOf(cell.foreground);
  let foreground = colour;
  if (cell.italic) foreground = ITALIC;
  else if (cell.underline) foreground = UNDERLINE;
  else if (cell.dim) foreground = DIM;
  let background = backgroundOf(cell.background);
  const front = foreground & BRIGHT;
  if (cell.inverse) [foreground, background] = [background | front, foreground & 7];
  if (cell.bold || bright) foreground ^= BRIGHT;
  return { foreground: cell.hidden ? background : foreground, background };
}

function foregroundOf(colour: Colour): { colour: number; bright: boolean } {
  if (colour === "default") return { colour: GREY, bright: false };
  if ("palette" in colour && colour.palette < 16) return { colour: colour.palette & 7, bright: colour.palette >= 8 };
  const [red, green, blue] = rgbOf(colour);
  const most = Math.max(red, green, blue);
  const hue = (red > most / 2 ? 1 : 0) | (green > most / 2 ? 2 : 0) | (blue > most / 2 ? 4 : 0);
  if (hue === 7 && most <= 0x55) return { colour: 0, bright: true };
  return { colour: hue, bright: most > 0xaa };
}

function backgroundOf(colour: Colour): number {
  if (colour === "default") return 0;
  if ("palette" in colour && colour.palette < 16) return colour.palette & 7;
  const [red, green, blue] = rgbOf(colour);
  return (red & 0x80 ? 1 : 0) | (green & 0x80 ? 2 : 0) | (blue & 0x80 ? 4 : 0);
}

/** Of a direct colour, or of one from the 6×6×6 cube and the greys as the console computes them (vt.c: rgb_from_256). */
function rgbOf(colour: Exclude<Colour, "default">): Rgb {
  if ("rgb" in colour) return [(colour.rgb >> 16) & 0xff, (colour.rgb >> 8) & 0xff, colour.rgb & 0xff];
  const index = colour.palette;
  if (index >= 232) {
    const grey = (index - 232) * 10 + 8;
    return [grey, grey, grey];
  }
  const at = index - 16;
  const level = (part: number) => Math.floor(((part % 6) * 255) / 6);
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6)), level(at)];
}
