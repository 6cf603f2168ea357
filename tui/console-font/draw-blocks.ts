// Draws block elements and braille: they fill their cell to its edges, so that bars and pictures have no seams.
import { CELL_HEIGHT, CELL_WIDTH, type Cell, cellWhere } from "./canvas.ts";

/** Quadrants of U+2596 to U+259F: upper left 1, upper right 2, lower left 4, lower right 8. */
const QUADRANTS: Readonly<Record<string, number>> = {
  "▖": 4,
  "▗": 8,
  "▘": 1,
  "▙": 13,
  "▚": 9,
  "▛": 7,
  "▜": 11,
  "▝": 2,
  "▞": 6,
  "▟": 14,
};

/** Bit of the character's code → column and row of its dot (Unicode, chapter 21.1). */
const DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;

/** All block elements, U+2580 to U+259F. */
export function drawBlocks(): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  const eighth = CELL_HEIGHT / 8;
  for (const [index, char] of [..."▁▂▃▄▅▆▇█"].entries()) {
    cells.set(
      char,
      cellWhere((_, y) => y >= CELL_HEIGHT - (index + 1) * eighth),
    );
  }
  for (const [index, char] of [..."▏▎▍▌▋▊▉"].entries())
    cells.set(
      char,
      cellWhere((x) => x <= index),
    );
  const rest: Record<string, (x: number, y: number) => boolean> = {
    "▀": (_, y) => y < CELL_HEIGHT / 2,
    "▐": (x) => x >= CELL_WIDTH / 2,
    "▔": (_, y) => y < eighth,
    "▕": (x) => x === CELL_WIDTH - 1,
    // both shades go on in the next cell: 8 and 16 are multiples of their pattern
    "░": light,
    "▒": (x, y) => (x + y) % 2 === 0,
    "▓": (x, y) => !light(x, y),
  };
  for (const [char, on] of Object.entries(rest)) cells.set(char, cellWhere(on));
  for (const [char, bits] of Object.entries(QUADRANTS)) {
    const quadrant = (x: number, y: number) => (x < CELL_WIDTH / 2 ? 1 : 2) << (y < CELL_HEIGHT / 2 ? 0 : 2);
    cells.set(
      char,
      cellWhere((x, y) => (bits & quadrant(x, y)) !== 0),
    );
  }
  return cells;
}

const light = (x: number, y: number) => x % 4 === (y % 2) * 2;

/** A braille pattern, U+2800 to U+28FF: eight dots of 2×2 pixels. */
export function drawBraille(char: string): Cell {
  const bits = (char.codePointAt(0) ?? 0) - 0x2800;
  return cellWhere((x, y) => {
    if (x % 4 === 0 || x % 4 === 3 || y % 4 === 0 || y % 4 === 3) return false;
    const dot = DOTS.findIndex(([column, row]) => column === x >> 2 && row === y >> 2);
    return (bits & (1 << dot)) !== 0;
  });
}
