// What is typed into one field: text and cursor, changed by keys. Pure.
import type { Key } from "../keys/key.ts";
import { type Line, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf, cutFront, padTo } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";

export interface TextInput {
  text: string;
  /** Place in `text`, in code points. */
  cursor: number;
}

export function textInput(text = ""): TextInput {
  return { text, cursor: [...text].length };
}

/** Longer than any value of a spec; a paste of a whole file does no harm. */
const LONGEST = 4096;

/** The field after a key; null when the key means nothing in it. */
export function typeKey({ text, cursor }: TextInput, key: Key): TextInput | null {
  const letters = [...text];
  const put = (from: number, remove: number, add: string[] = []): TextInput => {
    const after = [...letters.slice(0, from), ...add, ...letters.slice(from + remove)];
    return { text: after.join(""), cursor: from + add.length };
  };
  switch (key.name) {
    case "text":
      return letters.length >= LONGEST ? { text, cursor } : put(cursor, 0, [key.text]);
    case "backspace":
      return cursor === 0 ? { text, cursor } : put(cursor - 1, 1);
    case "delete":
      return put(cursor, 1);
    case "left":
      return { text, cursor: Math.max(0, cursor - 1) };
    case "right":
      return { text, cursor: Math.min(letters.length, cursor + 1) };
    case "home":
      return { text, cursor: 0 };
    case "end":
      return { text, cursor: letters.length };
    case "ctrl":
      if (key.text === "u") return { text: "", cursor: 0 };
      if (key.text === "w") {
        const kept = letters
          .slice(0, cursor)
          .join("")
          .replace(/\S+\s*$/, "");
        return { text: kept + letters.slice(cursor).join(""), cursor: [...kept].length };
      }
      return null;
    default:
      return null;
  }
}

export interface InputLook {
  width: number;
  focused: boolean;
  /** Shows marks instead of letters. */
  secret?: boolean;
  /** Shown while nothing is typed. */
  placeholder?: string;
}

/** The field in exactly `width` columns, the cursor always in view. */
export function inputLine(input: TextInput, look: InputLook, surface: Surface): Line {
  const { glyphs, letters } = surface;
  const width = Math.max(1, look.width);
  const typed = [...input.text].map((letter) => (look.secret === true ? glyphs.secret : clean(letter, letters)));
  const at = Math.max(0, Math.min(input.cursor, typed.length));
  const before = typed.slice(0, at).join("");
  // A mark without a column of its own still has a place for the cursor.
  const letter = typed[at] || " ";
  const under = columnsOf(letter) > width ? "?" : letter;
  const after = typed.slice(at + 1).join("");
  if (!look.focused) {
    const text = input.text === "" ? clean(look.placeholder ?? "", letters) : typed.join("");
    return [span(padTo(text, width, glyphs.more), input.text === "" ? "quiet" : undefined)];
  }
  const left = cutFront(before, width - columnsOf(under), glyphs.more);
  const room = width - columnsOf(left) - columnsOf(under);
  return [span(left), span(under, "cursor"), span(padTo(after, room, glyphs.more))];
}
