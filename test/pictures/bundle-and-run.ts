// Bundles the pictures' program, which draws with the screens (TSX), and runs it: type stripping does not read TSX.
import { spawnSync } from "node:child_process";
import { bundle } from "../pty/bundle.ts";

const { file, remove } = await bundle(new URL("main.ts", import.meta.url).pathname);
try {
  // Ink draws one frame only where it finds a CI variable, and decides on colours when it is loaded.
  const { CI: _, ...env } = process.env;
  const { status } = spawnSync(process.execPath, [file, ...process.argv.slice(2)], {
    ...{ cwd: new URL("../../", import.meta.url).pathname, stdio: "inherit" },
    env: { ...env, FORCE_COLOR: "1" },
  });
  process.exitCode = status ?? 1;
} finally {
  remove();
}
