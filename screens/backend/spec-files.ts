// The specs that a person can start from: the stick's own, and the examples of the package.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { STATE } from "../../core/execute/journal-place.ts";
import type { SpecFile } from "../wizard/model.ts";

/** `home` is the package's folder, with `profiles/examples/`. */
export async function listSpecs(home: string): Promise<SpecFile[]> {
  const examples = join(home, "profiles/examples");
  const names = await readdir(examples).catch(() => []);
  const files = names
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => ({ path: join(examples, name), from: "profile" as const }));
  const medium = { path: join(STATE, "multiverse.yml"), from: "medium" as const };
  const listed = await Promise.all([medium, ...files].map(describe));
  return listed.flatMap((file) => (file === null ? [] : [file]));
}

/** With its first comment, which is to say what the file is for; null when there is no such file. */
async function describe(file: Pick<SpecFile, "path" | "from">): Promise<SpecFile | null> {
  const text = await readFile(file.path, "utf8").catch(() => null);
  if (text === null) return null;
  const says = /^# *(.*)$/m.exec(text)?.[1] ?? "";
  return { ...file, name: basename(file.path), says };
}
