// The texts of the screens: complete in every language, used, given their values, short where room is short, and drawable.
import { describe, expect, test } from "vitest";
import { en } from "../../screens/text/en.ts";
import { CATALOGUE, translator } from "../../screens/text/translate.ts";
import { FONT_CHARACTERS } from "../../tui/console-font/glyph-list.ts";
import { faultsOf, LANGUAGES, type Text, type Texts } from "../../tui/text/catalogue.ts";
import { clean } from "../../tui/text/clean.ts";
import { columnsOf } from "../../tui/text/width.ts";
import { screenSources, textCalls } from "./text-calls.ts";

const ENGLISH: Texts = en;
const KEYS = Object.keys(en);

const formsOf = (text: Text): string[] =>
  typeof text === "string" ? [text] : Object.values(text).filter((form) => form !== undefined);

/** Every form of every text of a language, with its key. */
function formsIn(language: (typeof LANGUAGES)[number]): { key: string; text: string }[] {
  const texts: Texts = CATALOGUE[language];
  return Object.entries(texts).flatMap(([key, text]) => formsOf(text).map((form) => ({ key, text: form })));
}

function valuesOf(key: string): string[] {
  const text = ENGLISH[key] ?? "";
  const names = formsOf(text).flatMap((form) => [...form.matchAll(/\{([\w-]+)\}/g)].map(([, name = ""]) => name));
  return [...new Set(typeof text === "string" ? names : ["count", ...names])].sort();
}

describe("the catalogue", () => {
  test("has every text in every language, with the same places for values", () => {
    expect(faultsOf(CATALOGUE)).toEqual([]);
  });

  test.each(LANGUAGES)("in %s holds only what our console font shows", (language) => {
    const wrong = formsIn(language).flatMap(({ key, text }) =>
      [...text].filter((sign) => !FONT_CHARACTERS.has(sign)).map((sign) => `${key}: ${sign}`),
    );
    expect(wrong).toEqual([]);
  });

  test.each(LANGUAGES)("in %s is drawn as it stands, without odd spaces", (language) => {
    for (const { key, text } of formsIn(language)) {
      expect(`${key}: ${clean(text, "latin")}`).toBe(`${key}: ${text}`);
      expect(text, key).not.toMatch(/^\s|\s$|\s\s|\u00a0/);
    }
  });

  test.each(LANGUAGES)("in %s says in 18 columns what a key does", (language) => {
    const long = formsIn(language).filter(({ key, text }) => /(^|\.)key\./.test(key) && columnsOf(text) > 18);
    expect(long).toEqual([]);
  });

  test.each(LANGUAGES)("in %s names programs, files and addresses as English does", (language) => {
    const fixed = (text: string) =>
      text.match(/`[^`]+`|https?:\/\/\S*[\w/]|\S+@\w+|Alt-F2|Ctrl-[W\]]|\bTab\b|\bEnter\b/g) ?? [];
    const texts: Texts = CATALOGUE[language];
    for (const [key, text] of Object.entries(texts)) {
      if (typeof text !== "string") continue;
      expect(`${key}: ${fixed(text).sort().join(" ")}`).toBe(
        `${key}: ${fixed(formsOf(ENGLISH[key] ?? "")[0] ?? "")
          .sort()
          .join(" ")}`,
      );
    }
  });

  test("counts steps by each language's own rules", () => {
    const said = (language: "de" | "pl") =>
      [1, 3, 23, 25].map((count) => translator(language)("review.steps", { count }));
    expect(said("de")).toEqual(["1 Schritt", "3 Schritte", "23 Schritte", "25 Schritte"]);
    expect(said("pl")).toEqual(["1 krok", "3 kroki", "23 kroki", "25 kroków"]);
  });
});

describe("the screens", () => {
  const sources = screenSources();
  const calls = sources.flatMap(textCalls);

  test("ask only for texts that there are", () => {
    expect(calls.length).toBeGreaterThan(100);
    const unknown = calls.flatMap(({ file, keys }) =>
      keys.filter((key) => !KEYS.includes(key)).map((key) => `${file}: ${key}`),
    );
    expect(unknown).toEqual([]);
  });

  test("use every text", () => {
    const named = new Set(calls.flatMap(({ keys }) => keys));
    const quoted = (key: string) => sources.some(({ text }) => text.includes(`"${key}"`));
    expect(KEYS.filter((key) => !named.has(key) && !quoted(key))).toEqual([]);
  });

  test("give each text the values that it has places for", () => {
    const wrong = calls.flatMap(({ file, keys, values }) =>
      keys
        .filter((key) => KEYS.includes(key) && String(valuesOf(key)) !== String(values))
        .map((key) => `${file}: ${key} is given {${values}}, has {${valuesOf(key)}}`),
    );
    expect(wrong).toEqual([]);
  });

  test("a call that gives other values, or asks for what is not there, is found", () => {
    const source = {
      file: "x.tsx",
      text:
        'const CHOICES = ["a", "b"] as const; t(is === "no.key" ? "one.text" : `two.$' +
        '{value}.says`, { at: f(x, [1]), of, title: t("three") });',
    };
    expect(textCalls(source)).toEqual([
      { file: "x.tsx", keys: ["one.text", "two.a.says", "two.b.says"], values: ["at", "of", "title"] },
      { file: "x.tsx", keys: ["three"], values: [] },
    ]);
  });
});
