// The arguments of an operation from the command line: name=text, and name:=JSON for numbers, truth and lists.
import type { Json, JsonObject } from "../../core/control/strict-json.ts";
import { ActionableError, EXIT } from "../../core/errors.ts";

const WORD = /^([A-Za-z][A-Za-z0-9-]{0,63})(:?)=(.*)$/s;

/** @throws ActionableError `usage` */
export function readArguments(words: readonly string[]): JsonObject {
  const args = new Map<string, Json>();
  for (const word of words) {
    const [, name, json, value] = WORD.exec(word) ?? [];
    if (name === undefined || value === undefined)
      throw wrong(`${JSON.stringify(word)} is no argument.`, "An argument is name=text, or name:=JSON: seconds:=30");
    if (args.has(name)) throw wrong(`The argument ${name} is given twice.`, "Give it once.");
    args.set(name, json === "" ? value : parsed(name, value));
  }
  return Object.fromEntries(args);
}

function parsed(name: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw wrong(`What is behind ${name}:= is no JSON.`, `For a text it is ${name}=…`, cause);
  }
}

function wrong(message: string, hint: string, cause?: unknown): ActionableError {
  return new ActionableError({ code: "usage", exit: EXIT.usage, message, hint, cause });
}
