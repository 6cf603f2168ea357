import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merge } from "../../core/spec/merge.ts";
import { loadTexts, refusal } from "./spec-text.ts";

const data = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.integer(), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__", "constructor"), tie("value"), { noNullPrototype: true }),
  ),
})).value;
const map = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "__proto__"), data, { noNullPrototype: true });

describe("merging", () => {
  test("nothing over something, and something over nothing, is something", () => {
    fc.assert(
      fc.property(map, (one) => {
        expect(merge(one, {})).toEqual(one);
        expect(merge({}, one)).toEqual(one);
        expect(merge(one, one)).toEqual(one);
      }),
    );
  });

  test("it does not matter in which order three are joined", () => {
    fc.assert(
      fc.property(map, map, map, (a, b, c) => {
        // A word between two maps replaces the first, so maps must stay maps for this law: as in a valid spec.
        fc.pre(
          [a, b, c].every((one) =>
            Object.values(one).every((value) => typeof value !== "object" || Array.isArray(value)),
          ),
        );
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });

  test("every key of the later one wins, and no prototype is touched", () => {
    fc.assert(
      fc.property(map, map, (a, b) => {
        const merged = merge(a, b) as Record<string, unknown>;
        for (const key of Object.keys(b))
          if (typeof b[key] !== "object" || Array.isArray(b[key])) expect(merged[key]).toEqual(b[key]);
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
        expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
      }),
    );
  });

  test("lists are replaced, not joined; {ask} is a value", () => {
    expect(merge({ l: [1, 2], k: { ask: "why" } }, { l: [3], k: { x: 1 } })).toEqual({ l: [3], k: { x: 1 } });
    expect(merge({ k: { x: 1 } }, { k: { ask: "why" } })).toEqual({ k: { ask: "why" } });
  });
});

test("a problem is shown in the file whose value won", async () => {
  const { evidence } = await refusal(() =>
    loadTexts({ "a.yml": "version: 1\nhost: {name: fine}\n", "b.yml": "\nhost: {name: NOT}\n" }),
  );
  expect(evidence[0]).toMatch(/^b\.yml:2:14: `host.name` must be a host name/);
});

test("a value that a later file replaces is no problem any more", async () => {
  const { spec } = await loadTexts({ "a.yml": "version: 1\nhost: {name: NOT}\n", "b.yml": "host: {name: fine}\n" });
  expect(spec.host?.name).toBe("fine");
});
