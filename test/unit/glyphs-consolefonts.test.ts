// The glyph tables: one column each, the VT's in Debian's console fonts, the rich one in our own font.
import { readdirSync } from "node:fs";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { FONT_CHARACTERS } from "../../tui/console-font/glyph-list.ts";
import { glyphIndex } from "../../tui/console-font/psf.ts";
import { GLYPHS, type Glyphs } from "../../tui/theme/glyphs.ts";
import { CONSOLE_FONTS, debianFont } from "../pictures/font.ts";

/**
 * console-setup(5) names a font CODESET-FACESIZE and takes any of these for UTF-8, by the locale. All are held to, the
 * Cyrillic, Greek, Arabic and Hebrew ones too, as those also have to show our English; both sizes of file names count
 * (8x16 is "16", 16x32 is "32x16"). Only these two are not: Ethiopian text of one shape has no room left for lines, and
 * Debian has another font for it that has.
 */
const WITHOUT_LINES = ["Ethiopian-Goha16.psf.gz", "Ethiopian-GohaClassic16.psf.gz"];

const FILES = readdirSync(CONSOLE_FONTS).filter((file) => file.endsWith("16.psf.gz"));
const HELD_TO = FILES.filter((file) => !WITHOUT_LINES.includes(file));

const entries = (glyphs: Glyphs): [string, string][] =>
  Object.entries(glyphs).flatMap(([name, value]: [string, string | readonly string[]]) =>
    typeof value === "string" ? [[name, value]] : value.map((part, at): [string, string] => [`${name} ${at}`, part]),
  );
const beyondAscii = (glyphs: Glyphs) =>
  [...new Set(entries(glyphs).map(([, glyph]) => glyph))].filter((glyph) => !/^[ -~]$/.test(glyph));

describe.each(Object.entries(GLYPHS))("%s", (_, glyphs) => {
  test("every entry is one character, one column wide", () => {
    const wrong = entries(glyphs).filter(([, glyph]) => stringWidth(glyph) !== 1 || [...glyph].length !== 1);
    expect(wrong).toEqual([]);
  });

  test("states that stand beside each other can be told apart without colour", () => {
    const pairs = [
      ["radioOn", "radioOff"],
      ["boxOn", "boxOff"],
      ["on", "off"],
      ["good", "bad"],
      ["good", "warning"],
      ["bad", "warning"],
      ["done", "bad"],
      ["barFull", "barEmpty"],
      ["open", "closed"],
      ["scrollThumb", "scrollTrack"],
    ] as const;
    expect(pairs.filter(([one, other]) => glyphs[one] === glyphs[other])).toEqual([]);
  });
});

test("ascii is ASCII", () => {
  expect(beyondAscii(GLYPHS.ascii)).toEqual([]);
});

test("the console's fonts are here, of all code sets and faces", () => {
  expect(HELD_TO.length).toBeGreaterThan(100);
  for (const family of ["Lat15", "Lat2", "Lat38", "Lat7", "Uni1", "Uni2", "Uni3", "Vietnamese", "CyrAsia", "Arabic"])
    expect(HELD_TO).toContain(`${family}-Fixed16.psf.gz`);
});

test.each(HELD_TO)("%s has every glyph of the VT table", (file) => {
  const index = glyphIndex(debianFont(file));
  expect(beyondAscii(GLYPHS.vt).filter((glyph) => !index.has(glyph))).toEqual([]);
});

test.each(WITHOUT_LINES)("%s, which is left out, has indeed no lines", (file) => {
  const index = glyphIndex(debianFont(file));
  expect(["─", "│", "┌", "█"].filter((glyph) => index.has(glyph))).toEqual([]);
});

test("our console font has every glyph of the rich table and of the VT's", () => {
  const wanted = [...beyondAscii(GLYPHS.utf8), ...beyondAscii(GLYPHS.vt)];
  expect(wanted.filter((glyph) => !FONT_CHARACTERS.has(glyph))).toEqual([]);
});
