// Writes a file that must not be there yet: somebody may have written into it since.
import { open, readFile } from "node:fs/promises";
import { ActionableError, EXIT } from "../core/errors.ts";

/**
 * The very same text there already is no error.
 * @throws ActionableError `file-exists` (exit 4), `cannot-write` (exit 2)
 */
export async function writeNew(
  path: string,
  text: string,
  { mode = 0o644, hint }: { mode?: number; hint: string },
): Promise<void> {
  try {
    const file = await open(path, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    if (exists && (await readFile(path, "utf8").catch(() => "")) === text) return;
    throw new ActionableError({
      code: exists ? "file-exists" : "cannot-write",
      exit: exists ? EXIT.refused : EXIT.usage,
      message: exists ? `${path} is there already, and it is another one.` : `${path} cannot be written.`,
      evidence: exists ? [] : [cause instanceof Error ? cause.message : String(cause)],
      hint: exists ? hint : "Choose another place.",
      cause,
    });
  }
}
