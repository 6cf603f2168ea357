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

/** Keys typed quickly, or pasted, come as one text: they are taken apart. */
export function keysOf(input: string, ink: InkKey): Key[] {
  if (ink.tab) return [{ name: ink.shift ? "back-tab" : "tab", text: "" }];
  // The Linux console and serial lines send DEL for the backspace key.
  const named = NAMED.find(([property]) => ink[property] === true);
  if (named !== undefined) return [{ name: named[1], text: "" }];
  if (ink.ctrl) return [{ name: "ctrl", text: input }];
  if (ink.meta) return [];
  return [...input].flatMap(keyOf);
}

function keyOf(character: string): Key[] {
  switch (character) {
    case "\r":
    case "\n":
      return [{ name: "enter", text: "" }];
    case "\t":
      return [{ name: "tab", text: "" }];
    default:
      return character < " " || character === "\u007f" ? [] : [{ name: "text", text: character }];
  }
}
