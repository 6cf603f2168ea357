// Choosing one or several of a list: marks in front of each, reasons behind those that cannot be chosen. Pure.
import type { Key } from "../keys/key.ts";
import { type Line, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";
import { clampScroll, moveScroll, nearestChoosable, type Scroll } from "./scroll.ts";

export interface Choice<Value extends string = string> {
  value: Value;
  label: string;
  /** Behind the label, where there is room. */
  note?: string;
  /** Why it cannot be chosen; it stays in view, and the selection passes it by. */
  unusable?: string;
}

export interface ChoicesState {
  marked: ReadonlySet<string>;
  scroll: Scroll;
}

/** The selection begins at the first marked one that can be chosen. */
export function choicesState(choices: readonly Choice[], marked: Iterable<string>): ChoicesState {
  const set = new Set(marked);
  const usable = choices.map(({ unusable }) => unusable === undefined);
  const first = choices.findIndex(({ value }, at) => set.has(value) && usable[at] === true);
  return { marked: set, scroll: nearestChoosable({ selected: Math.max(0, first), top: 0 }, usable, 1) };
}

/**
 * After a key: arrows move, Space marks; with `many`, "a" marks all or none of what can be chosen. Where one is chosen,
 * moving marks too: what is selected is what holds. null when the key means nothing here.
 */
export function choicesKey(
  choices: readonly Choice[],
  state: ChoicesState,
  key: Key,
  height: number,
  many: boolean,
): ChoicesState | null {
  const usable = choices.map(({ unusable }) => unusable === undefined);
  const before = clampScroll(state.scroll, choices.length, height);
  const moved = moveScroll(before, key, choices.length, height);
  if (moved !== null) {
    const scroll = nearestChoosable(moved, usable, height, before.selected);
    const value = usable[scroll.selected] === true ? choices[scroll.selected]?.value : undefined;
    return { marked: many || value === undefined ? state.marked : new Set([value]), scroll };
  }
  const value = usable[before.selected] === true ? choices[before.selected]?.value : undefined;
  if (key.name !== "text" || value === undefined) return null;
  if (key.text === " ") {
    const marked = new Set(many ? state.marked : []);
    if (!many || !marked.delete(value)) marked.add(value);
    return { ...state, marked };
  }
  if (key.text !== "a" || !many) return null;
  const all = choices.flatMap((choice) => (choice.unusable === undefined ? [choice.value] : []));
  return { ...state, marked: new Set(all.every((each) => state.marked.has(each)) ? [] : all) };
}

export interface ChoiceWords {
  /** Heard by a screen reader in place of the mark. */
  chosen: string;
  notChosen: string;
}

/** One row: mark, label, and why not or what more there is to say. */
export function choiceLine(choice: Choice, marked: boolean, many: boolean, words: ChoiceWords, surface: Surface): Line {
  const { glyphs, letters, reader } = surface;
  const label = clean(choice.label, letters);
  const more = clean(choice.unusable ?? choice.note ?? "", letters);
  const on = many ? glyphs.boxOn : glyphs.radioOn;
  const off = many ? glyphs.boxOff : glyphs.radioOff;
  // The signs of the plain sets stand for anything; those of the rich one are boxes and circles themselves.
  const [left, right] = surface.glyphSet === "utf8" ? ["", ""] : many ? ["[", "]"] : ["(", ")"];
  // The mark's place stays empty where nothing can be chosen: a glyph alone would not say so without colour.
  const sign =
    choice.unusable !== undefined ? " ".repeat(columnsOf(left + on + right)) : `${left}${marked ? on : off}${right}`;
  const said = `${label}, ${choice.unusable !== undefined ? more : marked ? words.chosen : words.notChosen}`;
  if (reader) return [span(said)];
  return [
    span(`${sign} `),
    span(label, choice.unusable === undefined ? undefined : "quiet"),
    ...(more === "" ? [] : [span(`  ${more}`, "quiet")]),
  ];
}
