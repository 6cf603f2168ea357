// Writes what an installation has settled back into its spec, so that the same file gives the same plan from then on: the salt, and which disks.
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Answer, setValues } from "./answers.ts";
import { isMap, showPath } from "./path.ts";
import { parseYaml } from "./yaml.ts";

/**
 * Into the last file, which wins; a salt that some file states is left alone. A file that cannot be written is a warning: the
 * plan is journalled anyway.
 */
export async function keepAnswers(
  files: readonly string[],
  answers: readonly Answer[],
  warn: (message: string) => void,
): Promise<void> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const saltStated = texts.some((text, at) => {
    const { data } = parseYaml(files[at] ?? "", text);
    return isMap(data) && Object.hasOwn(data, "salt");
  });
  const kept = answers.filter(({ path }) => !saltStated || path[0] !== "salt");
  const file = files.at(-1);
  const text = texts.at(-1);
  if (kept.length === 0 || file === undefined || text === undefined) return;
  const lost = (some: readonly Answer[], error: unknown) => {
    if (!(error instanceof Error)) throw error;
    const lines = some.map(({ path, value }) => `\`${showPath(path)}: ${JSON.stringify(value)}\``).join(" and ");
    warn(
      `what was settled could not be written back into ${file} (${error.message}); add ${lines} to it to get the same plan again`,
    );
  };
  // One that cannot be written (its place is a {ref: …}) does not keep the others out.
  let longer = text;
  for (const answer of kept) {
    try {
      longer = setValues(longer, [answer]);
    } catch (error) {
      lost([answer], error);
    }
  }
  if (longer === text) return;
  await replaceFile(file, longer).catch((error: unknown) => lost(kept, error));
}

/** Whole or not at all, also through a power cut: a new file, made durable, takes the old one's name. */
async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  try {
    const handle = await open(fresh, "w", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  const folder = await open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
