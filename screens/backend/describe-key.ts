// What a key of the spec means, in the words of its schema.
import { specSchema } from "../../core/spec/schema.ts";
import { schemaAt } from "../../core/spec/schema-at.ts";

/** Empty for a path that the schema does not know. */
export function describeKey(path: string): string {
  const found = schemaAt(specSchema, path.split("."));
  return found !== null && "description" in found && typeof found.description === "string" ? found.description : "";
}
