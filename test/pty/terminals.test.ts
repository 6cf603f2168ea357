// A real program made of the kit on real terminals: the console, serial lines, no size, no colour, resized in between.
import xterm from "@xterm/headless";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPty, type PtyExit, paneEnvironment } from "../../tui/pty/open-pty.ts";
import { type Bundle, bundle } from "./bundle.ts";

let program: Bundle;
beforeAll(async () => {
  program = await bundle(new URL("./fixture-main.ts", import.meta.url).pathname);
});
afterAll(() => program.remove());

interface Shown {
  frame: () => string[];
  written: () => string;
  /** Resolves when the frame fulfils this; fails when the program ends before. */
  until: (holds: (frame: string[]) => boolean) => Promise<void>;
  type: (bytes: string) => void;
  resize: (columns: number, rows: number) => void;
  exit: Promise<PtyExit>;
  inverse: () => string[];
}

interface Options {
  term: string;
  env?: Record<string, string>;
  columns?: number;
  rows?: number;
  /** The window has no size; the terminal's own is `columns` by `rows`. */
  unsized?: boolean;
  /** A terminal that does not say where its cursor is. */
  mute?: boolean;
}

async function start({
  term,
  env = {},
  columns = 80,
  rows = 24,
  unsized = false,
  mute = false,
}: Options): Promise<Shown> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, logLevel: "off" });
  const node = process.execPath;
  const script = `${unsized ? "stty rows 0 columns 0; " : ""}exec "${node}" "${program.file}" ${mute ? 1 : ""}`;
  const pty = await openPty({
    file: "/bin/sh",
    args: ["-c", script],
    // Whatever runs the tests may say another language by LC_ALL, which is stronger than LANG.
    env: { ...paneEnvironment(process.env), LC_ALL: "C.UTF-8", ...env },
    term,
    columns,
    rows,
  });
  let bytes = "";
  let looks: (() => void)[] = [];
  if (!mute) terminal.onData((data) => pty.write(data));
  pty.onData((data) => {
    bytes += data;
    terminal.write(data, () => {
      for (const look of looks) look();
    });
  });
  const exit = new Promise<PtyExit>((resolve) => {
    pty.onExit((how) => terminal.write("", () => resolve(how)));
  });
  const line = (y: number) => terminal.buffer.active.getLine(terminal.buffer.active.baseY + y);
  const frame = () => Array.from({ length: terminal.rows }, (_, y) => line(y)?.translateToString(false) ?? "");
  return {
    frame,
    written: () => bytes,
    until: (holds) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!holds(frame())) return;
          looks = looks.filter((each) => each !== look);
          resolve();
        };
        looks.push(look);
        exit.then(() => reject(new Error(`the program ended:\n${frame().join("\n")}`)));
        look();
      }),
    type: (text) => pty.write(text),
    resize: (width, height) => {
      terminal.resize(width, height);
      pty.resize(width, height);
    },
    exit,
    inverse: () =>
      frame().flatMap((_, y) => {
        const cells = Array.from({ length: terminal.cols }, (_each, x) => line(y)?.getCell(x));
        const text = cells.flatMap((cell) =>
          cell !== undefined && cell.isInverse() !== 0 ? [cell.getChars() || " "] : [],
        );
        return text.length === 0 ? [] : [text.join("").trim()];
      }),
  };
}

const ready = (title: string) => (frame: string[]) =>
  (frame[0] ?? "").startsWith(` ${title}`) && /help *$/.test(frame.at(-1) ?? "");

async function leave(shown: Shown): Promise<Record<string, unknown>> {
  shown.type("q");
  expect(await shown.exit).toEqual({ code: 0, signal: null });
  const said = /left (\{.*\})/.exec(shown.frame().join("").replaceAll(/ +$/gm, ""));
  expect(shown.written()).toMatch(/\u001b\[\?25h/);
  return JSON.parse(said?.[1] ?? "null") as Record<string, unknown>;
}

describe.each([
  { term: "linux", title: "Größe 80 by 24", kind: "vt", colours: 8, coloured: true },
  { term: "vt220", title: "Grosse 80 by 24", kind: "serial", colours: 0, coloured: false },
  { term: "vt102", title: "Grosse 80 by 24", kind: "serial", colours: 0, coloured: false },
  { term: "xterm-256color", title: "Größe 80 by 24", kind: "emulator", colours: 256, coloured: true },
])("TERM=$term", ({ term, title, kind, colours, coloured }) => {
  test("the frame is right, keys move, and the screen is given back", async () => {
    const shown = await start({ term });
    await shown.until(ready(title));
    expect(shown.inverse()).toEqual(["entry 1"]);
    // Colours of the foreground are what a line without them must not get; bold and inverse it does get.
    expect(/\u001b\[[0-9;]*3[1-8]/.test(shown.written())).toBe(coloured);
    shown.type("\u001b[B\u001b[B");
    await shown.until(() => shown.inverse()[0] === "entry 3");
    expect(await leave(shown)).toMatchObject({ kind, colours });
  });

  test("made smaller and larger in between, each frame is whole", async () => {
    const shown = await start({ term });
    await shown.until(ready(title));
    for (const [columns, rows] of [
      [40, 12],
      [132, 43],
      [20, 5],
      [80, 24],
    ] as const) {
      shown.resize(columns, rows);
      await shown.until((frame) => ready(title.replace("80 by 24", `${columns} by ${rows}`))(frame));
      expect(shown.inverse()).toEqual(["entry 1"]);
    }
    await leave(shown);
  });

  test("with NO_COLOR there is none", async () => {
    const shown = await start({ term, env: { NO_COLOR: "1" } });
    await shown.until(ready(title));
    expect(shown.written()).not.toMatch(/\u001b\[[0-9;]*[349][0-7]m|\u001b\[38/);
    expect(shown.inverse()).toEqual(["entry 1"]);
    expect(await leave(shown)).toMatchObject({ colours: 0 });
  });
});

describe("a line without a size", () => {
  test("is asked for it, and keys typed meanwhile are not lost", async () => {
    const shown = await start({ term: "vt220", unsized: true, columns: 100, rows: 31 });
    shown.type("\u001b[B");
    await shown.until(ready("Grosse 100 by 31"));
    await shown.until(() => shown.inverse()[0] === "entry 2");
    await leave(shown);
  });

  test("is taken for 80 by 24 when it does not answer", async () => {
    const shown = await start({ term: "vt102", unsized: true, mute: true });
    await shown.until(ready("Grosse 80 by 24"));
    await leave(shown);
  });
});
