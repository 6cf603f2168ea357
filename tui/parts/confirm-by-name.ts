// Typing a name to confirm what cannot be undone: how far what is typed matches, and where it goes wrong. Pure.
import type { Key } from "../keys/key.ts";
import { EMPTY, type Line, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf, cut } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";

export interface NameMatch {
  /** Letters typed that are those of the name, from its beginning. */
  matching: number;
  /** Place of the first wrong letter. */
  wrongAt: number | null;
  /** Letters of the name. */
  length: number;
  /** Exactly the name, and nothing else: a capital or a space more is not it. */
  exact: boolean;
}

export function matchName(name: string, typed: string): NameMatch {
  const wanted = [...name];
  const letters = [...typed];
  const wrong = letters.findIndex((letter, at) => letter !== wanted[at]);
  const matching = wrong < 0 ? letters.length : wrong;
  return { matching, wrongAt: wrong < 0 ? null : wrong, length: wanted.length, exact: name !== "" && typed === name };
}

/** Only the end changes: a name is short, and what was typed is to be seen as it was typed. */
export function confirmKey(typed: string, name: string, key: Key): string | null {
  const letters = [...typed];
  if (key.name === "backspace") return letters.slice(0, -1).join("");
  if (key.name === "ctrl" && key.text === "u") return "";
  if (key.name !== "text") return null;
  // Some letters too many are shown as wrong; a whole paste is not kept.
  return letters.length > [...name].length + 8 ? typed : typed + key.text;
}

export interface ConfirmWords {
  /** Before the name: "To go on, type the name of the host:". */
  ask: string;
  /** "5 of 7". */
  matching: (count: number, length: number) => string;
  /** Under the first letter that is not the name's. */
  wrong: string;
  /** "Enter erases the disk". */
  ready: string;
}

/** Four rows of at most `width` columns: what to do, the name, what is typed, and how far it matches. */
export function confirmRows(
  name: string,
  typed: string,
  words: ConfirmWords,
  look: { width: number; focused: boolean },
  surface: Surface,
): Line[] {
  const { width } = look;
  const { glyphs, letters } = surface;
  const match = matchName(name, typed);
  const say = (text: string) => cut(clean(text, letters), width, glyphs.more);
  // A letter that has no column of its own is shown all the same: it is one that must match.
  const shown = [...typed].map((letter) => clean(letter, letters) || "?");
  const inView = viewOfEnd(shown, width - 3);
  const hidden = shown.length - inView.length;
  const wrong = match.wrongAt ?? shown.length;
  const good = inView.slice(0, Math.max(0, wrong - hidden)).join("");
  const bad = inView.slice(Math.max(0, wrong - hidden)).join("");
  const row: Line = [
    span(hidden > 0 ? glyphs.left : glyphs.pointer, "strong"),
    span(" "),
    span(good, "good"),
    span(bad, "bad"),
    span(" ", look.focused ? "cursor" : undefined),
  ];
  const below = (): Line => {
    if (match.exact) return [span(say(words.ready), "strong")];
    if (match.wrongAt === null) return [span(say(words.matching(match.matching, match.length)), "quiet")];
    const caret = 2 + columnsOf(good);
    const said = clean(words.wrong, letters);
    if (surface.reader) return [span(say(words.wrong), "bad")];
    if (caret + 2 + columnsOf(said) <= width) return [span(`${" ".repeat(caret)}${glyphs.up} ${said}`, "bad")];
    const before = cut(said, caret - 1, glyphs.more);
    return [span(`${" ".repeat(Math.max(0, caret - 1 - columnsOf(before)))}${before} ${glyphs.up}`, "bad")];
  };
  return [
    [span(say(words.ask))],
    [span(cut(`  ${clean(name, letters)}`, width, glyphs.more), "strong")],
    row,
    typed === "" ? EMPTY : below(),
  ];
}

function viewOfEnd(letters: readonly string[], width: number): string[] {
  let used = 0;
  let from = letters.length;
  while (from > 0) {
    used += columnsOf(letters[from - 1] ?? "");
    if (used > width) break;
    from -= 1;
  }
  return letters.slice(from);
}
