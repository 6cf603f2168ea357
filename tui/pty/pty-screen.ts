// What a program has drawn on its terminal, as rows of ours: its escape codes are interpreted here and never reach the real terminal.
import type { IBufferCell } from "@xterm/headless";
import { type Line, type Span, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf, padTo } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";
import type { Colours, Tone } from "../theme/tones.ts";

export interface PtyScreen {
  /** Interprets output; `done` when it is in the rows. */
  write(data: string, done: () => void): void;
  resize(columns: number, rows: number): void;
  /** The rows as they are now, each exactly as wide as the screen. */
  lines(surface: Surface, cursor: boolean): Line[];
  /** Whether the program wants cursor keys as an application. */
  applicationKeys(): boolean;
  dispose(): void;
}

/** The terminfo name that fits what is interpreted here; all are in Debian's ncurses-base. */
export function termFor(colours: Colours): string {
  return { 0: "xterm-mono", 8: "xterm", 256: "xterm-256color" }[colours];
}

/** `reply` gets what the terminal answers to questions of the program (where the cursor is, what it is). */
export async function openPtyScreen(columns: number, rows: number, reply: (data: string) => void): Promise<PtyScreen> {
  const loaded = await import("@xterm/headless");
  const { Terminal } = loaded.default ?? loaded;
  const terminal = new Terminal({
    cols: Math.max(2, columns),
    rows: Math.max(1, rows),
    scrollback: 0,
    allowProposedApi: true,
    // It would write what it cannot parse to the standard error, through the frame.
    logLevel: "off",
  });
  let cursorShown = true;
  for (const final of ["h", "l"]) {
    terminal.parser.registerCsiHandler({ prefix: "?", final }, (params) => {
      if (params.includes(25)) cursorShown = final === "h";
      return false;
    });
  }
  terminal.onData(reply);
  return {
    write: (data, done) => terminal.write(data, done),
    resize: (width, height) => terminal.resize(Math.max(2, width), Math.max(1, height)),
    lines: (surface, cursor) => {
      const buffer = terminal.buffer.active;
      const at = cursor && cursorShown ? { x: Math.min(buffer.cursorX, terminal.cols - 1), y: buffer.cursorY } : null;
      const cell = buffer.getNullCell();
      return Array.from({ length: terminal.rows }, (_, y) => {
        const row = buffer.getLine(buffer.baseY + y);
        const spans: Span[] = [];
        for (let x = 0; x < terminal.cols; ) {
          const shown = row?.getCell(x, cell);
          // A mark without a letter before it is in a cell of its own that says it has no width.
          const width = Math.min(Math.max(1, shown?.getWidth() ?? 1), terminal.cols - x);
          const tone = at?.x === x && at.y === y ? "cursor" : shown === undefined ? undefined : toneOf(shown);
          put(spans, exactly(shown?.getChars() || " ", width, surface), tone);
          x += width;
        }
        return spans;
      });
    },
    applicationKeys: () => terminal.modes.applicationCursorKeysMode,
    dispose: () => terminal.dispose(),
  };
}

function put(spans: Span[], text: string, tone: Tone | undefined): void {
  const last = spans.at(-1);
  if (last !== undefined && last.tone === tone && tone !== "cursor")
    spans[spans.length - 1] = { ...last, text: last.text + text };
  else spans.push(span(text, tone));
}

/** A cell keeps its columns, whatever becomes of its letter on a terminal with fewer of them. */
function exactly(text: string, width: number, { letters, glyphs }: Surface): string {
  const shown = clean(text, letters);
  return columnsOf(shown) === width ? shown : padTo(shown, width, width === 1 ? "" : glyphs.more);
}

/** Colours of the program become ours of the nearest meaning: blue on black would be unreadable here too. */
const PALETTE: Readonly<Record<number, Tone>> = {
  ...{ 1: "bad", 2: "good", 3: "warning", 4: "bar", 5: "warning", 6: "bar", 8: "quiet" },
  ...{ 9: "bad", 10: "good", 11: "warning", 12: "bar", 13: "warning", 14: "bar", 15: "strong" },
};

function toneOf(cell: IBufferCell): Tone | undefined {
  if (cell.isInverse() !== 0) return "selected";
  const colour = cell.isFgPalette() ? PALETTE[cell.getFgColor()] : undefined;
  if (colour !== undefined) return colour;
  if (cell.isBold() !== 0 || cell.isUnderline() !== 0) return "strong";
  return cell.isDim() !== 0 ? "quiet" : undefined;
}
