// Finds in the sources of the screens which texts they ask for, and with which values.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../../screens/", import.meta.url).pathname;
const CATALOGUES = /^text\/(host\/)?(en|de|pl)\.ts$/;

/** One `t("key", { value })`; a key that is put together, or chosen by a condition, gives several. */
export interface TextCall {
  file: string;
  keys: string[];
  /** Names of the values, sorted. */
  values: string[];
}

export interface ScreenSource {
  /** Below screens/. */
  file: string;
  text: string;
}

/** Every file of the screens but the catalogues themselves. */
export function screenSources(): ScreenSource[] {
  return globSync("**/*.{ts,tsx}", { cwd: ROOT })
    .filter((file) => !CATALOGUES.test(file))
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }));
}

/** The calls of a file: `t` everywhere, and `words` where the language is not the wizard's own. */
export function textCalls({ file, text }: ScreenSource): TextCall[] {
  return [...text.matchAll(/(?<![\w.])(?:t|words)\((?=[\s\S])/g)].flatMap(({ index, 0: name }) => {
    const [key = "", values = ""] = argumentsFrom(text.slice(index + name.length));
    const keys = keysIn(key, choicesOf(text));
    return keys.length === 0 ? [] : [{ file, keys, values: namesIn(values) }];
  });
}

/** What stands in the list that a menu is made of: `const CHOICES = ["retry", …] as const`. */
function choicesOf(text: string): string[] {
  const list = /const CHOICES = \[([^\]]*)\] as const/.exec(text)?.[1] ?? "";
  return [...list.matchAll(/"([^"]+)"/g)].map(([, word = ""]) => word);
}

/** The only name that keys are put together with. */
const VALUE = /\$\{value\}/;

function keysIn(expression: string, choices: readonly string[]): string[] {
  const literals = expression.replace(/[=!]== "[^"]*"/g, "").matchAll(/"([\w.-]+)"|`([^`]+)`/g);
  return [...literals].flatMap(([, plain, template = ""]) => {
    if (plain !== undefined) return [plain];
    if (template.replace(VALUE, "").includes("$")) throw new Error(`a key is made of more: ${template}`);
    return choices.map((choice) => template.replace(VALUE, choice));
  });
}

function namesIn(object: string): string[] {
  const body = /^\{([\s\S]*)\}$/.exec(object.trim())?.[1] ?? "";
  return parts(body)
    .map((part) => /^\w+/.exec(part.trim())?.[0] ?? "")
    .filter((name) => name !== "")
    .sort();
}

/** The arguments of a call, from behind its parenthesis. */
function argumentsFrom(text: string): string[] {
  return parts(text.slice(0, endOf(text)));
}

function endOf(text: string): number {
  let depth = 0;
  for (const { index, 0: sign } of text.matchAll(SIGNS)) {
    if (/^[([{]$/.test(sign)) depth += 1;
    else if (/^[)\]}]$/.test(sign)) depth -= 1;
    if (depth < 0) return index;
  }
  throw new Error(`a call does not end: ${text.slice(0, 60)}`);
}

/** A whole string, or one sign that matters. */
const SIGNS = /"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|[()[\]{},]/g;

function parts(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { index, 0: sign } of text.matchAll(SIGNS)) {
    if (/^[([{]$/.test(sign)) depth += 1;
    else if (/^[)\]}]$/.test(sign)) depth -= 1;
    else if (sign === "," && depth === 0) {
      found.push(text.slice(from, index));
      from = index + 1;
    }
  }
  return [...found, text.slice(from)];
}
