// Draws box lines: every stroke runs to the edge of its cell, so that neighbours join without a gap.
import { CELL_HEIGHT, CELL_WIDTH, type Cell, cellWhere, emptyCell, fill, MIDDLE_X, MIDDLE_Y, set } from "./canvas.ts";

type Weight = "." | "l" | "h" | "d";

/** Character → its arms up, right, down, left: none, light, heavy or double (Unicode's names, U+2500 to U+257F). */
const ARMS: Readonly<Record<string, string>> = {
  ...arms("─ .l.l  │ l.l.  ┌ .ll.  ┐ ..ll  └ ll..  ┘ l..l  ├ lll.  ┤ l.ll  ┬ .lll  ┴ ll.l  ┼ llll"),
  ...arms("━ .h.h  ┃ h.h.  ┏ .hh.  ┓ ..hh  ┗ hh..  ┛ h..h  ┣ hhh.  ┫ h.hh  ┳ .hhh  ┻ hh.h  ╋ hhhh"),
  ...arms("═ .d.d  ║ d.d.  ╔ .dd.  ╗ ..dd  ╚ dd..  ╝ d..d  ╠ ddd.  ╣ d.dd  ╦ .ddd  ╩ dd.d  ╬ dddd"),
  ...arms("╒ .dl.  ╓ .ld.  ╕ ..ld  ╖ ..dl  ╘ ld..  ╙ dl..  ╛ l..d  ╜ d..l  ╞ ldl.  ╟ dld.  ╡ l.ld"),
  ...arms("╢ d.dl  ╤ .dld  ╥ .ldl  ╧ ld.d  ╨ dl.l  ╪ ldld  ╫ dldl"),
  ...arms("╴ ...l  ╵ l...  ╶ .l..  ╷ ..l.  ╸ ...h  ╹ h...  ╺ .h..  ╻ ..h."),
};

/** Character → pixels that are on along the line. The dashes go on evenly from cell to cell. */
const DASHES: Readonly<Record<string, { dashes: string; heavy: boolean }>> = {
  "╌": { dashes: "###.###.", heavy: false },
  "╍": { dashes: "###.###.", heavy: true },
  "┄": { dashes: "##.##.#.", heavy: false },
  "┅": { dashes: "##.##.#.", heavy: true },
  "┈": { dashes: "#.#.#.#.", heavy: false },
  "┉": { dashes: "#.#.#.#.", heavy: true },
  "╎": { dashes: "######..######..", heavy: false },
  "╏": { dashes: "######..######..", heavy: true },
  "┆": { dashes: "####.####.####..", heavy: false },
  "┇": { dashes: "####.####.####..", heavy: true },
  "┊": { dashes: "##..##..##..##..", heavy: false },
  "┋": { dashes: "##..##..##..##..", heavy: true },
};

const RIGHT = CELL_WIDTH - 1;
const BOTTOM = CELL_HEIGHT - 1;

/** All line characters with their pictures. */
export function drawLines(): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const [char, [up, right, down, left]] of Object.entries(ARMS)) {
    cells.set(char, drawArms(up as Weight, right as Weight, down as Weight, left as Weight));
  }
  for (const [char, { dashes, heavy }] of Object.entries(DASHES)) cells.set(char, drawDashes(dashes, heavy));
  const rising = (x: number, y: number) => x === RIGHT - (y >> 1);
  const falling = (x: number, y: number) => x === y >> 1;
  cells.set("╱", cellWhere(rising));
  cells.set("╲", cellWhere(falling));
  cells.set(
    "╳",
    cellWhere((x, y) => rising(x, y) || falling(x, y)),
  );
  for (const [char, x, y] of [
    ["╭", 1, 1] as const,
    ["╮", -1, 1] as const,
    ["╯", -1, -1] as const,
    ["╰", 1, -1] as const,
  ])
    cells.set(char, drawRound(x, y));
  return cells;
}

function arms(text: string): Record<string, string> {
  return Object.fromEntries(text.split("  ").map((pair) => pair.split(" ") as [string, string]));
}

function drawArms(up: Weight, right: Weight, down: Weight, left: Weight): Cell {
  const cell = emptyCell();
  const across = strokes([left, right], [up, down]);
  const along = strokes([up, down], [left, right]);
  for (const { at, near, far } of across) {
    if (left !== ".") fill(cell, 0, MIDDLE_Y + at, MIDDLE_X + near, MIDDLE_Y + at);
    if (right !== ".") fill(cell, MIDDLE_X + far, MIDDLE_Y + at, RIGHT, MIDDLE_Y + at);
  }
  for (const { at, near, far } of along) {
    if (up !== ".") fill(cell, MIDDLE_X + at, 0, MIDDLE_X + at, MIDDLE_Y + near);
    if (down !== ".") fill(cell, MIDDLE_X + at, MIDDLE_Y + far, MIDDLE_X + at, BOTTOM);
  }
  return cell;
}

interface Stroke {
  /** Distance from the middle line, sideways. */
  at: number;
  /** How far the arm from the left (or top) reaches, and where the arm to the right (or bottom) begins. */
  near: number;
  far: number;
}

/** The strokes of one direction, given both its arms and those that cross it. */
function strokes(own: readonly Weight[], crossing: readonly Weight[]): Stroke[] {
  const weight = own.find((arm) => arm !== ".") ?? ".";
  const cross = crossing.find((arm) => arm !== ".") ?? ".";
  if (weight === ".") return [];
  const sides = weight === "d" ? [-1, 1] : weight === "h" ? [-1, 0] : [0];
  const through = !own.includes(".") && !(weight === "d" && cross === "d");
  return sides.map((at) => {
    if (through) return { at, near: 0, far: 0 };
    if (cross === "h") return { at, near: 0, far: -1 };
    if (cross !== "d") return { at, near: 0, far: 0 };
    // A line that meets a double one: it stops at the nearer stroke, unless that one ends here, too (a corner).
    const open = (side: number) => crossing[side < 0 ? 0 : 1] !== ".";
    const tee = !crossing.includes(".");
    if (weight !== "d") return tee ? { at, near: -1, far: 1 } : { at, near: 1, far: -1 };
    const near = open(at) ? -1 : 1;
    return { at, near, far: -near };
  });
}

function drawDashes(dashes: string, heavy: boolean): Cell {
  const on = (at: number) => dashes[at] === "#";
  const width = heavy ? 1 : 0;
  if (dashes.length === CELL_WIDTH) return cellWhere((x, y) => on(x) && y >= MIDDLE_Y - width && y <= MIDDLE_Y);
  return cellWhere((x, y) => on(y) && x >= MIDDLE_X - width && x <= MIDDLE_X);
}

/** A quarter of a circle from the middle of one side (x: 1 right, -1 left) to that of another (y: 1 bottom, -1 top). */
function drawRound(x: number, y: number): Cell {
  const cell = emptyCell();
  fill(cell, x > 0 ? MIDDLE_X + 2 : 0, MIDDLE_Y, x > 0 ? RIGHT : MIDDLE_X - 2, MIDDLE_Y);
  fill(cell, MIDDLE_X, y > 0 ? MIDDLE_Y + 2 : 0, MIDDLE_X, y > 0 ? BOTTOM : MIDDLE_Y - 2);
  set(cell, MIDDLE_X + x, MIDDLE_Y + y);
  return cell;
}
