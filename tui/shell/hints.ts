// The bottom line: which keys work here. What does not fit is behind "?".
import { type Line, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";

export interface Hint {
  /** As it is printed on the key: "Enter", "↑↓", "d". */
  key: string;
  does: string;
}

/** One row; the last hint ("?", help) is always there. */
export function hintLine(hints: readonly Hint[], help: Hint, width: number, surface: Surface): Line {
  const pieces = (hint: Hint) => {
    const key = clean(hint.key, surface.letters);
    const does = clean(hint.does, surface.letters);
    return { key, does, columns: columnsOf(key) + 1 + columnsOf(does) + 2 };
  };
  const last = pieces(help);
  let room = width - 1 - last.columns;
  const row: Line[number][] = [span(" ")];
  for (const hint of hints.map(pieces)) {
    if (hint.columns > room) continue;
    room -= hint.columns;
    row.push(span(hint.key, "key"), span(` ${hint.does}  `));
  }
  return [...row, span(last.key, "key"), span(` ${last.does}`)];
}
