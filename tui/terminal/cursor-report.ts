// A terminal's answers to "where is the cursor?", taken out of what comes from the keyboard. Pure.

export interface CursorPlace {
  /** Both begin at 1. */
  row: number;
  column: number;
}

export interface Heard {
  replies: CursorPlace[];
  /** What was typed meanwhile, in order. */
  typed: string;
  /** The end of the text that may be the beginning of an answer. */
  pending: string;
}

/** CPR, `ESC [ row ; column R` (ECMA-48 8.3.14). */
const REPLY = /\u001b\[(\d{1,4});(\d{1,4})R/g;
const BEGINNING = /\u001b(?:\[(?:\d{0,4}(?:;\d{0,4})?)?)?$/;

export function hearReplies(text: string): Heard {
  const replies: CursorPlace[] = [];
  const others = text.replace(REPLY, (_, row: string, column: string) => {
    replies.push({ row: Number(row), column: Number(column) });
    return "";
  });
  // Searched for in the text as it came: with an answer taken out, what stood around it would come together.
  const pending = BEGINNING.exec(text)?.[0] ?? "";
  return { replies, typed: others.slice(0, others.length - pending.length), pending };
}
