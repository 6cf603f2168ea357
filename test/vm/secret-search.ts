// Searches everything a scenario left behind for words that must not be there.
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Context } from "./scenario.ts";

export const STATE_DISK = "state.img";

/** The artefacts that hold one of the words as raw bytes; the state disk, with journal and spec, is one of them. */
export async function searchArtefacts(context: Context, words: readonly string[]): Promise<string[]> {
  const below = await readdir(context.folder, { recursive: true, withFileTypes: true });
  const files = below.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) if (await holds(file, words)) found.push(relative(context.folder, file));
  if (await holds(join(context.work, STATE_DISK), words)) found.push(STATE_DISK);
  return found;
}

async function holds(file: string, words: readonly string[]): Promise<boolean> {
  const bytes = await readFile(file);
  return words.some((word) => bytes.includes(word));
}
