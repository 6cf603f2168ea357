// The tiny root: what a layout scenario installs instead of the host, copied out of the host's package tree without apt.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, hashFolder, type StageResult } from "./cache.ts";
import { type Context, runNicely } from "./context.ts";
import { SOURCE_DATE_EPOCH } from "./host-image.ts";
import { kernelRelease } from "./pins.ts";

const VERSION = 1;
const SCRIPTS = ["make-tiny.sh", "collect-tiny.sh", "in-root.sh", "with-overlay.sh"];

/** The result holds host.squashfs and tree-bytes, as the host image's does. */
export async function buildTinyRoot(context: Context, base: StageResult): Promise<StageResult> {
  const { repo, run, pins } = context;
  const rescue = join(repo, "rescue");
  const files = join(rescue, "root/tiny");
  const inputs = [VERSION, base.key, await hashFolder(files), await hashFiles(rescue, SCRIPTS)];
  return context.cache.stage("tiny-root", inputs, async (dir) => {
    const overlay = ["upper", "work", "merged"].map((name) => join(dir, name));
    const [upper = "", work = "", merged = ""] = overlay;
    await runNicely(run, [
      ...[join(rescue, "with-overlay.sh"), join(base.dir, "root"), upper, work, merged],
      ...[join(rescue, "make-tiny.sh"), merged, files, kernelRelease(pins), dir, String(SOURCE_DATE_EPOCH)],
    ]);
    for (const folder of overlay) await rm(folder, { recursive: true, force: true });
  });
}
