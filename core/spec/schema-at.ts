// Walks the schema along a path: which keys it has there, and which schema a value has.
import { z } from "zod";
import type { Path } from "./path.ts";

/** The schema of the value at a path, without the "may be left out" around it; of a union the first alternative that has the path. */
export function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | null {
  if (schema instanceof z.ZodOptional) return schemaAt(schema.unwrap(), path);
  const [first, ...rest] = path;
  if (first === undefined) return schema;
  if (schema instanceof z.ZodUnion) {
    for (const option of schema.options) {
      const found = schemaAt(option, path);
      if (found !== null) return found;
    }
    return null;
  }
  if (schema instanceof z.ZodObject) {
    const inner: unknown = Object.hasOwn(schema.shape, first) ? schema.shape[first] : undefined;
    return inner instanceof z.ZodType ? schemaAt(inner, rest) : null;
  }
  if (schema instanceof z.ZodArray) return typeof first === "number" ? schemaAt(schema.element, rest) : null;
  if (schema instanceof z.ZodRecord) return schemaAt(schema.valueType, rest);
  return null;
}

/** The keys that the schema has at a path. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const found = schemaAt(schema, path);
  const options = found instanceof z.ZodUnion ? found.options : [found];
  return options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : []));
}
