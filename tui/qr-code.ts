// Turns text into a QR code of half blocks, two rows of modules to a line, where it fits.
import { encode } from "uqr";

export interface QrRoom {
  /** Cells that the drawing may take. */
  columns: number;
  rows: number;
  /**
   * What the terminal's background is. On `dark` (the default, as on a console) blocks are the code's light modules
   * and blanks its dark ones, so that light text on a dark ground comes out as dark on light, as scanners want it.
   */
  background?: "dark" | "light";
}

/** The standard asks for four light modules around a code; phones read it with two, so two are better than no code. */
const QUIET_ZONES = [4, 2];

/**
 * Lines of equal length made of `█`, `▀`, `▄` and blanks, the quiet zone included; null when the room is too small or
 * the text too long for any code. Draw them in one colour on plain ground: nothing may shine through the blanks.
 */
export function qrCode(text: string, room: QrRoom): readonly string[] | null {
  const modules = encodeOrNull(text);
  if (modules === null) return null;
  for (const quiet of QUIET_ZONES) {
    const side = modules.length + 2 * quiet;
    if (!(side <= room.columns && Math.ceil(side / 2) <= room.rows)) continue; // also for sizes that are no number
    const isDark = (x: number, y: number) => modules[y - quiet]?.[x - quiet] ?? false;
    const isBlock = room.background === "light" ? isDark : (x: number, y: number) => !isDark(x, y);
    return Array.from({ length: Math.ceil(side / 2) }, (_, line) =>
      Array.from({ length: side }, (_, x) => block(isBlock(x, 2 * line), isBlock(x, 2 * line + 1))).join(""),
    );
  }
  return null;
}

/** Rows of modules, true for dark; the least correction that makes the smallest code, more of it where it is free. */
function encodeOrNull(text: string): boolean[][] | null {
  try {
    return encode(text, { ecc: "L", boostEcc: true, border: 0 }).data;
  } catch {
    return null; // more than the largest code holds: 2953 bytes
  }
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}
