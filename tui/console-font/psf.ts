// Reads console fonts (PSF1 and PSF2, plain or gzipped, with their Unicode tables) and writes PSF2.
import { gunzipSync } from "node:zlib";

/** One picture and the characters that it stands for. */
export interface Glyph {
  /** `height` rows of `ceil(width / 8)` bytes; the leftmost pixel is the highest bit of the first byte. */
  readonly bits: Uint8Array;
  /** Characters, and after them sequences of several code points, that this glyph shows. */
  readonly chars: readonly string[];
}

export interface Font {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly glyphs: readonly Glyph[];
}

/** The file is not a console font that can be used, or a font cannot be written; the message says where and why. */
export class FontError extends Error {
  override readonly name = "FontError";
}

/** Larger than any console font: a small file that inflates beyond it is refused. */
const MAX_BYTES = 4 << 20;
const PSF2_MAGIC = 0x864a_b572;
const PSF2_HEADER = 32;
const PSF2_HAS_TABLE = 1;
const PSF2_SEQUENCE = 0xfe;
const PSF2_END = 0xff;

interface Header {
  width: number;
  height: number;
  count: number;
  /** Where the first glyph begins. */
  start: number;
  table: "none" | "utf-16" | "utf-8";
}

/** Throws FontError. Layout: `psf.h` of kbd; gzip is told by its first two bytes. */
export function readFont(file: Uint8Array): Font {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? inflate(file) : file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height, count, start, table } = readHeader(view);
  const size = height * Math.ceil(width / 8);
  const pictures: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const from = start + index * size;
    if (from + size > bytes.length) throw new FontError(`the file ends inside glyph ${index} of ${count}`);
    // a copy: slicing a Buffer would share its memory
    pictures.push(Uint8Array.from(bytes.subarray(from, from + size)));
  }
  const rest = start + count * size;
  const chars = table === "none" ? [] : table === "utf-16" ? table16(view, rest, count) : table8(bytes, rest, count);
  return { width, height, glyphs: pictures.map((bits, index) => ({ bits, chars: chars[index] ?? [] })) };
}

/** The bytes of a PSF2 file with a Unicode table, not gzipped. Throws FontError for a font that no reader would take. */
export function writePsf2(font: Font): Uint8Array {
  const { width, height, glyphs } = font;
  const size = height * Math.ceil(width / 8);
  checkSizes(width, height, glyphs.length);
  const header = new DataView(new ArrayBuffer(PSF2_HEADER));
  const fields = [PSF2_MAGIC, 0, PSF2_HEADER, PSF2_HAS_TABLE, glyphs.length, size, height, width];
  for (const [index, value] of fields.entries()) header.setUint32(index * 4, value, true);
  const table: number[] = [];
  const encoder = new TextEncoder();
  for (const [index, { bits, chars }] of glyphs.entries()) {
    if (bits.length !== size) throw new FontError(`glyph ${index} has ${bits.length} bytes instead of ${size}`);
    const sequences = chars.filter((char) => [...char].length > 1);
    for (const char of chars) {
      if (char === "" || !char.isWellFormed()) throw new FontError(`glyph ${index} stands for what is no character`);
      if (!sequences.includes(char)) table.push(...encoder.encode(char));
    }
    for (const sequence of sequences) table.push(PSF2_SEQUENCE, ...encoder.encode(sequence));
    table.push(PSF2_END);
  }
  return Buffer.concat([new Uint8Array(header.buffer), ...glyphs.map(({ bits }) => bits), Uint8Array.from(table)]);
}

/** Character (or sequence) → index of its glyph; where two glyphs claim one, the first has it. */
export function glyphIndex(font: Font): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [index, { chars }] of font.glyphs.entries()) {
    for (const char of chars) if (!found.has(char)) found.set(char, index);
  }
  return found;
}

function inflate(file: Uint8Array): Uint8Array {
  try {
    return gunzipSync(file, { maxOutputLength: MAX_BYTES });
  } catch (cause) {
    throw new FontError("the gzip stream is damaged, cut short, or too large for a console font", { cause });
  }
}

