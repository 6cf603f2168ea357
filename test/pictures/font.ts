// The fonts that pictures are drawn with: our console font, made here as in an image build, or one of Debian's.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LETTER_FONTS, makeFont } from "../../tui/console-font/make-font.ts";
import { type Font, FontError, readFont } from "../../tui/console-font/psf.ts";

export const CONSOLE_FONTS = "/usr/share/consolefonts";

/** A file of Debian's console fonts; FontError names the package where it is missing. */
export function debianFont(file: string): Font {
  const path = join(CONSOLE_FONTS, file);
  if (!existsSync(path)) throw new FontError(`${path} is missing: apt-get install console-setup-linux`);
  return readFont(readFileSync(path));
}

export function ourFont(): Font {
  return makeFont(LETTER_FONTS.map(debianFont));
}
