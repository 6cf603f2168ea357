// The signs that screens are made of, by meaning: one table for any Debian console font, a rich one, and plain ASCII.

/** Every entry is one column wide in every table, so a screen keeps its layout when the table changes. */
export interface Glyphs {
  readonly horizontal: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  /** A tee is named by the side of a frame that it is on: at the left one, it points right. Up is at the bottom. */
  readonly teeLeft: string;
  readonly teeRight: string;
  readonly teeUp: string;
  readonly teeDown: string;
  readonly cross: string;
  /** A heavier line, under headings and around what matters most. */
  readonly strongHorizontal: string;
  readonly strongVertical: string;
  /** Before the row that is selected; selection never depends on colour. */
  readonly pointer: string;
  readonly bullet: string;
  /** Between short facts on one line. */
  readonly separator: string;
  /** How a thing is. */
  readonly good: string;
  readonly bad: string;
  readonly warning: string;
  readonly on: string;
  readonly off: string;
  /** A step that is done. */
  readonly done: string;
  readonly radioOn: string;
  readonly radioOff: string;
  readonly boxOn: string;
  readonly boxOff: string;
  readonly up: string;
  readonly down: string;
  readonly left: string;
  readonly right: string;
  /** A list goes on above or below what is shown. */
  readonly moreUp: string;
  readonly moreDown: string;
  /** A node of a tree: what is in it is shown, or hidden. */
  readonly open: string;
  readonly closed: string;
  /** Where text was cut off. */
  readonly more: string;
  /** What a hidden letter of a password is shown as. */
  readonly secret: string;
  readonly barFull: string;
  /** A cell of a bar that is about half full. */
  readonly barPart: string;
  readonly barEmpty: string;
  readonly scrollThumb: string;
  readonly scrollTrack: string;
  /** From nothing to full, for small charts. */
  readonly levels: readonly string[];
  readonly spinner: readonly string[];
}

/** What the terminal can show: `vt` with whatever Debian font, `utf8` with our own console font or over ssh. */
export type GlyphSet = "vt" | "utf8" | "ascii";

const ASCII: Glyphs = {
  ...{ horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+" },
  ...{ teeLeft: "+", teeRight: "+", teeUp: "+", teeDown: "+", cross: "+" },
  ...{ strongHorizontal: "=", strongVertical: "|", separator: "|" },
  ...{ pointer: ">", bullet: "*", good: "*", bad: "x", warning: "!", on: "*", off: "-", done: "+" },
  ...{ radioOn: "*", radioOff: "-", boxOn: "x", boxOff: "-" },
  ...{ up: "^", down: "v", left: "<", right: ">", moreUp: "^", moreDown: "v", open: "-", closed: "+" },
  ...{ more: "~", secret: "*" },
  ...{ barFull: "#", barPart: "=", barEmpty: ".", scrollThumb: "#", scrollTrack: "|" },
  levels: [" ", ".", ":", "=", "#"],
  spinner: ["|", "/", "-", "\\"],
};

/**
 * Only signs that all of Debian's 16-pixel console fonts have which have lines at all
 * (test/unit/glyphs-consolefonts.test.ts reads the fonts). Not × · µ ¶: CyrAsia-Fixed16 is without them.
 */
const VT: Glyphs = {
  ...ASCII,
  ...{ horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘" },
  ...{ teeLeft: "├", teeRight: "┤", teeUp: "┴", teeDown: "┬", cross: "┼" },
  ...{ strongHorizontal: "═", strongVertical: "║", separator: "│" },
  ...{ bullet: "•", good: "•", on: "■", radioOn: "•", radioOff: "°", boxOn: "■", boxOff: "░" },
  ...{ up: "↑", down: "↓", left: "←", right: "→", moreUp: "▲", moreDown: "▼", open: "▼", closed: "→" },
  ...{ secret: "•", barFull: "█", barPart: "▒", barEmpty: "░", scrollThumb: "█", scrollTrack: "│" },
  levels: [" ", "░", "▒", "█"],
};

/** Every sign of this one is in our console font, too (tui/console-font/glyph-list.ts; a test holds them together). */
const UTF8: Glyphs = {
  ...VT,
  ...{ topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯" },
  ...{ strongHorizontal: "━", strongVertical: "┃", separator: "·" },
  ...{ pointer: "►", good: "●", bad: "✗", warning: "⚠", on: "●", off: "○", done: "✓" },
  ...{ radioOn: "◉", radioOff: "○", boxOn: "☑", boxOff: "☐", open: "▾", closed: "▸", more: "…", barPart: "▌" },
  levels: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
};

export const GLYPHS: Readonly<Record<GlyphSet, Glyphs>> = { vt: VT, utf8: UTF8, ascii: ASCII };
