// Searches everything a scenario left behind for secrets that must not be there.
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Context } from "./scenario.ts";

/** Looks into artefacts and small disks (the state disk has journal and spec), as raw bytes. */
export async function searchArtefacts(context: Context, secrets: readonly string[]): Promise<void> {
  const files = [...(await filesBelow(context.folder)), join(context.work, "state.img")];
  const found: string[] = [];
  for (const file of files) {
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    if (secrets.some((secret) => bytes.includes(secret))) found.push(relative(context.folder, file));
  }
  context.same(`no passphrase in ${files.length} artefacts and the state disk`, found.join(" "), "");
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
