// Draws with Ink's real writer into a terminal without a window, types real bytes into it and reads its cells back.
import { Readable, Writable } from "node:stream";
import xterm from "@xterm/headless";
import { render, useInput } from "ink";
import type { ReactNode } from "react";
import { KeyRouter } from "../../tui/keys/KeyRouter.tsx";
import type { KeyName } from "../../tui/keys/key.ts";
import { SurfaceProvider } from "../../tui/shell/SurfaceContext.tsx";
import { useSurfaceOf } from "../../tui/terminal/use-surface.ts";
import type { SurfaceOptions } from "../../tui/theme/surface.ts";

export type Press = Exclude<KeyName, "text" | "ctrl"> | `ctrl-${string}`;

/** As the Linux console and vt220 terminals send them. */
const BYTES: Readonly<Record<string, string>> = {
  ...{ up: "\u001b[A", down: "\u001b[B", right: "\u001b[C", left: "\u001b[D" },
  ...{ home: "\u001b[1~", delete: "\u001b[3~", end: "\u001b[4~", "page-up": "\u001b[5~", "page-down": "\u001b[6~" },
  ...{ enter: "\r", escape: "\u001b", tab: "\t", "back-tab": "\u001b[Z", backspace: "\u007f" },
};

export function bytesOf(press: Press): string {
  const letter = /^ctrl-(.)$/.exec(press)?.[1];
  if (letter !== undefined) return String.fromCharCode((letter.toUpperCase().codePointAt(0) ?? 0) & 0x1f);
  const bytes = BYTES[press];
  if (bytes === undefined) throw new Error(`no such key: ${press}`);
  return bytes;
}

/** One cell of the terminal; the right half of a wide character has no text. */
export interface Cell {
  text: string;
  inverse: boolean;
  bold: boolean;
  dim: boolean;
  underline: boolean;
  /** Number of the palette, -1 is the terminal's own. */
  colour: number;
}

export interface RenderedApp {
  columns: number;
  rows: number;
  /** The terminal's rows as text, blanks at the end included. */
  frame(): string[];
  /** The whole frame as one text, without blanks at the ends of rows. */
  text(): string;
  cells(): Cell[][];
  /** Numbers of the rows that have cells in inverse: what is selected, and the cursor. */
  selectedRows(): number[];
  /** What stands in inverse, row by row. */
  selectedText(): string[];
  /** The first row with this text; fails with the frame when there is none. */
  rowOf(text: string): number;
  /** What is wrong with the frame whatever the screen: rows that ran over, a frame that scrolled away. Empty when all is well. */
  faults(): string[];
  /** Each character as a key of its own. */
  type(text: string): Promise<void>;
  press(...presses: Press[]): Promise<void>;
  /** All bytes at once, as a paste or a slow terminal delivers them. */
  paste(bytes: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits until everything that is under way is drawn, by counting turns of the event loop: no clock. */
  settle(): Promise<void>;
  /** Whether the app has left by itself. */
  exited(): boolean;
  /** How many frames were drawn until now. */
  draws(): number;
  /** All bytes written until now. */
  written(): string;
  unmount(): Promise<void>;
}

export interface RenderAppOptions extends Partial<SurfaceOptions> {
  /** The node brings its own surface and keys. */
  bare?: boolean;
}

class FakeOutput extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  bytes = "";

  constructor(terminal: xterm.Terminal, columns: number, rows: number) {
    super({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        this.bytes += chunk;
        terminal.write(chunk, done);
      },
    });
    this.columns = columns;
    this.rows = rows;
  }
}

class FakeInput extends Readable {
  readonly isTTY = true;
  raw = false;
  setRawMode(on: boolean): this {
    this.raw = on;
    return this;
  }
  ref(): void {}
  unref(): void {}
  override _read(): void {}
}

function Live({ node, description }: { node: ReactNode; description: Partial<SurfaceOptions> }): ReactNode {
  const surface = useSurfaceOf(description);
  return (
    <SurfaceProvider surface={surface}>
      <KeyRouter active>{node}</KeyRouter>
    </SurfaceProvider>
  );
}

function Ear({ onHeard, children }: { onHeard: () => void; children: ReactNode }): ReactNode {
  useInput(onHeard);
  return children;
}

