// A `key=value` word of the command line becomes a value of the spec; what type it is, the schema says.
import { parseDocument } from "yaml";
import { z } from "zod";
import { ActionableError, EXIT } from "../errors.ts";
import { isAsk } from "./merge.ts";
import { isMap, type Path } from "./path.ts";
import { specSchema } from "./schema.ts";
import { schemaAt } from "./schema-at.ts";
import type { SpecWord } from "./spec-word.ts";

/** Whether a word is `key=value` and not a file's name: those with a = are written ./a=b.yml. */
export function isKeyValue(word: string): boolean {
  return /^[^=/]*=/s.test(word);
}

/** The word as it may be shown: without its value. */
export function shownWord(word: string): string {
  return `${word.slice(0, word.indexOf("=")).slice(0, 80)}=…`;
}

const PART = /^(?:\.?([a-z][a-z0-9-]*)|\[([0-9]{1,3})\])/;

/**
 * Keys are case-insensitive: no key of a spec has capital letters. Places of lists are `users[0].name`.
 * @throws ActionableError `usage` (exit 2)
 */
export function readKeyValue(word: string): SpecWord {
  const at = word.indexOf("=");
  const name = shownWord(word);
  const path = readPath(word.slice(0, at).toLowerCase());
  if (path === null)
    throw badWord(name, "is no key of a spec", "A key is such as host.name, root.encryption or users[0].name.");
  return { name, path, value: valueFor(word.slice(at + 1), path, name) };
}

function readPath(text: string): Path | null {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== "") {
    const found = PART.exec(rest);
    if (found === null || (found[0].startsWith(".") || found[2] !== undefined) === (path.length === 0)) return null;
    if (found[1] !== undefined && !found[0].startsWith(".") && path.length > 0) return null;
    path.push(found[1] ?? Number(found[2]));
    rest = rest.slice(found[0].length);
  }
  return path.length === 0 ? null : path;
}

function valueFor(text: string, path: Path, name: string): unknown {
  const schema = schemaAt(specSchema, path);
  const kinds = new Set(schema === null ? ["text"] : kindsOf(schema));
  if (text.startsWith("{") && text.endsWith("}")) {
    const map = flow(text, name, !kinds.has("map"));
    if (isMap(map) && Object.keys(map).length === 1 && "ref" in map)
      throw badWord(name, "is a {ref: …}, which stands in files", "Put it into a file, or write the value itself.");
    if (isAsk(map) || (isMap(map) && kinds.has("map"))) return map;
  }
  if (kinds.has("list")) {
    if (text.startsWith("[")) return flow(text, name, false);
    // Where one will do without a list, one is no list.
    if (kinds.has("text") && !text.includes(",")) return text;
    return text === "" ? [] : text.split(",").map((item) => valueFor(item.trim(), [...path, 0], name));
  }
  if (kinds.has("boolean") && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  if (kinds.has("number") && /^-?[0-9]{1,15}$/.test(text)) return Number(text);
  return text;
}

/** YAML in braces or brackets. With `tolerant` what cannot be read is text. */
function flow(text: string, name: string, tolerant: boolean): unknown {
  const doc = parseDocument(text, { prettyErrors: false, uniqueKeys: true, strict: true });
  const [problem] = [...doc.errors, ...doc.warnings];
  if (problem === undefined) return doc.toJS({ maxAliasCount: 0 });
  if (tolerant) return text;
  throw badWord(
    name,
    "is not YAML in brackets that can be read",
    "Such as users='[{name: ada, groups: [sudo]}]', in quotes for the shell.",
  );
}

type Kind = "text" | "number" | "boolean" | "list" | "map";

/** What values a schema takes, as far as a word's type hangs on it. */
function kindsOf(schema: z.core.$ZodType): Kind[] {
  if (schema instanceof z.ZodOptional) return kindsOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => kindsOf(option));
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].map((value) => (typeof value === "number" ? "number" : "text"));
  if (schema instanceof z.ZodArray) return ["list"];
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return ["map"];
  if (schema instanceof z.ZodBoolean) return ["boolean"];
  if (schema instanceof z.ZodNumber) return ["number"];
  return ["text"];
}

export function badWord(name: string, why: string, hint: string): ActionableError {
  return new ActionableError({ code: "usage", exit: EXIT.usage, message: `${name} ${why}.`, hint });
}
