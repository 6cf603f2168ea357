// Rows as data: whatever is in them, they fit, and a cut is always marked.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Key, KeyName } from "../../tui/keys/key.ts";
import { beside, cutLine, cutRows, fitLine, type Line, line, paragraph, span, widthOf } from "../../tui/line.ts";
import { listRows } from "../../tui/parts/list-rows.ts";
import { panel } from "../../tui/parts/panel.ts";
import { progressBar } from "../../tui/parts/progress.ts";
import { clampScroll, moveScroll, nearestChoosable, START } from "../../tui/parts/scroll.ts";
import { layTable, tableHead, tableRow } from "../../tui/parts/table.ts";
import { inputLine, type TextInput, textInput, typeKey } from "../../tui/parts/text-input.ts";
import { hintLine } from "../../tui/shell/hints.ts";
import { clean } from "../../tui/text/clean.ts";
import { columnsOf } from "../../tui/text/width.ts";
import { makeSurface } from "../../tui/theme/surface.ts";
import { anyText } from "../screens/hostile.ts";

const surface = fc
  .record({
    columns: fc.integer({ min: 1, max: 240 }),
    rows: fc.integer({ min: 1, max: 67 }),
    glyphSet: fc.constantFrom("vt" as const, "utf8" as const, "ascii" as const),
    reader: fc.boolean(),
  })
  .map(makeSurface);
const SIMPLE = makeSurface({ columns: 80, rows: 24, glyphSet: "ascii" });
const row: fc.Arbitrary<Line> = fc.array(
  anyText.map((text) => span(clean(text, "unicode").slice(0, 50))),
  { maxLength: 6 },
);
const width = fc.integer({ min: 0, max: 100 });
const textOf = (each: Line) => each.map(({ text }) => text).join("");

const key: fc.Arbitrary<Key> = fc.oneof(
  fc
    .constantFrom<KeyName>("up", "down", "left", "right", "home", "end", "page-up", "page-down")
    .map((name) => ({ name, text: "" })),
  fc.constantFrom<KeyName>("backspace", "delete").map((name) => ({ name, text: "" })),
  fc.constantFrom("u", "w", "x").map((text) => ({ name: "ctrl" as const, text })),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }).map((text) => ({ name: "text" as const, text })),
  fc.constantFrom("a", " ", "漢", "\u0301").map((text) => ({ name: "text" as const, text })),
);

