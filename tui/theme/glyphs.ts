// The signs that screens are made of, by meaning: one table for any Debian console font, a rich one, and plain ASCII.

/** Every entry is one column wide in every table, so a screen keeps its layout when the table changes. */
export interface Glyphs {
  /** Lines of frames, and of trees. */
  readonly h: string;
  readonly v: string;
  readonly tl: string;
  readonly tr: string;
  readonly bl: string;
  readonly br: string;
  /** The arm points right, left, down, up. */
  readonly teeRight: string;
  readonly teeLeft: string;
  readonly teeDown: string;
  readonly teeUp: string;
  readonly cross: string;
  /** A heavier line, under headings and around what matters most. */
  readonly strongH: string;
  readonly strongV: string;
  /** Stands before the selected row; selection never depends on colour. */
  readonly pointer: string;
  readonly bullet: string;
  /** Between short facts on one line. */
  readonly separator: string;
  /** States of a thing. */
  readonly on: string;
  readonly off: string;
  readonly failed: string;
  readonly warning: string;
  /** A step that is done. */
  readonly check: string;
  readonly radioOn: string;
  readonly radioOff: string;
  readonly boxOn: string;
  readonly boxOff: string;
  readonly arrowUp: string;
  readonly arrowDown: string;
  readonly arrowLeft: string;
  readonly arrowRight: string;
  /** A list goes on beyond its frame: above, below. */
  readonly moreUp: string;
  readonly moreDown: string;
  /** A tree's node: its children shown, or hidden. */
  readonly open: string;
  readonly closed: string;
  /** Text was cut here. */
  readonly ellipsis: string;
  /** Progress; `barPart` is a cell that is about half full. */
  readonly barFull: string;
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

const ascii: Glyphs = {
  h: "-",
  v: "|",
  tl: "+",
  tr: "+",
  bl: "+",
  br: "+",
  teeRight: "+",
  teeLeft: "+",
  teeDown: "+",
  teeUp: "+",
  cross: "+",
  strongH: "=",
  strongV: "|",
  pointer: ">",
  bullet: "*",
  separator: "|",
  on: "*",
  off: "-",
  failed: "x",
  warning: "!",
  check: "+",
  radioOn: "*",
  radioOff: "o",
  boxOn: "x",
  boxOff: "_",
  arrowUp: "^",
  arrowDown: "v",
  arrowLeft: "<",
  arrowRight: ">",
  moreUp: "^",
  moreDown: "v",
  open: "-",
  closed: "+",
  ellipsis: "~",
  barFull: "#",
  barPart: "=",
  barEmpty: ".",
  scrollThumb: "#",
  scrollTrack: "|",
  levels: [" ", ".", ":", "=", "#"],
  spinner: ["|", "/", "-", "\\"],
};

/**
 * Only signs that all of Debian's 16-pixel console fonts have (test/unit/glyphs-consolefonts.test.ts reads the fonts).
 * Not × · µ ¶: one of the Cyrillic fonts is without them.
 */
const vt: Glyphs = {
  ...ascii,
  h: "─",
  v: "│",
  tl: "┌",
  tr: "┐",
  bl: "└",
  br: "┘",
  teeRight: "├",
  teeLeft: "┤",
  teeDown: "┬",
  teeUp: "┴",
  cross: "┼",
  strongH: "═",
  strongV: "║",
  pointer: "→",
  bullet: "•",
  separator: "│",
  on: "■",
  radioOn: "•",
  radioOff: "°",
  boxOn: "■",
  boxOff: "░",
  arrowUp: "↑",
  arrowDown: "↓",
  arrowLeft: "←",
  arrowRight: "→",
  moreUp: "▲",
  moreDown: "▼",
  open: "▼",
  closed: "→",
  barFull: "█",
  barPart: "▒",
  barEmpty: "░",
  scrollThumb: "█",
  scrollTrack: "│",
  levels: [" ", "░", "▒", "█"],
};

/** Every sign of this one is in our console font, too (tui/console-font/glyph-list.ts; a test holds them together). */
const utf8: Glyphs = {
  ...vt,
  tl: "╭",
  tr: "╮",
  bl: "╰",
  br: "╯",
  strongH: "━",
  strongV: "┃",
  pointer: "►",
  separator: "·",
  on: "●",
  off: "○",
  failed: "✗",
  warning: "⚠",
  check: "✓",
  radioOn: "◉",
  radioOff: "○",
  boxOn: "☑",
  boxOff: "☐",
  open: "▾",
  closed: "▸",
  ellipsis: "…",
  barPart: "▌",
  levels: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
};

export const GLYPHS: Readonly<Record<GlyphSet, Glyphs>> = { vt, utf8, ascii };
