// Console font files: damaged ones are refused with the place, and what is written reads back the same.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Font, FontError, glyphIndex, readFont, writePsf2 } from "../../tui/console-font/psf.ts";
import { CONSOLE_FONTS } from "../pictures/font.ts";

/** A PSF1 file of 256 glyphs that are 1 pixel high, with a Unicode table of these 16-bit units. */
function psf1(units: readonly number[], mode = 2): Uint8Array {
  const table = Uint16Array.from(units);
  const glyphs = Uint8Array.from({ length: mode & 1 ? 512 : 256 }, (_, index) => index);
  return Buffer.concat([Uint8Array.from([0x36, 0x04, mode, 1]), glyphs, new Uint8Array(table.buffer)]);
}

const smallFont: Font = {
  width: 9,
  height: 2,
  glyphs: [
    { bits: Uint8Array.from([0xff, 0x80, 0x01, 0x00]), chars: ["A", "Α", "e\u0301"] },
    { bits: Uint8Array.from([0, 0, 0, 0]), chars: [] },
  ],
};

const change = (file: Uint8Array, at: number, value: number) => {
  const changed = Uint8Array.from(file);
  new DataView(changed.buffer).setUint32(at, value, true);
  return changed;
};

describe("files that are refused", () => {
  const good = writePsf2(smallFont);
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /no PSF font/],
    ["text", Buffer.from("#!/bin/sh\n"), /no PSF font/],
    ["a gzip stream cut short", gzipSync(good).subarray(0, 20), /gzip stream/],
    ["a gzip stream of far too much", gzipSync(new Uint8Array(64 << 20)), /gzip stream/],
    ["half a header", good.subarray(0, 20), /inside its header/],
    ["a later version", change(good, 4, 1), /version 1/],
    ["a header shorter than it is", change(good, 8, 4), /header says/],
    ["a header longer than the file", change(good, 8, 0xffff_fff0), /ends inside glyph 0 of 2/],
    ["no glyph", change(good, 16, 0), /no console font/],
    ["four thousand million glyphs", change(good, 16, 0xffff_ffff), /no console font/],
    ["glyphs whose bytes do not fit their size", change(good, 20, 3), /take 4 bytes, not 3/],
    ["glyphs without height", change(good, 24, 0), /no console font/],
    ["glyphs of monstrous width", change(good, 28, 0x7fff_ffff), /no console font/],
    ["PSF1 without height", Uint8Array.from([0x36, 0x04, 0, 0]), /no console font/],
    ["PSF1 whose table ends early", psf1([0x41, 0xffff]), /Unicode table, at glyph 1/],
    ["PSF1 with half a surrogate pair", psf1([0xd800]), /half a character.*glyph 0/],
  ])("%s", (_, file, message) => {
    expect(() => readFont(file)).toThrow(FontError);
    expect(() => readFont(file)).toThrow(message);
  });

  test("a font cut off anywhere", () => {
    for (let length = 0; length < good.length; length++)
      expect(() => readFont(good.subarray(0, length)), `${length} bytes`).toThrow(FontError);
  });

  test("a table that is not UTF-8", () => {
    const at = good.indexOf(0x41, 40);
    expect(() => readFont(Uint8Array.from([...good.slice(0, at), 0xc3, ...good.slice(at + 1)]))).toThrow(/UTF-8/);
  });

  test("any bytes at all: a font or a FontError, nothing else", () => {
    const begin = fc.constantFrom([], [0x36, 0x04], [...good.slice(0, 4)], [...good.slice(0, 32)], [0x1f, 0x8b]);
    fc.assert(
      fc.property(begin, fc.uint8Array({ maxLength: 600 }), (start, rest) => {
        try {
          readFont(Uint8Array.from([...start, ...rest]));
        } catch (error) {
          expect(error).toBeInstanceOf(FontError);
        }
      }),
    );
  });
});

describe("fonts that are not written", () => {
  const glyph = (chars: string[], bytes = 4) => ({ bits: new Uint8Array(bytes), chars });
  test.each<[string, Font]>([
    ["no glyphs", { ...smallFont, glyphs: [] }],
    ["a glyph of another size", { ...smallFont, glyphs: [glyph(["A"], 5)] }],
    ["a glyph for an empty text", { ...smallFont, glyphs: [glyph([""])] }],
    ["a glyph for half a character", { ...smallFont, glyphs: [glyph(["\ud800"])] }],
    ["no width", { ...smallFont, width: 0 }],
  ])("%s", (_, font) => {
    expect(() => writePsf2(font)).toThrow(FontError);
  });
});

test("PSF1: characters, then sequences, glyph by glyph", () => {
  const rest = Array.from({ length: 255 }, () => 0xffff);
  const font = readFont(psf1([0x41, 0x391, 0xfffe, 0x41, 0x301, 0xfffe, 0x42, 0x301, 0xffff, ...rest]));
  expect(font.glyphs[0]?.chars).toEqual(["A", "Α", "A\u0301", "B\u0301"]);
  expect(font.glyphs[0]?.bits).toEqual(Uint8Array.from([0]));
  expect(font.glyphs).toHaveLength(256);
  expect(readFont(psf1([], 1)).glyphs).toHaveLength(512);
});

test("what is written reads back the same, gzipped or not", () => {
  const single = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
  const sequence = fc.string({ unit: "binary", minLength: 2, maxLength: 4 });
  const chars = fc.tuple(fc.array(single, { maxLength: 4 }), fc.array(sequence, { maxLength: 2 }));
  const fonts = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })).chain(([width, height]) => {
    const size = height * Math.ceil(width / 8);
    const bits = fc.uint8Array({ minLength: size, maxLength: size });
    const glyph = fc.record({ bits, chars: chars.map((both) => both.flat()) });
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      glyphs: fc.array(glyph, { minLength: 1, maxLength: 6 }),
    });
  });
  fc.assert(
    fc.property(fonts, fc.boolean(), (font, zipped) => {
      const file = writePsf2(font);
      expect(readFont(zipped ? gzipSync(file) : file)).toEqual(font);
    }),
  );
});

test("all of Debian's console fonts can be read, and written again without a loss", () => {
  const files = readdirSync(CONSOLE_FONTS).filter((file) => file.endsWith(".psf.gz"));
  expect(files.length).toBeGreaterThan(300);
  for (const file of files) {
    const font = readFont(readFileSync(join(CONSOLE_FONTS, file)));
    expect(readFont(writePsf2(font)), file).toEqual(font);
    expect(glyphIndex(font).has("A"), file).toBe(true);
  }
});
