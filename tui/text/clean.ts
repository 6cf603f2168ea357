// Text from anywhere, made such that it can break no frame: no control characters, nothing of no width or of a width that terminals disagree about.
import { columnsOf, NARROW } from "./width.ts";

/** Which letters the terminal shows: all, those of a Linux console font, or ASCII. */
export type Letters = "unicode" | "latin" | "ascii";

/** Nobody reads more of one name; and measuring 10 kB at each frame would be felt. */
const LONGEST = 1000;

/**
 * Control, format and unknown characters, halves of pairs, line separators, marks that turn the direction of text
 * around; and emoji, which terminals draw one or two columns wide as they like.
 */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\p{Emoji_Presentation}\ufff9-\ufffd]/gu;
const SPACES = /\p{Zs}/gu;
const SAFE = /^[\u0020-\u007e]*$/;
const COMBINING = /[\p{M}\u1160-\u11ff\u0e33\u0eb3\uff9e\uff9f]/u;
const LATIN = /[\u0020-\u017f\u2010-\u2026\u20ac\u2190-\u2193\u2500-\u259f\u25a0-\u25cf\u2713\u2717]/u;

/** The same names are drawn at each key: what was cleaned once is kept, up to so many texts. */
const KEPT = 1000;
const kept: Readonly<Record<Letters, Map<string, string>>> = { unicode: new Map(), latin: new Map(), ascii: new Map() };

/** One line of harmless text. A terminal with fewer letters gets the nearest letter, or "?". */
export function clean(text: string, letters: Letters): string {
  const short = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  if (SAFE.test(short) || (letters === "unicode" && NARROW.test(short))) return short;
  const known = kept[letters].get(short);
  if (known !== undefined) return known;
  const result = cleaned(short, letters);
  if (kept[letters].size >= KEPT) kept[letters].clear();
  kept[letters].set(short, result);
  return result;
}

function cleaned(text: string, letters: Letters): string {
  const known = text.normalize("NFC").replace(UNSAFE, "?").replace(SPACES, " ");
  let result = "";
  for (const character of known) result += showable(character, letters);
  return result;
}

function showable(character: string, letters: Letters): string {
  if (character >= " " && character <= "~") return character;
  if (COMBINING.test(character) || columnsOf(character) === 0) return "";
  if (letters === "unicode") return character;
  if (letters === "latin" && LATIN.test(character)) return character;
  return PLAIN[character] ?? nearest(character);
}

/** What has no letter and a mark in Unicode's own tables. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ß: "ss", ł: "l", Ł: "L", ø: "o", Ø: "O", æ: "ae", Æ: "AE", đ: "d", "·": "-", "–": "-", "—": "-", "…": "..." },
  ...{ "→": ">", "←": "<", "↑": "^", "↓": "v", "„": '"', "“": '"', "”": '"', "’": "'", "‘": "'", "×": "x", "€": "EUR" },
};

/** Frames of other programs, as ASCII draws them. */
const BOX: readonly (readonly [string, string])[] = [
  ["-", "─━═╌╍┄┅┈┉"],
  ["|", "│┃║╎╏┆┇┊┋"],
  ["+", "┌┐└┘├┤┬┴┼╭╮╯╰╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋"],
  ["#", "█▉▊▋▌▐▀▄▓■"],
  [".", "░▒"],
  ["*", "•●"],
  ["o", "○"],
];

function nearest(character: string): string {
  const box = BOX.find(([, signs]) => signs.includes(character));
  if (box !== undefined) return box[0];
  const [base = "?"] = character.normalize("NFD");
  return base >= " " && base <= "~" ? base : "?".repeat(columnsOf(character));
}
