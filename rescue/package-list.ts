// Reads a list of packages: profiles/hosts/*.yml and rescue/packages.yml.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";

export const listSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  debian: z.string().optional(),
  packages: z.array(z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/)),
});

/** Package names, sorted, so that moving a line in the file rebuilds nothing. */
export async function readPackages(file: string): Promise<string[]> {
  return listSchema.parse(parse(await readFile(file, "utf8"))).packages.toSorted();
}
