// The characters that our console font has: which are letters, taken from another font, and which we draw.

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index));

/** Latin Extended-A that no font of that face in Debian has: Dutch digraphs, old spellings, and breves of Romanian drafts. */
const NOT_TO_BE_HAD = new Set("ĔĕĬĭĲĳĿŀŉŎŏſ");

/** Copied from the letters' fonts. ASCII comes first and in order: the console takes slot 32 for blank space. */
export const LETTERS: readonly string[] = [
  ...range(0x20, 0x7e),
  // without the no-break space and the soft hyphen, which look like others
  ...range(0xa1, 0xff).filter((char) => char !== "\u00ad"),
  ...range(0x100, 0x17f).filter((char) => !NOT_TO_BE_HAD.has(char)),
  ..."ȘșȚț",
  ..."…–—„“”‚‘’‹›†‡‰€№™−ⁿ",
  ..."≤≥≠≈∞√",
];

/** Drawn by draw-lines.ts. Lines that change their weight inside a cell (┝ ╀ and so on) are left out: no room. */
export const LINES: readonly string[] = [
  ..."─│┌┐└┘├┤┬┴┼",
  ..."━┃┏┓┗┛┣┫┳┻╋",
  ..."═║╔╗╚╝╠╣╦╩╬",
  ..."╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫",
  ..."╭╮╯╰╱╲╳",
  ..."╌╍┄┅┈┉╎╏┆┇┊┋",
  ..."╴╵╶╷╸╹╺╻",
];

/** Drawn by draw-blocks.ts. */
export const BLOCKS: readonly string[] = range(0x2580, 0x259f);

/** The frames of a spinner, drawn by draw-blocks.ts. */
export const BRAILLE: readonly string[] = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];

/** Drawn by draw-marks.ts. */
export const MARKS: readonly string[] = [
  ..."←↑→↓↔↕↵⇥",
  ..."►◄▲▼▸◂▴▾",
  ..."✓✗●○◉◆◇•",
  ..."■□▪☐☑☒⚠⋮",
  ..."⁰⁴⁵⁶⁷⁸⁹\uFFFD",
];

/** Character → others that the same picture stands for. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  " ": [..."\u00a0\u2002\u2003\u2007\u2009\u202f"],
  "-": [..."\u00ad\u2010\u2011"],
  "—": ["―"],
  "·": ["∙", "⋅"],
  "◆": ["♦"],
  "✓": ["✔"],
  "✗": ["✘"],
  "►": ["▶"],
  "◄": ["◀"],
  "■": ["▮"],
  "↵": ["⏎"],
  µ: ["μ"],
};

/** Everything that text on our console font may hold, as single characters. */
export const FONT_CHARACTERS: ReadonlySet<string> = new Set([
  ...[LETTERS, LINES, BLOCKS, BRAILLE, MARKS].flat(),
  ...Object.values(ALIASES).flat(),
]);

/** What the console takes: more is impossible, and fewer than 512 (but more than 256) is not a valid size. */
export const SLOTS = 512;