function readHeader(view: DataView): Header {
  const length = view.byteLength;
  if (length >= 4 && view.getUint16(0, true) === 0x0436) {
    const mode = view.getUint8(2);
    // 1: 512 glyphs; 2: a table; 4: a table with sequences
    const header = { width: 8, height: view.getUint8(3), count: mode & 1 ? 512 : 256, start: 4 };
    checkSizes(header.width, header.height, header.count);
    return { ...header, table: mode & 6 ? "utf-16" : "none" };
  }
  if (length < 4 || view.getUint32(0, true) !== PSF2_MAGIC) {
    throw new FontError("this is no PSF font: it begins with neither 36 04 nor 72 b5 4a 86");
  }
  if (length < PSF2_HEADER) throw new FontError("the file ends inside its header");
  const field = (index: number) => view.getUint32(index * 4, true);
  const [version, start, flags, count, size, height, width] = [1, 2, 3, 4, 5, 6, 7].map(field) as Seven;
  if (version !== 0) throw new FontError(`version ${version} of PSF2 is not known`);
  if (start < PSF2_HEADER) throw new FontError(`the header says that it is ${start} bytes long; it has ${PSF2_HEADER}`);
  checkSizes(width, height, count);
  const expected = height * Math.ceil(width / 8);
  if (size !== expected) throw new FontError(`glyphs of ${width}x${height} take ${expected} bytes, not ${size}`);
  return { width, height, count, start, table: flags & PSF2_HAS_TABLE ? "utf-8" : "none" };
}

type Seven = [number, number, number, number, number, number, number];

function checkSizes(width: number, height: number, count: number): void {
  // 64x128 is the most that the kernel takes (drivers/tty/vt/vt.c: con_font_set); files may hold more than its 512 glyphs
  const fits = width >= 1 && width <= 64 && height >= 1 && height <= 128 && count >= 1 && count <= 65_536;
  if (!fits) throw new FontError(`${count} glyphs of ${width}x${height} pixels are no console font`);
}

function table16(view: DataView, from: number, count: number): string[][] {
  const all: string[][] = [];
  let at = from;
  for (let index = 0; index < count; index++) {
    const chars: string[] = [];
    let sequence: string | null = null;
    for (;;) {
      if (at + 2 > view.byteLength) throw new FontError(`the file ends inside its Unicode table, at glyph ${index}`);
      const unit = view.getUint16(at, true);
      at += 2;
      if (unit === 0xffff || unit === 0xfffe) {
        if (sequence !== null) chars.push(sequence);
        if (unit === 0xffff) break;
        sequence = "";
        continue;
      }
      if (unit >= 0xd800 && unit <= 0xdfff)
        throw new FontError(`half a character in the Unicode table, glyph ${index}`);
      const char = String.fromCharCode(unit);
      if (sequence === null) chars.push(char);
      else sequence += char;
    }
    all.push(chars.filter((char) => char !== ""));
  }
  return all;
}

function table8(bytes: Uint8Array, from: number, count: number): string[][] {
  const all: string[][] = [];
  let at = from;
  for (let index = 0; index < count; index++) {
    const end = bytes.indexOf(PSF2_END, at);
    if (end < 0) throw new FontError(`the file ends inside its Unicode table, at glyph ${index}`);
    const parts = split(bytes.subarray(at, end), PSF2_SEQUENCE).map((part) => decode(part, index));
    const [singles = "", ...sequences] = parts;
    all.push([...singles, ...sequences.filter((sequence) => sequence !== "")]);
    at = end + 1;
  }
  return all;
}

function split(bytes: Uint8Array, separator: number): Uint8Array[] {
  const end = bytes.indexOf(separator);
  return end < 0 ? [bytes] : [bytes.subarray(0, end), ...split(bytes.subarray(end + 1), separator)];
}

function decode(bytes: Uint8Array, index: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FontError(`the Unicode table is not UTF-8 at glyph ${index}`, { cause });
  }
}
