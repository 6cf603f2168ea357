// Stage 4 as well: what the package set `hypervisor` has more than the minimal host, as an overlay layer on its root.
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, hashFolder, type StageResult } from "./cache.ts";
import { type Context, runNicely } from "./context.ts";
import { finishLayer, installPackages } from "./packages-layer.ts";

const VERSION = 1;
const LIST = "profiles/hosts/hypervisor.yml";
const SCRIPTS = ["make-hypervisor.sh", "configure-hypervisor.sh", "tree-bytes.sh", "in-root.sh", "with-overlay.sh"];

/** The result holds hypervisor.squashfs, and tree-bytes: the length of the tar stream of host and layer together. */
export async function buildHypervisorLayer(
  context: Context,
  base: StageResult,
  host: StageResult,
): Promise<StageResult> {
  const rescue = join(context.repo, "rescue");
  const sysusers = "root/host/usr/lib/sysusers.d";
  const packages = await installPackages(context, base, { name: "hypervisor-packages", list: LIST });
  const inputs = [
    VERSION,
    packages.key,
    host.key,
    await hashFolder(join(rescue, "root/hypervisor")),
    await hashFolder(join(rescue, sysusers)),
    await hashFiles(rescue, SCRIPTS),
  ];
  return context.cache.stage("hypervisor-layer", inputs, async (dir) => {
    const files = join(dir, "files");
    // The packages' users hide the host's own list of them: those of our services are made here again.
    await cp(join(rescue, sysusers), join(files, "usr/lib/sysusers.d"), { recursive: true });
    await cp(join(rescue, "root/hypervisor"), files, { recursive: true });
    const script = join(rescue, "make-hypervisor.sh");
    await finishLayer(context, base, packages, dir, { script, files, image: "hypervisor.squashfs" });
    const places = ["upper", "host", "merged"].map((name) => join(dir, name));
    const count = [join(rescue, "tree-bytes.sh"), join(host.dir, "host.squashfs"), ...places];
    await writeFile(join(dir, "tree-bytes"), await runNicely(context.run, count));
    for (const name of ["upper", "work", "merged", "files", "host"])
      await rm(join(dir, name), { recursive: true, force: true });
  });
}
