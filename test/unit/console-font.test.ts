// Our console font: nothing missing, lines that meet, blocks without seams, and slots where the console looks.
import { describe, expect, test } from "vitest";
import { CELL_HEIGHT, CELL_WIDTH, type Cell, isSet } from "../../tui/console-font/canvas.ts";
import { ALIASES, BLOCKS, FONT_CHARACTERS, LETTERS, LINES, MARKS } from "../../tui/console-font/glyph-list.ts";
import { LETTER_FONTS, makeFont } from "../../tui/console-font/make-font.ts";
import { type Font, FontError, glyphIndex, readFont, writePsf2 } from "../../tui/console-font/psf.ts";
import { debianFont, ourFont } from "../pictures/font.ts";

const [uni2, uni1] = LETTER_FONTS.map(debianFont) as [Font, Font];
const font = ourFont();
const index = glyphIndex(font);
const cellOf = (char: string): Cell => font.glyphs[index.get(char) ?? -1]?.bits ?? new Uint8Array();
const without = (from: Font, chars: string): Font => ({
  ...from,
  glyphs: from.glyphs.map((glyph) => ({ ...glyph, chars: glyph.chars.filter((char) => !chars.includes(char)) })),
});

describe("what cannot be made", () => {
  test("a letter that no font has is named, and so is every other", () => {
    const make = () => makeFont([without(uni2, "ąŁ"), without(uni1, "ąŁ")]);
    expect(make).toThrow(FontError);
    expect(make).toThrow("no picture for ą (U+0105), Ł (U+0141)");
    expect(() => makeFont([])).toThrow(/U\+0041/);
  });

  test("letters of another size", () => {
    expect(() => makeFont([{ ...uni2, height: 14, glyphs: [] }])).toThrow("letters must be 8x16, not 8x14");
  });

  test("a letter that the first font has not comes from the second", () => {
    expect(glyphIndex(uni2).has("ŋ")).toBe(false);
    expect(cellOf("ŋ")).toEqual(uni1.glyphs[glyphIndex(uni1).get("ŋ") ?? -1]?.bits);
  });
});

test("512 glyphs of 8 by 16 with every character of the list, the same when read back from its file", () => {
  expect([font.glyphs.length, font.width, font.height]).toEqual([512, 8, 16]);
  expect([...FONT_CHARACTERS].filter((char) => !index.has(char))).toEqual([]);
  expect([...index.keys()].filter((char) => !FONT_CHARACTERS.has(char))).toEqual([]);
  expect(readFont(writePsf2(font))).toEqual(font);
  expect(writePsf2(ourFont())).toEqual(writePsf2(font));
});

test("the list names no character twice", () => {
  const all = [...LETTERS, ...LINES, ...BLOCKS, ...MARKS, ...Object.values(ALIASES).flat()];
  expect(all.filter((char, at) => all.indexOf(char) !== at)).toEqual([]);
});

test("ASCII stands at its own codes: the kernel clears the screen with slot 32", () => {
  for (let code = 0x20; code < 0x7f; code++) expect(index.get(String.fromCharCode(code))).toBe(code);
  expect(cellOf(" ")).toEqual(new Uint8Array(16));
});

test("letters of English, German and Polish are there, and no two look the same", () => {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", ..."ÄÖÜäöüßĄĆĘŁŃÓŚŹŻąćęłńóśźż"];
  const pictures = letters.map((char) => Buffer.from(cellOf(char)).toString("hex"));
  expect(new Set(pictures).size).toBe(letters.length);
});

test("no drawn picture is blank, and none is another's", () => {
  const drawn = [...LINES, ...BLOCKS, ...MARKS];
  const seen = new Map<string, string>();
  for (const char of drawn) {
    const picture = Buffer.from(cellOf(char)).toString("hex");
    expect(picture, char).toMatch(/[^0]/);
    expect(seen.get(picture), char).toBeUndefined();
    seen.set(picture, char);
  }
});

