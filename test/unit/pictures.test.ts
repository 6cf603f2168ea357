// Pictures of terminals: pixels of known glyphs and colours, and output that tries to break them.

import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { allStates } from "../../screens/demo/states/all-states.ts";
import { glyphIndex } from "../../tui/console-font/psf.ts";
import { type Cells, renderToCells } from "../pictures/cells.ts";
import { contactSheets } from "../pictures/contact-sheet.ts";
import { debianFont, ourFont } from "../pictures/font.ts";
import { toPng } from "../pictures/png.ts";
import { blankRaster, createPen, type Raster, rasterise } from "../pictures/raster.ts";
import { pictureStates } from "../pictures/states.ts";
import { VT_PALETTE } from "../pictures/vt-colours.ts";

const font = ourFont();
const pen = createPen(font);
const shown = async (write: string, columns = 4, rows = 2) => {
  const cells = await renderToCells({ columns, rows, write });
  return { cells, raster: rasterise({ ...cells, cursor: null }, pen) };
};

/** A cell's pixels as colours: `true` where its foreground is. */
function pixelsAt(raster: Raster, column: number, row: number): number[][] {
  return Array.from({ length: 16 }, (_, y) => {
    const from = (row * 16 + y) * raster.width + column * 8;
    return [...raster.pixels.subarray(from, from + 8)];
  });
}

function expected(char: string, foreground: number, background: number): number[][] {
  const bits = font.glyphs[glyphIndex(font).get(char) ?? -1]?.bits ?? new Uint8Array(16);
  return [...bits].map((byte) => Array.from({ length: 8 }, (_, x) => (byte & (0x80 >> x) ? foreground : background)));
}

describe("hostile output", () => {
  test("letters the font has not, wide ones and what combines: the replacement, and nothing moves", async () => {
    const { raster } = await shown("中a\u{1f4a9}\r\ne\u0301\u200bZ", 8);
    expect(pixelsAt(raster, 0, 0)).toEqual(expected("\uFFFD", 7, 0));
    expect(pixelsAt(raster, 1, 0)).toEqual(expected(" ", 7, 0));
    expect(pixelsAt(raster, 2, 0)).toEqual(expected("a", 7, 0));
    expect(pixelsAt(raster, 3, 0)).toEqual(expected("\uFFFD", 7, 0));
    expect(pixelsAt(raster, 0, 1)).toEqual(expected("e", 7, 0));
    expect(pixelsAt(raster, 1, 1)).toEqual(expected("Z", 7, 0));
  });

  test("any output gives a picture of the terminal's size", async () => {
    const escapes = fc.constantFrom(
      "\x1b[",
      "\x1b]0;",
      "\x1b[?25",
      "38;5;",
      "48;2;",
      "\x9b",
      "m",
      "H",
      "J",
      "\r",
      "中",
    );
    const output = fc.array(fc.oneof(escapes, fc.string({ unit: "binary", maxLength: 5 }), fc.nat(300).map(String)));
    await fc.assert(
      fc.asyncProperty(output, async (parts) => {
        const cells = await renderToCells({ columns: 12, rows: 3, write: parts.join("") });
        const raster = rasterise(cells, pen);
        expect([raster.width, raster.height, raster.pixels.length]).toEqual([96, 48, 96 * 48]);
        expect(Math.max(...raster.pixels)).toBeLessThan(16);
      }),
      { numRuns: 60 },
    );
  });

  test("a caption that is too long or has control characters stays on its line", async () => {
    const cells = await renderToCells({ columns: 10, rows: 1, write: "" });
    const raster = rasterise(cells, pen, { caption: `\x1b[2J${"long ".repeat(2000)}` });
    expect([raster.width, raster.height]).toEqual([80, 16 + 22]);
    const strip: Raster = { ...raster, height: 16, pixels: raster.pixels.subarray(raster.width * (16 + 3)) };
    expect(pixelsAt(strip, 1, 0)).toEqual(expected("\uFFFD", 0, 7));
    expect(pixelsAt(strip, 9, 0)).toEqual(expected("…", 0, 7));
  });
});

