// Stage 4: what the rescue system has more than the host, as an overlay layer: first its packages, then our files.
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, hashFolder, type StageResult } from "./cache.ts";
import { type Context, runNicely, suitesOf } from "./context.ts";
import { SOURCE_DATE_EPOCH } from "./host-image.ts";
import { readPackages } from "./package-list.ts";

const VERSION = 1;

/** The result holds rescue.squashfs. */
export async function buildRescueLayer(context: Context, base: StageResult): Promise<StageResult> {
  const { repo, run } = context;
  const rescue = join(repo, "rescue");
  const withPackages = await installPackages(context, base);
  const inputs = [
    VERSION,
    withPackages.key,
    await hashFolder(join(rescue, "root/rescue")),
    await hashFolder(join(repo, "systemd/rescue")),
    await hashFiles(rescue, ["make-rescue.sh", "configure-rescue.sh", "in-root.sh", "with-overlay.sh"]),
  ];
  return context.cache.stage("rescue-layer", inputs, async (dir) => {
    const files = join(dir, "files");
    await cp(join(rescue, "root/rescue"), files, { recursive: true });
    await cp(join(repo, "systemd/rescue"), join(files, "usr/lib/systemd/system"), { recursive: true });
    // a copy: the cached layer must not change. --archive keeps the overlay's own attributes and whiteouts
    const upper = join(dir, "upper");
    await run(["cp", "--archive", join(withPackages.dir, "upper"), upper], { timeoutMs: 600_000 });
    await inOverlay(context, base, dir, upper, [join(rescue, "make-rescue.sh"), join(dir, "merged"), files]);
    await runNicely(run, [
      ...["mksquashfs", upper, join(dir, "rescue.squashfs"), "-noappend", "-no-progress", "-comp", "zstd"],
      ...["-Xcompression-level", "15", "-b", "128K", "-xattrs", "-mkfs-time", String(SOURCE_DATE_EPOCH)],
    ]);
    for (const name of ["upper", "work", "merged", "files"])
      await rm(join(dir, name), { recursive: true, force: true });
  });
}

async function installPackages(context: Context, base: StageResult): Promise<StageResult> {
  const rescue = join(context.repo, "rescue");
  const packages = await readPackages(join(rescue, "packages.yml"));
  const scripts = await hashFiles(rescue, ["install-packages.sh", "in-root.sh", "with-overlay.sh"]);
  return context.cache.stage(
    "rescue-packages",
    [VERSION, base.key, packages, scripts, suitesOf(context)],
    async (dir) => {
      const merged = join(dir, "merged");
      const install = `"$1/in-root.sh" "$2" sh -s ${packages.join(" ")} <"$1/install-packages.sh"`;
      await mkdir(merged);
      await inOverlay(context, base, dir, join(dir, "upper"), ["sh", "-eu", "-c", install, "sh", rescue, merged]);
      for (const name of ["work", "merged"]) await rm(join(dir, name), { recursive: true, force: true });
    },
  );
}

async function inOverlay(
  context: Context,
  base: StageResult,
  dir: string,
  upper: string,
  argv: string[],
): Promise<void> {
  const tool = join(context.repo, "rescue/with-overlay.sh");
  const places = [join(base.dir, "root"), upper, join(dir, "work"), join(dir, "merged")];
  await runNicely(context.run, [tool, ...places, ...argv]);
}