/** Which pixels of a side are on; `right` of one cell must be `left` of the next. */
function side(char: string, which: "up" | "right" | "down" | "left"): string {
  const length = which === "up" || which === "down" ? CELL_WIDTH : CELL_HEIGHT;
  const at = { up: [0, 0], left: [0, 0], right: [CELL_WIDTH - 1, 0], down: [0, CELL_HEIGHT - 1] }[which];
  const [x = 0, y = 0] = at;
  const along = which === "up" || which === "down";
  return Array.from({ length }, (_, step) =>
    Number(isSet(cellOf(char), along ? x + step : x, along ? y : y + step)),
  ).join("");
}

/** Character → weights of its arms up, right, down, left, by the names that Unicode gives them. */
const ARMS = Object.entries({
  ...{ "─": ".l.l", "│": "l.l.", "┌": ".ll.", "┐": "..ll", "└": "ll..", "┘": "l..l", "├": "lll.", "┤": "l.ll" },
  ...{ "┬": ".lll", "┴": "ll.l", "┼": "llll", "━": ".h.h", "┃": "h.h.", "┏": ".hh.", "┓": "..hh", "┗": "hh.." },
  ...{ "┛": "h..h", "┣": "hhh.", "┫": "h.hh", "┳": ".hhh", "┻": "hh.h", "╋": "hhhh", "═": ".d.d", "║": "d.d." },
  ...{ "╔": ".dd.", "╗": "..dd", "╚": "dd..", "╝": "d..d", "╠": "ddd.", "╣": "d.dd", "╦": ".ddd", "╩": "dd.d" },
  ...{ "╬": "dddd", "╒": ".dl.", "╓": ".ld.", "╕": "..ld", "╖": "..dl", "╘": "ld..", "╙": "dl..", "╛": "l..d" },
  ...{ "╜": "d..l", "╞": "ldl.", "╟": "dld.", "╡": "l.ld", "╢": "d.dl", "╤": ".dld", "╥": ".ldl", "╧": "ld.d" },
  ...{ "╨": "dl.l", "╪": "ldld", "╫": "dldl", "╭": ".ll.", "╮": "..ll", "╯": "l..l", "╰": "ll.." },
});

test.each(ARMS)("%s meets its neighbours pixel by pixel (%s)", (char, arms) => {
  const across: Record<string, string> = {
    ".": "0000000000000000",
    l: "0000000100000000",
    h: "0000001100000000",
    d: "0000001010000000",
  };
  const along: Record<string, string> = { ".": "00000000", l: "00001000", h: "00011000", d: "00010100" };
  const [up = "", right = "", down = "", left = ""] = arms;
  expect({
    up: side(char, "up"),
    right: side(char, "right"),
    down: side(char, "down"),
    left: side(char, "left"),
  }).toEqual({ up: along[up], right: across[right], down: along[down], left: across[left] });
});

/** Rows 5 to 9 of columns 2 to 6: where the arms meet. */
const JOINTS: Record<string, string> = {
  "┌": "..... ..... ..### ..#.. ..#..",
  "┘": "..#.. ..#.. ###.. ..... .....",
  "┏": "..... .#### .#### .##.. .##..",
  "┛": ".##.. ###.. ###.. ..... .....",
  "╋": ".##.. ##### ##### .##.. .##..",
  "╔": "..... .#### .#... .#.## .#.#.",
  "╝": ".#.#. ##.#. ...#. ####. .....",
  "╠": ".#.#. .#.## .#... .#.## .#.#.",
  "╦": "..... ##### ..... ##.## .#.#.",
  "╬": ".#.#. ##.## ..... ##.## .#.#.",
  "╒": "..... ..### ..#.. ..### ..#..",
  "╖": "..... ..... ####. .#.#. .#.#.",
  "╙": ".#.#. .#.#. .#### ..... .....",
  "╞": "..#.. ..### ..#.. ..### ..#..",
  "╢": ".#.#. .#.#. ##.#. .#.#. .#.#.",
  "╤": "..... ##### ..... ##### ..#..",
  "╧": "..#.. ##### ..... ##### .....",
  "╥": "..... ..... ##### .#.#. .#.#.",
  "╪": "..#.. ##### ..#.. ##### ..#..",
  "╫": ".#.#. .#.#. ##### .#.#. .#.#.",
  "╭": "..... ..... ....# ...#. ..#..",
  "╯": "..#.. .#... #.... ..... .....",
};