describe("a line", () => {
  test("is cut with the mark when its last piece fits exactly and another follows", () => {
    expect(textOf(cutLine([span("abc"), span("def")], 3, "~"))).toBe("ab~");
    expect(textOf(cutLine([span("abc"), span("d")], 3, "~"))).toBe("ab~");
    expect(textOf(cutLine([span("abc"), span("")], 3, "~"))).toBe("abc");
    expect(textOf(cutLine([span("漢"), span("字")], 2, "~"))).toBe("~");
    expect(textOf(cutLine([span("abc"), span("def")], 0, "~"))).toBe("");
  });

  test("fits; it ends with the mark exactly when something is missing", () => {
    fc.assert(
      fc.property(row, width, fc.constantFrom("~", "…"), (each, columns, mark) => {
        const short = cutLine(each, columns, mark);
        expect(widthOf(short)).toBeLessThanOrEqual(columns);
        expect(widthOf(fitLine(each, columns, mark))).toBe(columns);
        if (widthOf(each) <= columns) expect(short).toEqual(each);
        else if (columns > 0) {
          expect(textOf(short).endsWith(mark)).toBe(true);
          expect(textOf(each).startsWith(textOf(short).slice(0, -mark.length))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("paragraphs and rows side by side fit", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 6, max: 80 }), surface, (text, columns, where) => {
        for (const each of paragraph(text, columns, where, undefined, 2)) {
          expect(widthOf(each)).toBeLessThanOrEqual(columns);
        }
        for (const each of beside([line("ab"), line("x".repeat(90))], columns, [line("!")], "~")) {
          expect([columns, columns + 1]).toContain(widthOf(each));
        }
      }),
    );
  });

  test("rows that do not fit are counted", () => {
    const rows = ["a", "b", "c"].map((text) => line(text));
    expect(cutRows(rows, 2, (hidden) => `${hidden} more`).map(textOf)).toEqual(["a", "2 more"]);
    expect(cutRows(rows, 3, String).map(textOf)).toEqual(["a", "b", "c"]);
    expect(cutRows(rows, 0, String)).toEqual([]);
  });
});

describe("parts", () => {
  test("a panel has exactly its size", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.array(row, { maxLength: 8 }),
        fc.integer({ min: 1, max: 90 }),
        surface,
        (title, rows, columns, where) => {
          const made = panel({ title, rows, width: columns, height: 6 }, { ...where, reader: false });
          for (const each of made) expect(widthOf(each)).toBe(columns);
          expect(made.length).toBe(columns < 8 ? Math.min(6, rows.length) : 6);
        },
      ),
    );
  });

  test("the keys' line fits on a usual terminal and keeps the help at its end", () => {
    const hint = fc.record({ key: anyText, does: anyText });
    fc.assert(
      fc.property(
        fc.array(hint, { maxLength: 8 }),
        fc.integer({ min: 20, max: 240 }),
        surface,
        (hints, columns, where) => {
          const made = hintLine(hints, { key: "?", does: "help" }, columns, where);
          expect(widthOf(made)).toBeLessThanOrEqual(columns);
          expect(textOf(made).endsWith("? help")).toBe(true);
        },
      ),
    );
  });

  test("a bar has exactly its width", () => {
    fc.assert(
      fc.property(fc.double(), fc.integer({ min: 21, max: 200 }), (part, columns) => {
        expect(widthOf(progressBar(part, "612 of 1104", columns, SIMPLE))).toBe(columns);
      }),
    );
    expect(widthOf(progressBar(Number.NaN, "612 of 1104", 40, SIMPLE))).toBe(40);
    expect(textOf(progressBar(null, "unknown", 19, SIMPLE))).toBe("..........  unknown");
    expect(textOf(progressBar(0.5, "half", 10, SIMPLE))).toBe("half");
  });

  test("list rows have exactly their width; what is above and below is marked", () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.nat(50),
        fc.nat(50),
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        anyText,
        surface,
        (length, selected, top, columns, height, text, where) => {
          const scroll = clampScroll({ selected, top }, length, height);
          const made = listRows(
            { row: () => line(clean(text, where.letters)), length, scroll, width: columns, height, focused: true },
            where,
          );
          expect(made.length).toBe(Math.min(length, height));
          for (const each of made) expect(widthOf(each)).toBe(columns);
          const last = made.at(-1);
          if (last !== undefined && height > 1) {
            expect(textOf(last).endsWith(where.glyphs.down)).toBe(scroll.top + height < length);
          }
        },
      ),
    );
  });
});

describe("a table", () => {
  const cells = fc.array(fc.array(anyText, { minLength: 4, maxLength: 4 }), { maxLength: 12 });
  const COLUMNS = [
    { title: "DISK" },
    { title: "SIZE", align: "right" as const },
    { title: "ON IT NOW", elastic: true as const },
    { title: "SERIAL", from: 60 },
  ];

  test("fills its width exactly, with one place for each column", () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 36, max: 240 }), surface, (rows, columns, where) => {
        const table = layTable(COLUMNS, rows, columns, where);
        expect(table.widths.size).toBe(columns < 60 ? 3 : 4);
        for (const each of [tableHead(table, where), ...rows.map((row) => tableRow(table, row, where))]) {
          expect(widthOf(each)).toBe(columns);
        }
      }),
    );
  });

  test("gives the room to the last elastic column, and takes it from there first", () => {
    const wide = layTable(COLUMNS, [["sda", "1 TiB", "Windows", "S1"]], 80, SIMPLE);
    expect([...wide.widths.values()]).toEqual([4, 5, 59, 6]);
    const narrow = layTable(COLUMNS, [["x".repeat(30), "1 TiB", "y".repeat(30), "S1"]], 50, SIMPLE);
    expect([...narrow.widths.values()]).toEqual([30, 5, 11]);
  });
});

