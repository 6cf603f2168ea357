// A JSON reader that refuses what JSON.parse lets through: a key twice, numbers that lose digits, bytes around the object.
import { Refusal } from "./refusal.ts";

export type Json = null | boolean | number | string | Json[] | JsonObject;
/** Without a prototype: a key such as "__proto__" is a key like any other. */
export type JsonObject = { [key: string]: Json };

/** How deep values may be nested, the outermost object included. */
export const DEPTH_LIMIT = 8;

const SPACE = /[\t\n\r ]*/y;
/** An integer; a fraction or an exponent after it is refused on its own, for a better reason than "no JSON". */
const INTEGER = /-?(?:0|[1-9][0-9]*)/y;
/** What a string may hold unescaped: anything but the quote, the backslash and control characters. */
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', "\\": "\\", "/": "/", b: "\b" },
  ...{ f: "\f", n: "\n", r: "\r", t: "\t" },
};

const noJson = () => new Refusal("envelope-json", "That is no JSON object, or there is something before or behind it.");

/** One object and nothing around it, not even white space; throws Refusal. */
export function readStrictJson(bytes: Uint8Array): JsonObject {
  let text: string;
  try {
    // A byte order mark stays in the text, and is refused as what it is: something before the object.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("envelope-utf8", "That is not UTF-8.");
  }
  if (!text.startsWith("{")) throw noJson();
  const reader = new Reader(text);
  const object = reader.object(1);
  if (reader.at !== text.length) throw noJson();
  return object;
}

class Reader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  object(depth: number): JsonObject {
    const object: JsonObject = Object.create(null) as JsonObject;
    this.#members("{", "}", depth, () => {
      const key = this.#string();
      if (Object.hasOwn(object, key)) throw new Refusal("envelope-duplicate-key", "A key is there twice.");
      this.#space();
      this.#expect(":");
      this.#space();
      object[key] = this.#value(depth + 1);
    });
    return object;
  }

  #array(depth: number): Json[] {
    const array: Json[] = [];
    this.#members("[", "]", depth, () => array.push(this.#value(depth + 1)));
    return array;
  }

  #members(open: string, close: string, depth: number, member: () => void): void {
    if (depth > DEPTH_LIMIT) {
      throw new Refusal("envelope-depth", `Values may be nested ${DEPTH_LIMIT} deep.`);
    }
    this.#expect(open);
    this.#space();
    if (this.#text[this.at] === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      member();
      this.#space();
      if (this.#text[this.at] === close) {
        this.at += 1;
        return;
      }
      this.#expect(",");
      this.#space();
    }
  }

  #value(depth: number): Json {
    switch (this.#text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #string(): string {
    this.#expect('"');
    let value = "";
    for (;;) {
      value += this.#match(PLAIN);
      const next = this.#text[this.at];
      this.at += 1;
      if (next === '"') break;
      if (next !== "\\") throw noJson();
      value += this.#escape();
    }
    // Half a surrogate pair has no UTF-8: two readers could take it for two different texts.
    if (!value.isWellFormed()) throw new Refusal("envelope-utf8", "A text has half a surrogate pair.");
    return value;
  }

  #escape(): string {
    const letter = this.#text[this.at] ?? "";
    this.at += 1;
    if (letter === "u") {
      const digits = this.#text.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw noJson();
      this.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined) throw noJson();
    return plain;
  }

  #number(): number {
    const digits = this.#match(INTEGER);
    if (digits === "") throw noJson();
    const value = Number(digits);
    const next = this.#text[this.at] ?? "";
    if (/[.eE]/.test(next) || !Number.isSafeInteger(value) || Object.is(value, -0)) {
      throw new Refusal("envelope-number", "Numbers must be safe integers, written as digits.");
    }
    return value;
  }

  #word<Value extends Json>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.at)) throw noJson();
    this.at += word.length;
    return value;
  }

  #space(): void {
    this.#match(SPACE);
  }

  #expect(character: string): void {
    if (this.#text[this.at] !== character) throw noJson();
    this.at += 1;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}