test.each(Object.entries(JOINTS))("%s: its arms meet, and none runs into another", (char, picture) => {
  const rows = [5, 6, 7, 8, 9].map((y) => [2, 3, 4, 5, 6].map((x) => (isSet(cellOf(char), x, y) ? "#" : ".")).join(""));
  expect(rows.join(" ")).toBe(picture);
});

test("every line is of one piece: from any pixel, all others can be reached (a double line has two strokes)", () => {
  const loose = new Set("╌╍┄┅┈┉╎╏┆┇┊┋═║╔╗╚╝╠╣╦╩╬╞╡╥╨╓╒╕╖╘╙╛╜╟╢╤╧╫╪");
  for (const char of LINES.filter((line) => !loose.has(line))) expect(pieces(cellOf(char)), char).toBe(1);
  for (const [char, count] of Object.entries({
    "═": 2,
    "║": 2,
    "╔": 2,
    "╠": 3,
    "╬": 4,
    "╪": 1,
    "╞": 1,
    "╤": 2,
    "╟": 2,
  }))
    expect(pieces(cellOf(char)), char).toBe(count);
});

function pieces(cell: Cell): number {
  const left = new Set<number>();
  for (let at = 0; at < CELL_WIDTH * CELL_HEIGHT; at++) if (isSet(cell, at % 8, at >> 3)) left.add(at);
  let count = 0;
  for (const start of left) {
    count++;
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (!left.delete(at)) continue;
      for (const dy of [-1, 0, 1])
        for (const dx of [-1, 0, 1]) {
          const x = (at % 8) + dx;
          if (x >= 0 && x < 8) open.push(at + dx + dy * 8);
        }
    }
  }
  return count;
}

test("halves make a whole, eighths grow, and shades are a quarter, a half and three quarters", () => {
  const count = (char: string) =>
    [...cellOf(char)].reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  const or = (one: string, other: string) => cellOf(one).map((byte, row) => byte | (cellOf(other)[row] ?? 0));
  for (const [one, other] of ["▀▄", "▌▐", "▚▞", "▘▟", "▝▙", "▖▜", "▗▛"].map((pair) => [...pair]) as [
    string,
    string,
  ][]) {
    expect(or(one, other), one + other).toEqual(cellOf("█"));
    expect(count(one) + count(other), one + other).toBe(128);
  }
  expect([..."▁▂▃▄▅▆▇█"].map(count)).toEqual([16, 32, 48, 64, 80, 96, 112, 128]);
  expect([..."▏▎▍▌▋▊▉█"].map(count)).toEqual([16, 32, 48, 64, 80, 96, 112, 128]);
  expect([..."░▒▓"].map(count)).toEqual([32, 64, 96]);
});

test("what runs to the right edge is where VGA repeats the last column, and nothing else that it would blur is", () => {
  const widened = (slot: number) => (slot & 0xff) >= 0xc0 && (slot & 0xff) <= 0xdf;
  const joining = [...LINES, ...BLOCKS].filter((char) => side(char, "right").includes("1"));
  expect(joining).toContain("─");
  expect(joining.filter((char) => !widened(index.get(char) ?? 0))).toEqual([]);
  const letters = LETTERS.filter((char) => widened(index.get(char) ?? 0));
  const blurred = letters.filter((char) => side(char, "right").includes("1"));
  expect(blurred).toEqual([]);
});
