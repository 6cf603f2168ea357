import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseYaml } from "../../core/spec/yaml.ts";
import { loadText, loadTexts, refusal } from "./spec-text.ts";

describe("what is not the YAML we read", () => {
  test.each([
    ["a: 1\na: 2\n", "f.yml:2:1: the key `a` is there twice in the same map"],
    ["a:\n\tb: 1\n", "f.yml:2:1: Tabs are not allowed as indentation"],
    ["a: !site x\n", "f.yml:1:4: custom YAML tags (!name) are not used here"],
    ["a: !!binary aGVsbG8=\n", "f.yml:1:13: YAML tags (!!name) are not used here"],
    ["a: 1\n---\nb: 2\n", "f.yml:2:1: a second document begins here; a file holds one"],
    ["a: *nowhere\n", "f.yml:1:4: an alias (*name) without its anchor; put the value in quotes if it is text"],
    ["{x: 1}: 2\n", "f.yml:1:1: a key must be a plain word"],
    ["<<: {a: 1}\n", "f.yml:1:1: merge keys (<<) are not used here; {ref: …} takes a value from elsewhere"],
    ["a: b: c\n", 'f.yml:1:4: a second ": " on this line; put the value in quotes'],
    ["a: .inf\n", "f.yml:1:4: not a number that can be used"],
    ["a: [1\n", "f.yml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]"],
  ])("%j", async (text, line) => {
    const { code, exit, evidence } = await refusal(() => parseYaml("f.yml", text));
    expect({ code, exit }).toEqual({ code: "invalid-yaml", exit: 2 });
    expect(evidence).toContain(line);
  });

  test("aliases that multiply are refused, not expanded", async () => {
    const bomb = `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${[1, 2, 3, 4, 5]
      .map(
        (n) =>
          `a${n}: &a${n} [${Array(10)
            .fill(`*a${n - 1}`)
            .join(", ")}]\n`,
      )
      .join("")}`;
    expect((await refusal(() => parseYaml("f.yml", bomb))).text).toMatch(/aliases of this file expand too far/);
  });

  test("a file of more than 1 MiB, one that is not text, a list, a missing one", async () => {
    expect((await refusal(() => loadText(`# ${"x".repeat(2 ** 20)}`))).text).toMatch(/larger than 1 MiB/);
    expect((await refusal(() => loadText("- a\n"))).text).toMatch(/a spec is a map of keys and values/);
    expect((await refusal(() => loadTexts({ "gone.yml": "" }).then(() => loadTexts({})))).code).toBe("invalid-spec");
  });

  test("the values of a broken file are not repeated", async () => {
    const { text } = await refusal(() =>
      parseYaml("f.yml", 'users: [{password: *Hunter2secret}]\nx: "Hunter2secret\n'),
    );
    expect(text).not.toMatch(/Hunter2secret/i);
  });

  test("the errors of several files come together", async () => {
    const { evidence } = await refusal(() => loadTexts({ "a.yml": "a: 1\na: 2\n", "b.yml": "b: [\n" }));
    expect(evidence.map((line) => line.slice(0, 5))).toEqual(["a.yml", "b.yml"]);
  });
});

test("a planted error is found at its line and column", () => {
  const word = fc.stringMatching(/^[a-z]{3,8}$/).filter((name) => !["null", "true", "false"].includes(name));
  const lines = fc.uniqueArray(word, { minLength: 1, maxLength: 20 });
  return fc.assert(
    fc.asyncProperty(lines, fc.nat(), fc.nat({ max: 3 }), async (names, pick, depth) => {
      const at = pick % names.length;
      const indent = "  ".repeat(depth);
      const above = Array.from({ length: depth }, (_, level) => `${"  ".repeat(level)}in${level}:`);
      const text = [...above, ...names.map((name) => `${indent}${name}: 1`), `${indent}${names[at]}: 2`].join("\n");
      const { evidence } = await refusal(() => parseYaml("f.yml", text));
      expect(evidence).toEqual([
        `f.yml:${above.length + names.length + 1}:${indent.length + 1}: the key \`${names[at]}\` is there twice in the same map`,
      ]);
    }),
  );
});

test("a misspelt key is found at its line and column, whatever stands around it", () => {
  return fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 6 }),
      fc.nat({ max: 4 }),
      fc.constantFrom("timezon", "keybord", "lcoale", "nmae"),
      async (comments, blanks, key) => {
        const text = `version: 1\n${"# a comment\n".repeat(comments)}host:\n${"\n".repeat(blanks)}  ${key}: x\n`;
        const { evidence } = await refusal(() => loadText(text));
        expect(evidence.join()).toMatch(
          new RegExp(`^a.yml:${3 + comments + blanks}:3: there is no key \`${key}\` under \`host\`; did you mean \``),
        );
      },
    ),
  );
});
