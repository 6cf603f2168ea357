// How a key of a schema says what it is: its description, its class of question, and words and keys that come later.
import { z } from "zod";

/** required: asked when nobody gives it · defaulted: never asked · deliberate: asked unless the YAML states it. */
export type QuestionClass = "required" | "defaulted" | "deliberate";

export interface KeyMeta {
  class: QuestionClass;
  /** The question, as a person is asked it. */
  ask?: string;
  /** Why it is asked. */
  why?: string;
}

/** What each key's schema says about asking; looked up by the schema object that `key` made. */
export const keyMeta = z.registry<KeyMeta>();

/** What is known but not built yet, for the JSON Schema: a whole key, or some words of a choice. */
export const laterMeta = z.registry<{ now: readonly string[] | null }>();

/** A key that may be left out: with a description, and how it is asked for. */
export function key<T extends z.ZodType>(schema: T, description: string, meta: KeyMeta = { class: "defaulted" }) {
  const described = schema.describe(description);
  keyMeta.add(described, meta);
  return described.optional();
}

/** A key of a thing that exists only whole (a user's name): it must be there. */
export function needed<T extends z.ZodType>(schema: T, description: string): T {
  const described = schema.describe(description);
  keyMeta.add(described, { class: "required" });
  return described;
}

/** A key that a later part of the program brings: known, so not misspelt; refused, so never ignored. */
export function later(description: string) {
  const schema = z.unknown().refine(() => false, { params: { notYet: true }, error: "is not supported yet" });
  const described = schema.describe(`Not yet: ${description}`);
  laterMeta.add(described, { now: null });
  return described.optional();
}

/** A choice of words, some of which are not supported yet. */
export function word<const Now extends readonly [string, ...string[]], const Later extends readonly string[]>(
  now: Now,
  notYet: Later,
) {
  const all = [...now, ...notYet] as [Now[number] | Later[number], ...(Now[number] | Later[number])[]];
  const schema = z.enum(all).refine((value) => (now as readonly string[]).includes(value), {
    params: { notYet: true },
    error: (issue) => `\`${String(issue.input)}\` is not supported yet; now: ${now.join(", ")}`,
  });
  laterMeta.add(schema, { now });
  return schema;
}
