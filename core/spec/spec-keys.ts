// Every key of the spec that takes a value, as a word of the command line names it: for completion.
import { z } from "zod";
import { laterMeta } from "./question-meta.ts";
import { specSchema } from "./schema.ts";

/** Names that people choose themselves, as the examples have them. */
const CHOSEN: Readonly<Record<string, string>> = { disks: "system", network: "lan0" };
/** What nobody sets from a command line. */
const LEFT_OUT = new Set(["version"]);

/** "host.name", "disks.system.match.size", "users" …, in the schema's order; none that is not supported yet. */
export function specKeys(): string[] {
  return [...new Set(keysOf(specSchema, ""))];
}

function keysOf(schema: z.core.$ZodType, at: string): string[] {
  if (schema instanceof z.ZodOptional) return keysOf(schema.unwrap(), at);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysOf(option, at));
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, inner]) =>
      LEFT_OUT.has(name) || isLater(inner) ? [] : keysOf(inner, at === "" ? name : `${at}.${name}`),
    );
  }
  if (schema instanceof z.ZodRecord) return keysOf(schema.valueType, `${at}.${CHOSEN[at] ?? "NAME"}`);
  return [at];
}

function isLater(schema: z.core.$ZodType): boolean {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodUnknown || laterMeta.get(inner as z.ZodType)?.now === null;
}
