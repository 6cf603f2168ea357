// QR codes of half blocks: read back module by module, and nothing where they do not fit.
import fc from "fast-check";
import { encode } from "uqr";
import { describe, expect, test } from "vitest";
import { type QrRoom, qrCode } from "../../tui/qr-code.ts";

const LARGE = { columns: 400, rows: 200 };

/** Whether each module is drawn as a block, two rows for each line. */
function blocks(lines: readonly string[]): boolean[][] {
  return lines.flatMap((line) => [
    [...line].map((char) => "█▀".includes(char)),
    [...line].map((char) => "█▄".includes(char)),
  ]);
}

/** The dark modules of the middle, given the quiet zone's width. */
function darkModules(lines: readonly string[], quiet: number, blockIsDark: boolean): boolean[][] {
  const size = (lines[0]?.length ?? 0) - 2 * quiet;
  return blocks(lines)
    .slice(quiet, quiet + size)
    .map((row) => row.slice(quiet, quiet + size).map((block) => block === blockIsDark));
}

const matrix = (text: string) => encode(text, { ecc: "L", boostEcc: true, border: 0 }).data;

describe("where it does not fit", () => {
  const side = matrix("multiverse").length + 4; // with the narrow quiet zone
  const narrow = { columns: side, rows: Math.ceil(side / 2) };

  test.each([
    ["no room at all", { columns: 0, rows: 0 }],
    ["one column too few", { ...narrow, columns: narrow.columns - 1 }],
    ["one row too few", { ...narrow, rows: narrow.rows - 1 }],
    ["a negative size", { columns: -80, rows: -24 }],
    ["a size that is none", { columns: Number.NaN, rows: Number.NaN }],
  ] satisfies [string, QrRoom][])("%s: null", (_, room) => {
    expect(qrCode("multiverse", room)).toBeNull();
  });

  test("exactly enough room: the narrow quiet zone", () => {
    const lines = qrCode("multiverse", narrow) ?? [];
    expect(lines).toHaveLength(narrow.rows);
    expect(darkModules(lines, 2, false)).toEqual(matrix("multiverse"));
  });

  test("more text than the largest code holds: null", () => {
    expect(qrCode("x".repeat(2953), LARGE)).not.toBeNull();
    expect(qrCode("x".repeat(2954), LARGE)).toBeNull();
  });
});

test("what is drawn is the code, all of its lines are equally long, and its quiet zone is light", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 200 });
  fc.assert(
    fc.property(text, fc.constantFrom("dark" as const, "light" as const), (text, background) => {
      const lines = qrCode(text, { ...LARGE, background }) ?? [];
      const blockIsDark = background === "light";
      const modules = matrix(text);
      expect(new Set(lines.map((line) => [...line].length))).toEqual(new Set([modules.length + 8]));
      expect(lines.join("")).toMatch(/^[ █▀▄]*$/);
      expect(darkModules(lines, 4, blockIsDark)).toEqual(modules);
      const all = blocks(lines);
      const border = all.filter((_, y) => y < 4 || y >= modules.length + 4).flat();
      const sides = all.flatMap((row) => [...row.slice(0, 4), ...row.slice(-4)]);
      expect(new Set([...border, ...sides])).toEqual(new Set([!blockIsDark]));
    }),
    { numRuns: 60 },
  );
});
