// How each meaning looks. Nothing is told by colour alone: every tone works with none.

export type Tone =
  /** What matters now. */
  | "strong"
  /** What may be skipped. */
  | "quiet"
  /** The one thing that is selected. */
  | "selected"
  | "heading"
  | "good"
  | "warning"
  | "bad"
  /** The keys that work here. */
  | "key"
  /** Where the next letter goes. */
  | "cursor"
  /** Part of a bar that is full. */
  | "bar";

export type Colours = 0 | 8 | 256;

/** Codes of SGR (ECMA-48 8.3.117): what begins the look and what ends it. */
interface Look {
  on: string;
  off: string;
}

const PLAIN: Look = { on: "", off: "" };
const BOLD: Look = { on: "1", off: "22" };
const INVERSE: Look = { on: "7", off: "27" };

/** A colour of the foreground, alone or in bold. */
function coloured(colour: string, bold = false): Look {
  return { on: bold ? `1;${colour}` : colour, off: bold ? "22;39" : "39" };
}

const NONE: Record<Tone, Look> = {
  strong: BOLD,
  quiet: PLAIN,
  selected: INVERSE,
  heading: BOLD,
  good: PLAIN,
  warning: BOLD,
  bad: BOLD,
  key: BOLD,
  cursor: INVERSE,
  bar: PLAIN,
};

/** Blue is nearly unreadable on the Linux console, so no tone uses it. */
const EIGHT: Record<Tone, Look> = {
  ...NONE,
  good: coloured("32"),
  warning: coloured("33", true),
  bad: coloured("31", true),
  bar: coloured("36"),
};

const MANY: Record<Tone, Look> = {
  ...EIGHT,
  quiet: coloured("38;5;246"),
  good: coloured("38;5;114"),
  warning: coloured("38;5;221", true),
  bad: coloured("38;5;203", true),
  bar: coloured("38;5;80"),
};

/** The text with the tone's look around it, for a terminal of so many colours. The text must be clean. */
export function styled(text: string, tone: Tone | undefined, colours: Colours): string {
  if (tone === undefined || text === "") return text;
  const { on, off } = { 0: NONE, 8: EIGHT, 256: MANY }[colours][tone];
  return on === "" ? text : `\u001b[${on}m${text}\u001b[${off}m`;
}
