// The last lines of a log: kept in a ring, followed at the end unless one has gone up to read. Pure but for the ring itself.
import type { Key } from "../keys/key.ts";
import { type Line, line, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf, cut, wrap } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";

/** A log as it is drawn: the lines that are kept, oldest first, and how many there were in all. */
export interface LogLines {
  readonly lines: readonly string[];
  readonly total: number;
}

/** Keeps the newest `capacity` lines; adding is cheap, so that a chatty program costs nothing while nobody looks. */
export class LogRing implements LogLines {
  readonly capacity: number;
  #lines: string[] = [];
  #dropped = 0;
  /** The last line has not ended yet. */
  #open = false;

  constructor(capacity = 5000) {
    this.capacity = Math.max(1, capacity);
  }

  /** Adds one or more whole lines. */
  add(text: string): void {
    this.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** Adds what a program has written: "\n" ends a line, which may come in pieces; "\r" begins it anew, as meters do. */
  write(chunk: string): void {
    const pieces = chunk.split("\n");
    const ended = pieces.at(-1) === "";
    if (ended) pieces.pop();
    for (const [at, piece] of pieces.entries()) {
      const begun = at === 0 && this.#open ? (this.#lines.pop() ?? "") : "";
      this.#lines.push(lastWritten(begun + piece));
    }
    if (chunk !== "") this.#open = !ended;
    // Cut rarely: taking one off the front at each line would move all the others each time.
    const over = this.#lines.length - this.capacity;
    if (over > this.capacity / 4) this.#drop(over);
  }

  #drop(count: number): void {
    this.#lines = this.#lines.slice(count);
    this.#dropped += count;
  }

  /** The lines that are kept, oldest first. */
  get lines(): readonly string[] {
    const over = this.#lines.length - this.capacity;
    if (over > 0) this.#drop(over);
    return this.#lines;
  }

  /** How many lines were added in all; grows with each. */
  get total(): number {
    return this.#dropped + this.#lines.length;
  }
}

/** What a terminal would show of a line with "\r" in it; one at its end may have "\n" behind it in the next piece. */
function lastWritten(text: string): string {
  const end = text.endsWith("\r") ? text.length - 1 : text.length;
  return text.slice(text.lastIndexOf("\r", end - 1) + 1);
}

export interface LogView {
  /** Number (since the log began) of the last line in view; null follows the end. */
  bottom: number | null;
  /** Columns scrolled to the right. */
  left: number;
  wrapped: boolean;
}

export const FOLLOWING: LogView = { bottom: null, left: 0, wrapped: false };

/** After a key: arrows and pages scroll, End follows again, "w" wraps; null when the key means nothing here. */
export function logKey(view: LogView, key: Key, log: LogLines, height: number): LogView | null {
  const first = log.total - log.lines.length;
  const page = Math.max(1, height - 1);
  const at = view.bottom ?? log.total;
  const go = (bottom: number): LogView => ({
    ...view,
    bottom: bottom >= log.total ? null : Math.max(Math.min(first + height, log.total), bottom),
  });
  switch (key.name) {
    case "up":
      return go(at - 1);
    case "down":
      return go(at + 1);
    case "page-up":
      return go(at - page);
    case "page-down":
      return go(at + page);
    case "home":
      return go(first);
    case "end":
      return { ...view, bottom: null };
    case "left":
      return { ...view, left: Math.max(0, view.left - SIDEWAYS) };
    case "right":
      return view.wrapped ? view : { ...view, left: Math.min(LONGEST, view.left + SIDEWAYS) };
    case "text":
      return key.text === "w" ? { ...view, wrapped: !view.wrapped, left: 0 } : null;
    default:
      return null;
  }
}

const SIDEWAYS = 10;
const LONGEST = 900;

export interface LogLook {
  width: number;
  height: number;
  /** Says how many lines are below what is in view: "12 more". */
  below: (count: number) => string;
}

/** Exactly `height` rows of at most `width` columns, the newest at the bottom. */
export function logRows(log: LogLines, view: LogView, look: LogLook, surface: Surface): Line[] {
  const { width, height } = look;
  const { lines } = log;
  const first = log.total - lines.length;
  const bottom =
    view.bottom === null ? log.total : Math.max(Math.min(first + height, log.total), Math.min(view.bottom, log.total));
  const hidden = log.total - bottom;
  const room = height - (hidden > 0 ? 1 : 0);
  const rows: Line[] = [];
  // From the bottom up: only what is in view is cleaned and measured.
  for (let at = bottom - first - 1; at >= 0 && rows.length < room; at -= 1) {
    const text = clean(tabsOut(lines[at] ?? ""), surface.letters);
    const pieces = view.wrapped ? wrap(text, Math.max(2, width)) : [sideways(text, view.left, width, surface)];
    for (const piece of pieces.toReversed()) if (rows.length < room) rows.unshift(line(piece));
  }
  while (rows.length < room) rows.push([]);
  if (hidden > 0)
    rows.push([
      span(
        cut(`${surface.glyphs.down} ${clean(look.below(hidden), surface.letters)}`, width, surface.glyphs.more),
        "quiet",
      ),
    ]);
  return rows.slice(0, height);
}

function sideways(text: string, left: number, width: number, { glyphs }: Surface): string {
  if (left === 0) return cut(text, width, glyphs.more);
  let gone = 0;
  let at = 0;
  for (const letter of text) {
    if (gone >= left) break;
    gone += columnsOf(letter);
    at += letter.length;
  }
  return cut(`${glyphs.left}${text.slice(at)}`, width, glyphs.more);
}

/** Colours and the like are taken out whole: what is left of an escape code would be noise in every line. */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

function tabsOut(text: string): string {
  return text.slice(0, 4000).replace(/\r$/, "").replace(ESCAPES, "").replaceAll("\t", "    ");
}