/** Draws the node on a terminal; `columns` and `rows` may be 0, as on a serial line. */
export async function renderApp(node: ReactNode, options: RenderAppOptions = {}): Promise<RenderedApp> {
  const { columns = 80, rows = 24, bare = false, ...description } = options;
  const terminal = new xterm.Terminal({
    cols: columns || 80,
    rows: rows || 24,
    allowProposedApi: true,
    logLevel: "off",
    convertEol: true,
    scrollback: 1000,
  });
  const stdout = new FakeOutput(terminal, columns, rows);
  const stdin = new FakeInput();
  let draws = 0;
  let exited = false;
  const waiting: (() => void)[] = [];
  const release = () => {
    for (const each of waiting.splice(0)) each();
  };
  const tree = <Ear onHeard={release}>{bare ? node : <Live node={node} description={description} />}</Ear>;
  const ink = render(tree, {
    stdout,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
    interactive: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    alternateScreen: true,
    isScreenReaderEnabled: false,
    onRender: () => {
      draws += 1;
    },
  });
  let failure: unknown = null;
  const over = ink.waitUntilExit().then(
    () => {
      exited = true;
      release();
    },
    (error: unknown) => {
      exited = true;
      failure = error;
      release();
    },
  );

  const settle = async () => {
    // React's scheduler works in turns of the event loop; three of them without a frame mean that nothing is left to do.
    for (let quiet = 0; quiet < 3 && !exited; ) {
      const before = draws;
      await ink.waitUntilRenderFlush();
      quiet = draws === before && stdin.readableLength === 0 ? quiet + 1 : 0;
    }
    if (failure !== null) throw failure;
  };
  const send = async (bytes: string) => {
    if (exited) throw new Error(`the app has exited and hears no more keys (${JSON.stringify(bytes)})`);
    // A lone Escape may be the beginning of another key: Ink waits for the rest, and so must we.
    const heard = bytes.endsWith("\u001b") ? new Promise<void>((resolve) => waiting.push(resolve)) : null;
    stdin.push(bytes);
    if (heard !== null) await heard;
    await settle();
  };
  // One that is filled anew for each cell: thousands of them a frame were half of what these tests cost.
  const filled = terminal.buffer.active.getNullCell();
  const rowAt = (y: number) => terminal.buffer.active.getLine(terminal.buffer.active.baseY + y);
  const cells = (): Cell[][] => {
    return Array.from({ length: terminal.rows }, (_, y) => {
      const row = rowAt(y);
      return Array.from({ length: terminal.cols }, (_, x): Cell => {
        const cell = row?.getCell(x, filled);
        return {
          text: cell === undefined || cell.getWidth() === 0 ? "" : cell.getChars() || " ",
          inverse: (cell?.isInverse() ?? 0) !== 0,
          bold: (cell?.isBold() ?? 0) !== 0,
          dim: (cell?.isDim() ?? 0) !== 0,
          underline: (cell?.isUnderline() ?? 0) !== 0,
          colour: cell?.isFgDefault() === false ? cell.getFgColor() : -1,
        };
      });
    });
  };
  const frame = () =>
    Array.from(
      { length: terminal.rows },
      (_, y) => rowAt(y)?.translateToString(false, 0, terminal.cols) ?? " ".repeat(terminal.cols),
    );
  const hasInverse = (y: number): boolean => {
    const row = rowAt(y);
    for (let x = 0; x < terminal.cols; x += 1) if (row?.getCell(x, filled)?.isInverse()) return true;
    return false;
  };
  await settle();

  return {
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    frame,
    text: () =>
      frame()
        .map((row) => row.trimEnd())
        .join("\n"),
    cells,
    selectedRows: () => Array.from({ length: terminal.rows }, (_, y) => y).filter(hasInverse),
    selectedText: () =>
      cells().flatMap((row) => {
        const marked = row.filter((cell) => cell.inverse);
        return marked.length === 0 ? [] : [marked.map((cell) => cell.text).join("")];
      }),
    rowOf: (text) => {
      const at = frame().findIndex((row) => row.includes(text));
      if (at < 0) throw new Error(`no row has ${JSON.stringify(text)}:\n${frame().join("\n")}`);
      return at;
    },
    faults: () => {
      const buffer = terminal.buffer.active;
      const found: string[] = [];
      if (!exited && buffer.type !== "alternate") found.push("not on the alternate screen");
      if (buffer.baseY > 0) found.push(`scrolled by ${buffer.baseY} rows`);
      for (let y = 0; y < terminal.rows; y += 1) {
        if (buffer.getLine(y)?.isWrapped === true) found.push(`row ${y - 1} ran over into the next`);
      }
      for (const [y, row] of frame().entries()) {
        if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u.test(row)) found.push(`row ${y} has a control character`);
      }
      return found;
    },
    type: async (text) => {
      for (const character of text) await send(character);
    },
    press: async (...presses) => {
      for (const press of presses) await send(bytesOf(press));
    },
    paste: send,
    resize: async (nextColumns, nextRows) => {
      terminal.resize(nextColumns || 80, nextRows || 24);
      stdout.columns = nextColumns;
      stdout.rows = nextRows;
      stdout.emit("resize");
      await settle();
    },
    settle,
    exited: () => exited,
    draws: () => draws,
    written: () => stdout.bytes,
    unmount: async () => {
      ink.unmount();
      await over;
    },
  };
}