describe("cells", () => {
  test("each glyph is the font's, at its place", async () => {
    const { raster } = await shown("Aß╬█");
    for (const [column, char] of [..."Aß╬█"].entries())
      expect(pixelsAt(raster, column, 0)).toEqual(expected(char, 7, 0));
    expect(pixelsAt(raster, 0, 1)).toEqual(expected(" ", 7, 0));
  });

  test("a line feed returns the carriage, and what scrolled away is not in the picture", async () => {
    const { cells } = await shown("one\ntwo\nsix", 4, 2);
    expect(cells.cells.map((row) => row.map(({ text }) => text).join(""))).toEqual(["two", "six"]);
  });

  test.each<[string, string, number, number]>([
    ["plain", "", 7, 0],
    ["red on green", "31;42", 1, 2],
    ["bold is bright", "1;34", 12, 0],
    ["bright colours", "95", 13, 0],
    ["bright backgrounds are not to be had", "104", 7, 4],
    ["inverse", "7", 0, 7],
    ["inverse and bold: only the front is bright", "7;1", 8, 7],
    ["inverse and dim: the ground gets the hue alone, which is black", "7;2", 8, 0],
    ["inverse colours", "7;33;44", 4, 3],
    ["underline is cyan", "4", 6, 0],
    ["dim is dark grey", "2", 8, 0],
    ["hidden", "8;41", 1, 1],
    ["256 colours: orange becomes bright red", "38;5;208", 9, 0],
    ["256 colours: dark grey", "38;5;236", 8, 0],
    ["256 colours: dark blue ground", "48;5;18", 7, 0],
    ["direct colour", "38;2;0;160;0;48;2;200;10;10", 2, 1],
  ])("%s", async (_, style, foreground, background) => {
    const { raster } = await shown(`\x1b[${style}mX`);
    expect(pixelsAt(raster, 0, 0)).toEqual(expected("X", foreground, background));
  });

  test("the cursor is an underline in its cell's colour, unless it is hidden", async () => {
    const at = async (write: string) => {
      const cells: Cells = await renderToCells({ columns: 4, rows: 2, write });
      return pixelsAt(rasterise(cells, pen), 1, 0).map((row) => row.every((pixel) => pixel === 7));
    };
    expect(await at("a\x1b[?25h")).toEqual([...Array.from({ length: 14 }, () => false), true, true]);
    expect(await at("a\x1b[?25l")).toEqual(Array.from({ length: 16 }, () => false));
    expect((await at("a\x1b[?25l\x1b[?25h")).at(-1)).toBe(true);
    expect((await renderToCells({ columns: 4, rows: 2, write: "abcd" })).cursor).toEqual({ x: 3, y: 0 });
  });

  test("in one of Debian's fonts, too", async () => {
    const cells = await renderToCells({ columns: 3, rows: 1, write: "a─✓" });
    const raster = rasterise(cells, createPen(debianFont("Lat15-Fixed16.psf.gz")));
    expect([raster.width, raster.height]).toEqual([24, 16]);
    expect(raster.pixels.some((pixel) => pixel === 7)).toBe(true);
  });
});

describe("PNG", () => {
  test("four bits a pixel, read back as drawn, and a few kB for a whole terminal", async () => {
    const text = "The quick brown fox jumps over the lazy dog. \x1b[32mZażółć gęślą jaźń\x1b[0m ".repeat(20);
    const raster = rasterise(await renderToCells({ columns: 81, rows: 24, write: text }), pen);
    const file = toPng(raster);
    expect(file.length).toBeLessThan(10_000);
    const png = decode(file);
    expect([png.width, png.height, png.depth]).toEqual([648, 384, 4]);
    expect(png.palette).toEqual(VT_PALETTE.map((colour) => [...colour]));
    const back = [...png.data].flatMap((byte) => [byte >> 4, byte & 15]);
    expect(Uint8Array.from(back)).toEqual(raster.pixels);
  });

  test("a width that does not fill its last byte", () => {
    const raster = { width: 3, height: 2, palette: VT_PALETTE, pixels: Uint8Array.from([1, 2, 3, 4, 5, 6]) };
    expect([...decode(toPng(raster)).data]).toEqual([0x12, 0x30, 0x45, 0x60]);
  });
});

