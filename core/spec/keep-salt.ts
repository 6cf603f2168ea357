// Writes the salt of an installation back into its spec, so that the same file gives the same plan from then on.
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setValues } from "./answers.ts";
import { isMap } from "./path.ts";
import { parseYaml } from "./yaml.ts";

/** Into the last file, which wins; nothing when some file states one. A file that cannot be written is a warning: the plan is journalled anyway. */
export async function keepSalt(files: readonly string[], salt: string, warn: (message: string) => void): Promise<void> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const stated = texts.some((text, at) => {
    const { data } = parseYaml(files[at] ?? "", text);
    return isMap(data) && Object.hasOwn(data, "salt");
  });
  const file = files.at(-1);
  const text = texts.at(-1);
  if (stated || file === undefined || text === undefined) return;
  try {
    await replaceFile(file, setValues(text, [{ path: ["salt"], value: salt }]));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    warn(
      `the salt could not be written back into ${file} (${error.message}); add \`salt: "${salt}"\` to it to get the same plan again`,
    );
  }
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
