import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatSize, holds, parseComparisons, parseSize } from "../../core/spec/quantity.ts";

describe("sizes", () => {
  test.each([
    "",
    "8",
    "8 gb",
    "GB",
    "-1 GB",
    "1 GB ",
    "1,5 GB",
    "0x10 GB",
    "1e3 GB",
    "1 GBB",
    "1  GB",
    "1.5 B",
    "9999999999 PB",
    "1 GB\n",
  ])("%j is no size", (text) => {
    expect(parseSize(text)).toBeNull();
  });

  test.each([
    ["400 GB", 400_000_000_000],
    ["2 GiB", 2_147_483_648],
    ["2GiB", 2_147_483_648],
    ["1.5 TiB", 1_649_267_441_664],
    ["0.5 kB", 500],
    ["512 B", 512],
  ])("%s is %i bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test("what is written is read back exactly", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        (bytes) => parseSize(formatSize(bytes)) === bytes,
      ),
    );
  });

  test("round sizes come back as a person writes them", () => {
    const units = ["MB", "GB", "TB", "MiB", "GiB", "TiB"];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.constantFrom(...units), (count, unit) => {
        expect(formatSize(parseSize(`${count} ${unit}`) ?? -1)).toHaveLength(`${count} ${unit}`.length);
      }),
      {
        examples: [
          [2, "GiB"],
          [400, "GB"],
        ],
      },
    );
    expect(formatSize(2 ** 31)).toBe("2 GiB");
    expect(formatSize(400e9)).toBe("400 GB");
  });
});

describe("comparisons", () => {
  test.each(["400 GB", "=> 4 GB", ">= 4", ">= 4 GB or < 2 GB", "> 1 GB, < 2 GB, < 3 GB", ">= 0.3 B"])(
    "%j is none",
    (text) => {
      expect(parseComparisons(text)).toBeNull();
    },
  );

  test.each([
    [">= 400 GB", 400e9, true],
    [">= 400 GB", 400e9 - 1, false],
    ["> 400 GB", 400e9, false],
    ["<= 400 GB", 400e9, true],
    ["< 400 GB", 400e9, false],
    ["= 400 GB", 400e9, true],
    ["> 200 GB, < 1 TB", 480103981056, true],
    ["> 200 GB, < 1 TB", 1e12, false],
  ])("%s, %i bytes: %s", (text, bytes, expected) => {
    expect(holds(parseComparisons(text) ?? [], bytes)).toBe(expected);
  });

  test("exactly one of <, = and > holds", () => {
    const size = fc.integer({ min: 0, max: 1e15 });
    fc.assert(
      fc.property(
        size,
        size,
        (bytes, than) =>
          ["<", "=", ">"].filter((operator) => holds(parseComparisons(`${operator} ${than} B`) ?? [], bytes)).length ===
          1,
      ),
    );
  });
});
