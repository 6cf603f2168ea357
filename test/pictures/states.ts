// What `npm run pictures` draws: every screen in every state that it can be in, as text for a terminal.
import { BLOCKS, BRAILLE, LETTERS, LINES, MARKS } from "../../tui/console-font/glyph-list.ts";
import { hostStates } from "./host-states.ts";
import { screenStates } from "./screen-states.ts";

export interface PictureState {
  /** Lower case letters, digits and dashes; together with the size they name the file. */
  name: string;
  state: string;
  columns: number;
  rows: number;
  /** What a program writes to a terminal of that size to show it. */
  ansi: string;
  /** Our own font, or what a console without it shows (Debian's for Western Europe). Default: ours. */
  font?: "ours" | "debian";
}

/** `only`: names of screens; none for all. */
export async function* pictureStates(only: ReadonlySet<string> = new Set()): AsyncIterable<PictureState> {
  if (only.size === 0 || only.has("console-font"))
    yield { name: "console-font", state: "all-glyphs", columns: 80, rows: 24, ansi: fontTable() };
  yield* screenStates(only);
  yield* hostStates(only);
}

/** Every glyph of our console font in one view. */
function fontTable(): string {
  const parts = [LETTERS.slice(1), LINES, [...BLOCKS, ...BRAILLE], MARKS];
  const lines = parts.flatMap((chars) => {
    const rows = Math.ceil(chars.length / 64);
    return [...Array.from({ length: rows }, (_, row) => chars.slice(row * 64, (row + 1) * 64).join("")), ""];
  });
  const frame = [
    "╔══╦══╗ ┏━━┳━━┓ ╭──┬──╮",
    "║  ║  ║ ┃  ┃  ┃ │  │  │",
    "╠══╬══╣ ┣━━╋━━┫ ├──┼──┤",
    "╚══╩══╝ ┗━━┻━━┛ ╰──┴──╯",
  ];
  const colours = Array.from({ length: 8 }, (_, at) => `\x1b[3${at}m██\x1b[1m██\x1b[0m`).join("");
  return `\x1b[?25l${[...lines, ...frame.map((line, at) => (at === 1 ? `${line}  ${colours}` : line))].join("\n")}`;
}
