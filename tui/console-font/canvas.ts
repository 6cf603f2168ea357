// One character cell of 8×16 pixels to draw on, and the middle where lines of all cells meet.

export const CELL_WIDTH = 8;
export const CELL_HEIGHT = 16;
/** The column and the row of a light line: where the letters' font has its own, so that both can be mixed. */
export const MIDDLE_X = 4;
export const MIDDLE_Y = 7;

/** One byte a row; the leftmost pixel is the highest bit. */
export type Cell = Uint8Array;

export const emptyCell = (): Cell => new Uint8Array(CELL_HEIGHT);

/** All pixels for which `on` says so. */
export function cellWhere(on: (x: number, y: number) => boolean): Cell {
  const cell = emptyCell();
  for (let y = 0; y < CELL_HEIGHT; y++) for (let x = 0; x < CELL_WIDTH; x++) if (on(x, y)) set(cell, x, y);
  return cell;
}

/** Both corners belong to the rectangle; an upside-down one is empty. */
export function fill(cell: Cell, x0: number, y0: number, x1: number, y1: number): void {
  for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) set(cell, x, y);
}

export function set(cell: Cell, x: number, y: number): void {
  cell[y] = (cell[y] ?? 0) | (0x80 >> x);
}

export function isSet(cell: Cell, x: number, y: number): boolean {
  return ((cell[y] ?? 0) & (0x80 >> x)) !== 0;
}