describe("contact sheets", () => {
  const titled = (width: number, height: number, title: string) => ({
    title,
    picture: blankRaster(width, height, VT_PALETTE, 1),
  });

  test("no pictures, no sheet; a size that is no whole number is refused", () => {
    expect(contactSheets([], pen, { shrink: 2 })).toEqual([]);
    for (const shrink of [0, 1.5, -1, Number.NaN])
      expect(() => contactSheets([titled(8, 8, "a")], pen, { shrink })).toThrow(RangeError);
  });

  test("pictures fill rows, rows fill sheets, and no sheet is larger than it may be", () => {
    const pictures = Array.from({ length: 30 }, (_, at) => titled(320, 192, `picture ${at}`));
    const sheets = contactSheets(pictures, pen, { shrink: 2, maxWidth: 700, maxHeight: 500 });
    expect(sheets.map(({ width, height }) => [width, height])).toEqual([
      [700, 396],
      [700, 396],
      [700, 268],
    ]);
    for (const { width, height, pixels } of sheets) expect(pixels.length).toBe(width * height);
  });

  test("one that is too large has a sheet to itself", () => {
    const sheets = contactSheets([titled(80, 80, "a"), titled(900, 900, "b"), titled(80, 80, "c")], pen, {
      ...{ shrink: 1, maxWidth: 400, maxHeight: 400 },
    });
    expect(sheets.map(({ width }) => width)).toEqual([104, 924, 104]);
  });

  test("shrinking averages: a chequered picture becomes grey, a plain one keeps its colour", () => {
    const chequered = blankRaster(64, 64, VT_PALETTE, 0);
    for (let at = 0; at < chequered.pixels.length; at++) if ((at + (at >> 6)) % 2 === 0) chequered.pixels[at] = 15;
    const [sheet] = contactSheets([{ title: "", picture: chequered }, titled(64, 64, "")], pen, { shrink: 2 });
    const colour = (x: number, y: number) => sheet?.palette[sheet.pixels[y * sheet.width + x] ?? 0];
    expect(colour(12 + 16, 12 + 20 + 16)).toEqual([128, 128, 128].map((part) => expect.closeTo(part, -1)));
    expect(colour(12 + 32 + 12 + 16, 12 + 20 + 16)).toEqual([0xaa, 0, 0]);
  });

  test("a title wider than its picture is cut with a mark", () => {
    const [sheet] = contactSheets([titled(32, 32, "much too long a title")], pen, { shrink: 1 });
    expect(sheet?.width).toBe(32 + 24);
  });
});

test("every state has a name for its file, and no two have the same", async () => {
  const names = (await allStates()).map(({ name, state }) => `${name} ${state}`);
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]* [a-z0-9][a-z0-9-]*$/);
  expect(new Set(names).size).toBe(names.length);
});

/** All of them are drawn by test/screens/states.test.tsx; here it is about what goes into a picture. */
test("a state is drawn as text, at each size", async () => {
  const seen: string[] = [];
  for await (const { name, columns, rows, ansi } of pictureStates(new Set(["console-font", "target"]))) {
    seen.push(`${name} ${columns}x${rows}`);
    const { cells } = await renderToCells({ columns, rows, write: ansi });
    expect(cells.flat().some(({ text }) => text.trim() !== "")).toBe(true);
  }
  expect(seen).toEqual(["console-font 80x24", "target 40x12", "target 80x24", "target 160x50"]);
});
