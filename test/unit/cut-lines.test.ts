// Lines out of pieces of text, whatever the pieces are.
import fc from "fast-check";
import { expect, test } from "vitest";
import { cutLines } from "../../core/tools/cut-lines.ts";

const lines = (most: number, pieces: readonly string[]) => {
  const found: string[] = [];
  const feed = cutLines(most, (line) => found.push(line));
  for (const piece of pieces) feed(piece);
  return found;
};

test("a line that never ends is no line, and one that is too long is cut where it may end", () => {
  expect(lines(5, ["123", "456", "789"])).toEqual([]);
  expect(lines(5, ["123", "456", "789\nab\n", "cd"])).toEqual(["12345", "ab"]);
});

test("the pieces that a text comes in change nothing", () => {
  const pieces = fc.array(fc.stringMatching(/^[ab\n]{0,12}$/));
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 20 }), (parts, most) => {
      const whole = parts.join("").split("\n").slice(0, -1);
      expect(lines(most, parts)).toEqual(whole.map((line) => line.slice(0, most)));
    }),
  );
});
