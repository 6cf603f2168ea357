// What kind of terminal this is and what it can show, from what the environment says. Pure.
import type { Letters } from "../text/clean.ts";
import type { GlyphSet } from "../theme/glyphs.ts";
import type { Colours } from "../theme/tones.ts";

export interface TerminalFacts {
  env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  isTTY: boolean;
  /** What /proc/self/fd/1 points to, as "/dev/tty1"; null where that is not known. */
  ttyPath: string | null;
  /** Whether our own console font is loaded on the virtual terminal of that name ("tty1"); see FONT_MARKS. */
  hasOurFont: (ttyName: string) => boolean;
  /** `--reader` was given. */
  reader?: boolean;
}

export interface TerminalDescription {
  /** A virtual terminal of Linux, a serial line, a terminal emulator (also over ssh), or no terminal at all. */
  kind: "vt" | "serial" | "emulator" | "none";
  glyphSet: GlyphSet;
  letters: Letters;
  colours: Colours;
  animated: boolean;
  reader: boolean;
}

/** Has an empty file named for each virtual terminal that our font is loaded on; who loads it makes the file. */
export const FONT_MARKS = "/run/multiverse/console-font";

const VT_PATH = /^\/dev\/(tty[0-9]+)$/;
/** ttyS0, ttyAMA0, ttyUSB0, hvc0, …: a name with letters behind "tty" is never a virtual terminal. */
const SERIAL_PATH = /^\/dev\/(tty[A-Za-z]+[0-9]+|hvc[0-9]+|xvc[0-9]+)$/;
const SERIAL_TERM = /^(vt\d+|dumb|unknown|ansi)(-|$)|^$/;

export function describeTerminal(facts: TerminalFacts): TerminalDescription {
  const { env, ttyPath } = facts;
  const kind = kindOf(facts);
  const utf8 = /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "");
  const vtName = VT_PATH.exec(ttyPath ?? "")?.[1];
  const rich = kind === "vt" ? vtName !== undefined && facts.hasOurFont(vtName) : utf8;
  const reader = facts.reader === true || env.MULTIVERSE_READER === "1";
  const glyphSet: GlyphSet = kind === "serial" ? "ascii" : rich ? "utf8" : kind === "vt" ? "vt" : "ascii";
  return {
    kind,
    glyphSet,
    // A font has 512 glyphs at most: also with ours there are letters that it cannot show.
    letters: kind === "vt" ? "latin" : glyphSet === "ascii" ? "ascii" : "unicode",
    colours: coloursOf(kind, env),
    animated: !reader && (kind === "vt" || kind === "emulator"),
    reader,
  };
}

function kindOf({ env, isTTY, ttyPath }: TerminalFacts): TerminalDescription["kind"] {
  if (!isTTY) return "none";
  // The device is surer than TERM, which a getty may have been told wrongly.
  if (SERIAL_PATH.test(ttyPath ?? "")) return "serial";
  if (VT_PATH.test(ttyPath ?? "")) return "vt";
  const term = env.TERM ?? "";
  if (term === "linux" || term.startsWith("linux-")) return "vt";
  return SERIAL_TERM.test(term) ? "serial" : "emulator";
}

function coloursOf(kind: TerminalDescription["kind"], env: TerminalFacts["env"]): Colours {
  // https://no-color.org: any value but the empty one.
  if ((env.NO_COLOR ?? "") !== "" || kind === "serial" || kind === "none") return 0;
  if (kind === "vt") return 8;
  return /256color|direct/.test(env.TERM ?? "") || (env.COLORTERM ?? "") !== "" ? 256 : 8;
}

/**
 * The value of FORCE_COLOR under which Ink draws what our tones ask for. Chalk, which Ink draws with, guesses from TERM
 * when it is loaded, and where it guesses "no colour" (vt102) it also drops bold and inverse: the selection would not
 * be seen. So it is set before Ink is imported.
 */
export function styleLevel({ kind, colours }: Pick<TerminalDescription, "kind" | "colours">): "0" | "1" | "2" {
  return kind === "none" ? "0" : colours === 256 ? "2" : "1";
}
