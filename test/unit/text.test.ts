// Text from anywhere, made harmless and measured: nothing that is shown is wider than it was measured.
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { clean, type Letters } from "../../tui/text/clean.ts";
import { columnsOf, cut, cutFront, NARROW, padTo, wrap } from "../../tui/text/width.ts";
import { anyText } from "../screens/hostile.ts";

const LETTERS: readonly Letters[] = ["unicode", "latin", "ascii"];
const letters = fc.constantFrom(...LETTERS);
const width = fc.integer({ min: 0, max: 60 });
const harmless = fc.tuple(anyText, letters).map(([text, set]) => clean(text, set));
const MARKS = ["~", "…", "...", ""];

describe("clean", () => {
  test.each([
    ["an escape code", "\u001b[2Jdisk", "?[2Jdisk"],
    ["C1 controls", "a\u009b31mb", "a?31mb"],
    ["a line end", "one\r\ntwo\u2028three", "one??two?three"],
    ["text turned around", "gpj.\u202eexe", "gpj.?exe"],
    ["half of a pair", "a\ud83d", "a?"],
    ["an emoji, whose width is anyone's guess", "👩‍👩‍👧 🇩🇪 x", "????? ?? x"],
    ["stacked marks", "Z\u0335\u0321a\u0363lgo", "Zalgo"],
    ["a no-break space", "1\u00a0GiB", "1 GiB"],
    ["decomposed letters", "e\u0301", "é"],
  ])("%s", (_, text, expected) => {
    expect(clean(text, "unicode")).toBe(expected);
  });

  test("a terminal with fewer letters gets the nearest ones", () => {
    expect(clean("Zażółć gęślą jaźń, Größe – 漢字…", "ascii")).toBe("Zazolc gesla jazn, Grosse - ????...");
    expect(clean("Zażółć gęślą jaźń, Größe – 漢字…", "latin")).toBe("Zażółć gęślą jaźń, Größe – ????…");
    expect(clean("┌─┐│█░", "ascii")).toBe("+-+|#.");
  });

  test("ten thousand letters become a thousand", () => {
    expect(clean("x".repeat(10_000), "unicode")).toHaveLength(1000);
    expect(clean(`${"x".repeat(999)}😀`, "unicode")).toBe(`${"x".repeat(999)}?`);
  });

  test("what is clean has no control character, stays as it is, and each letter is as wide alone as together", () => {
    fc.assert(
      fc.property(anyText, letters, (text, set) => {
        const result = clean(text, set);
        expect(result).not.toMatch(/[\p{C}\p{M}\p{Zl}\p{Zp}]/u);
        expect(clean(result.slice(0, 900), set).slice(0, 890)).toBe(result.slice(0, 890));
        const alone = [...result].reduce((sum, letter) => sum + columnsOf(letter), 0);
        expect(columnsOf(result)).toBe(alone);
        if (set === "ascii") expect(result).toMatch(/^[ -~]*$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe("width", () => {
  test("what is measured by its number of letters is one column each, harmless, and joins with nothing", () => {
    const letters = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).filter((each) =>
      NARROW.test(each),
    );
    expect(letters.length).toBeGreaterThan(1000);
    for (const each of letters) {
      expect(stringWidth(each), each).toBe(1);
      if (each !== " ") expect(each).not.toMatch(/[\p{C}\p{M}\p{Z}\p{Emoji_Presentation}]/u);
      expect(each.normalize("NFC")).toBe(each);
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...letters), { maxLength: 30 }), (some) => {
        expect(stringWidth(some.join(""))).toBe(some.length);
      }),
    );
  });

  test("a cut text fits, and says that it was cut", () => {
    fc.assert(
      fc.property(harmless, width, fc.constantFrom(...MARKS), (text, columns, mark) => {
        for (const short of [cut(text, columns, mark), cutFront(text, columns, mark)]) {
          expect(columnsOf(short)).toBeLessThanOrEqual(columns);
          if (columnsOf(text) <= columns) expect(short).toBe(columns === 0 ? "" : text);
        }
        if (columnsOf(text) > columns && columns >= columnsOf(mark)) {
          expect(cut(text, columns, mark).endsWith(mark)).toBe(true);
          expect(columns === 0 || cutFront(text, columns, mark).startsWith(mark)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a padded text has exactly the width", () => {
    fc.assert(
      fc.property(harmless, width, fc.constantFrom("left" as const, "right" as const), (text, columns, align) => {
        expect(columnsOf(padTo(text, columns, "~", align))).toBe(columns);
      }),
    );
  });

  test("wrapped lines fit, and nothing but spaces is lost", () => {
    fc.assert(
      fc.property(harmless, fc.integer({ min: 2, max: 60 }), (text, columns) => {
        const lines = wrap(text, columns);
        for (const each of lines) expect(columnsOf(each)).toBeLessThanOrEqual(columns);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
      { numRuns: 500 },
    );
  });

  test("a wide letter in one column becomes a mark, and the rest goes on", () => {
    expect(wrap("a漢𠀀b", 1)).toEqual(["a", "?", "?", "b"]);
    expect(wrap("", 5)).toEqual([""]);
    expect(wrap("x", 0)).toEqual([]);
  });
});