describe("scrolling", () => {
  test("the selection is in the list and in view, whatever keys come", () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.integer({ min: 1, max: 20 }),
        fc.array(key, { maxLength: 40 }),
        (length, height, keys) => {
          let scroll = START;
          for (const each of keys) {
            scroll = moveScroll(scroll, each, length, height) ?? scroll;
            expect(scroll.selected).toBeGreaterThanOrEqual(0);
            expect(scroll.selected).toBeLessThanOrEqual(Math.max(0, length - 1));
            expect(scroll.selected - scroll.top).toBeGreaterThanOrEqual(0);
            expect(scroll.selected - scroll.top).toBeLessThan(height);
            expect(scroll.top).toBeLessThanOrEqual(Math.max(0, length - height));
          }
        },
      ),
    );
  });

  test("a list that became shorter keeps its last entry selected, without empty rows below", () => {
    expect(clampScroll({ selected: 90, top: 80 }, 10, 4)).toEqual({ selected: 9, top: 6 });
    expect(clampScroll({ selected: 3, top: 3 }, 0, 4)).toEqual({ selected: 0, top: 0 });
  });

  test("what cannot be chosen is passed in both directions", () => {
    const choosable = [true, false, false, true, false];
    const go = (from: number, name: KeyName) => {
      const moved = moveScroll({ selected: from, top: 0 }, { name, text: "" }, choosable.length, 5);
      return nearestChoosable(moved ?? START, choosable, 5, from).selected;
    };
    expect(go(0, "down")).toBe(3);
    expect(go(3, "up")).toBe(0);
    expect(go(3, "down")).toBe(3);
    expect(go(0, "up")).toBe(0);
    expect(go(0, "end")).toBe(3);
    expect(nearestChoosable(START, [false, true], 5).selected).toBe(1);
    expect(nearestChoosable(START, [false, false], 5)).toEqual(START);
  });
});

describe("a field", () => {
  const typed = (keys: readonly Key[]) =>
    keys.reduce<TextInput>((input, each) => typeKey(input, each) ?? input, textInput());

  test("the cursor stays in the text, and the row has exactly its width with one cursor", () => {
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        surface,
        (keys, columns, secret, where) => {
          const input = typed(keys);
          expect(input.cursor).toBeGreaterThanOrEqual(0);
          expect(input.cursor).toBeLessThanOrEqual([...input.text].length);
          const made = inputLine(input, { width: columns, focused: true, secret }, where);
          expect(widthOf(made)).toBe(columns);
          const cursors = made.filter(({ tone }) => tone === "cursor");
          expect(cursors).toHaveLength(1);
          expect(columnsOf(cursors[0]?.text ?? "")).toBeGreaterThan(0);
          expect(widthOf(inputLine(input, { width: columns, focused: false, secret }, where))).toBe(columns);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("letters arrive in order, wherever they are typed", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, second) => {
        const keys = (text: string): Key[] => [...text].map((each) => ({ name: "text", text: each }));
        expect(typed([...keys(first), { name: "home", text: "" }, ...keys(second)]).text).toBe(second + first);
      }),
    );
  });

  test("a secret is not shown, not even by its width in letters", () => {
    const made = inputLine(textInput("漢pass"), { width: 20, focused: true, secret: true }, SIMPLE);
    expect(textOf(made).trimEnd()).toBe("*****");
  });

  test("words go with Ctrl-W, all of it with Ctrl-U", () => {
    expect(typeKey(textInput("one two  "), { name: "ctrl", text: "w" })).toEqual({ text: "one ", cursor: 4 });
    expect(typeKey({ text: "one two", cursor: 3 }, { name: "ctrl", text: "w" })).toEqual({ text: " two", cursor: 0 });
    expect(typeKey(textInput("one two"), { name: "ctrl", text: "u" })).toEqual({ text: "", cursor: 0 });
    expect(typeKey(textInput("x"), { name: "up", text: "" })).toBeNull();
  });
});
