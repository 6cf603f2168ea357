// Bundles the pictures' program, which draws with the screens (TSX), and runs it: type stripping does not read TSX.
import { bundle } from "../pty/bundle.ts";

// Ink draws one frame only where it finds a CI variable, and decides on colours when it is loaded.
delete process.env.CI;
process.env.FORCE_COLOR = "1";
process.chdir(new URL("../../", import.meta.url).pathname);

const { file, remove } = await bundle(new URL("main.ts", import.meta.url).pathname);
try {
  await import(file);
} finally {
  remove();
}
