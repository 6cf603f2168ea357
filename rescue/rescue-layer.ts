// Stage 4: what the rescue system has more than the host, as an overlay layer: first its packages, then our files.
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, hashFolder, type StageResult } from "./cache.ts";
import type { Context } from "./context.ts";
import { finishLayer, installPackages } from "./packages-layer.ts";

const VERSION = 1;
const SCRIPTS = ["make-rescue.sh", "configure-rescue.sh", "in-root.sh", "with-overlay.sh"];

/** The result holds rescue.squashfs. */
export async function buildRescueLayer(context: Context, base: StageResult): Promise<StageResult> {
  const rescue = join(context.repo, "rescue");
  const packages = await installPackages(context, base, { name: "rescue-packages", list: "rescue/packages.yml" });
  const inputs = [
    VERSION,
    packages.key,
    await hashFolder(join(rescue, "root/rescue")),
    await hashFolder(join(context.repo, "systemd/rescue")),
    await hashFiles(rescue, SCRIPTS),
  ];
  return context.cache.stage("rescue-layer", inputs, async (dir) => {
    const files = join(dir, "files");
    await cp(join(rescue, "root/rescue"), files, { recursive: true });
    await cp(join(context.repo, "systemd/rescue"), join(files, "usr/lib/systemd/system"), { recursive: true });
    const script = join(rescue, "make-rescue.sh");
    await finishLayer(context, base, packages, dir, { script, files, image: "rescue.squashfs" });
    for (const name of ["upper", "work", "merged", "files"])
      await rm(join(dir, name), { recursive: true, force: true });
  });
}
