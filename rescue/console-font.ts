// Makes our console font from the letters in the host's own packages, for the host's tree.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { ActionableError, EXIT } from "../core/errors.ts";
import { LETTER_FONTS, makeFont } from "../tui/console-font/make-font.ts";
import { FontError, readFont, writePsf2 } from "../tui/console-font/psf.ts";

/** Where the host has it, and the rescue system, which stands on the host's tree. */
export const CONSOLE_FONT = "usr/share/multiverse/console-font.psf.gz";

/**
 * The gzipped PSF2 file, from `usr/share/consolefonts` in a root tree (Debian: console-setup-linux).
 * The same packages give the same bytes. Throws ActionableError when the letters are missing or cannot be used.
 */
export async function consoleFont(root: string): Promise<Uint8Array> {
  const folder = join(root, "usr/share/consolefonts");
  try {
    const letters = await Promise.all(LETTER_FONTS.map(async (file) => readFont(await readFile(join(folder, file)))));
    return gzipSync(writePsf2(makeFont(letters)), { level: 9 });
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    if (!(cause instanceof FontError) && !isMissing) throw cause;
    throw new ActionableError({
      code: "console-font-letters",
      exit: EXIT.refused,
      message: "The console font cannot be made from the console fonts in the host's packages.",
      evidence: [cause.message],
      hint: "profiles/hosts/minimal.yml must bring console-setup, and with it console-setup-linux.",
      cause,
    });
  }
}

/** Writes it into a tree of files that is copied over a root. */
export async function addConsoleFont(font: Uint8Array, files: string): Promise<void> {
  const path = join(files, CONSOLE_FONT);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, font);
}
