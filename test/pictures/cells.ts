// Feeds a program's output into a terminal without a screen and reads back its cells.
import xterm, { type IBufferCell } from "@xterm/headless";

// it is CommonJS without names that Node could find
const { Terminal } = xterm;

/** The terminal's own colour, one of its 256, or 0xRRGGBB. */
export type Colour = "default" | { readonly palette: number } | { readonly rgb: number };

export interface Cell {
  /** One character with what combines with it; empty in a blank cell and in the second half of a wide one. */
  readonly text: string;
  /** Columns: 2 for wide characters, then 0 for the cell after one. */
  readonly width: number;
  readonly foreground: Colour;
  readonly background: Colour;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly hidden: boolean;
}

export interface Cells {
  readonly columns: number;
  readonly rows: number;
  /** Rows of cells: what is in view, without what has scrolled away. */
  readonly cells: readonly (readonly Cell[])[];
  /** Null while it is hidden. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

export interface Output {
  columns: number;
  rows: number;
  /** Text with escape sequences; a line feed also returns the carriage, as the kernel's terminals do (ONLCR). */
  write: string;
}

export async function renderToCells({ columns, rows, write }: Output): Promise<Cells> {
  const terminal = new Terminal({
    cols: columns,
    rows,
    scrollback: 0,
    convertEol: true,
    allowProposedApi: true,
    logLevel: "off",
  });
  let cursorShown = true;
  // the cursor's visibility is not in the terminal's interface; handlers that say false leave the work to it
  for (const [final, shown] of [["h", true] as const, ["l", false] as const]) {
    terminal.parser.registerCsiHandler({ prefix: "?", final }, (parameters) => {
      if (parameters.includes(25)) cursorShown = shown;
      return false;
    });
  }
  try {
    await new Promise<void>((done) => terminal.write(write, done));
    const buffer = terminal.buffer.active;
    const cells = Array.from({ length: rows }, (_, y) => {
      const line = buffer.getLine(buffer.baseY + y);
      return Array.from({ length: columns }, (_, x) => readCell(line?.getCell(x)));
    });
    const cursor = { x: Math.min(buffer.cursorX, columns - 1), y: buffer.cursorY };
    return { columns, rows, cells, cursor: cursorShown ? cursor : null };
  } finally {
    terminal.dispose();
  }
}

const BLANK: Cell = {
  text: "",
  width: 1,
  foreground: "default",
  background: "default",
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  hidden: false,
};

function readCell(cell: IBufferCell | undefined): Cell {
  if (cell === undefined) return BLANK;
  return {
    text: cell.getChars(),
    width: cell.getWidth(),
    foreground: colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
    hidden: cell.isInvisible() !== 0,
  };
}

function colourOf(isDefault: boolean, isRgb: boolean, value: number): Colour {
  if (isDefault) return "default";
  return isRgb ? { rgb: value } : { palette: value };
}
