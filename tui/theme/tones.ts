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

/** The properties of Ink's Text that a tone becomes. */
export interface Look {
  color?: string;
  bold?: true;
  dimColor?: true;
  inverse?: true;
  underline?: true;
}

const NONE: Record<Tone, Look> = {
  strong: { bold: true },
  quiet: {},
  selected: { inverse: true },
  heading: { bold: true },
  good: {},
  warning: { bold: true },
  bad: { bold: true },
  key: { bold: true },
  cursor: { inverse: true },
  bar: {},
};

/** Blue is nearly unreadable on the Linux console, so no tone uses it. */
const EIGHT: Record<Tone, Look> = {
  ...NONE,
  good: { color: "green" },
  warning: { color: "yellow", bold: true },
  bad: { color: "red", bold: true },
  bar: { color: "cyan" },
};

const MANY: Record<Tone, Look> = {
  ...EIGHT,
  quiet: { color: "ansi256(246)" },
  good: { color: "ansi256(114)" },
  warning: { color: "ansi256(221)", bold: true },
  bad: { color: "ansi256(203)", bold: true },
  bar: { color: "ansi256(80)" },
};

export function lookOf(tone: Tone | undefined, colours: Colours): Look {
  if (tone === undefined) return {};
  return { 0: NONE, 8: EIGHT, 256: MANY }[colours][tone];
}
