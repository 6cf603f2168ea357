// One key press, named: what Ink hears becomes a list of these, one for each key, however many came at once.
import type { Key as InkKey } from "ink";

export type KeyName =
  | "up"
  | "down"
  | "left"
  | "right"
  | "page-up"
  | "page-down"
  | "home"
  | "end"
  | "enter"
  | "escape"
  | "tab"
  | "back-tab"
  | "backspace"
  | "delete"
  | "text"
  | "ctrl";

export interface Key {
  name: KeyName;
  /** The character of `text`, the letter of `ctrl`; else empty. */
  text: string;
}

const NAMED: readonly (readonly [keyof InkKey, KeyName])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "page-up"],
  ["pageDown", "page-down"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "escape"],
  ["backspace", "backspace"],
  ["delete", "delete"],
];

const ESCAPE: Key = { name: "escape", text: "" };

/** Keys typed quickly, or pasted, come as one text: they are taken apart. */
export function keysOf(input: string, ink: InkKey): Key[] {
  // Alt is Escape and a key in one chunk, and a slow machine delivers two keys so: nothing here is an Alt key.
  const first = ink.meta ? [ESCAPE] : [];
  if (ink.tab) return [...first, { name: ink.shift ? "back-tab" : "tab", text: "" }];
  // The Linux console and serial lines send DEL for the backspace key.
  const named = NAMED.find(([property]) => ink[property] === true)?.[1];
  // An arrow with Alt comes as one sequence that has no Escape key in it.
  if (named !== undefined) return [...(COULD_FOLLOW.has(named) ? first : []), { name: named, text: "" }];
  if (ink.ctrl) return [...first, { name: "ctrl", text: input }];
  const keys = [...input.replaceAll("\r\n", "\r")].flatMap(keyOf);
  return keys.length === 0 ? [] : [...first, ...keys];
}

const COULD_FOLLOW: ReadonlySet<KeyName> = new Set(["enter", "escape", "backspace"]);

function keyOf(character: string): Key[] {
  switch (character) {
    case "\r":
    case "\n":
      return [{ name: "enter", text: "" }];
    case "\t":
      return [{ name: "tab", text: "" }];
    case "\u0000":
    case "\u007f":
      return [];
    default:
      if (character >= " ") return [{ name: "text", text: character }];
      return [{ name: "ctrl", text: String.fromCharCode(character.charCodeAt(0) + 0x40).toLowerCase() }];
  }
}
