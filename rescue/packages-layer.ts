// Packages on top of the host's tree, as an overlay layer: what the rescue system and the hypervisor set have more.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, type StageResult } from "./cache.ts";
import { type Context, runNicely, suitesOf } from "./context.ts";
import { SOURCE_DATE_EPOCH } from "./host-image.ts";
import { readPackages } from "./package-list.ts";

const VERSION = 1;

export interface PackagesLayer {
  /** Of the stage. */
  name: string;
  /** The list, relative to the repository. */
  list: string;
}

/** The result holds `upper/`: what installing these packages changes in the base tree. */
export async function installPackages(
  context: Context,
  base: StageResult,
  { name, list }: PackagesLayer,
): Promise<StageResult> {
  const rescue = join(context.repo, "rescue");
  const packages = await readPackages(join(context.repo, list));
  const scripts = await hashFiles(rescue, ["install-packages.sh", "in-root.sh", "with-overlay.sh"]);
  return context.cache.stage(name, [VERSION, base.key, packages, scripts, suitesOf(context)], async (dir) => {
    const merged = join(dir, "merged");
    const install = `"$1/in-root.sh" "$2" sh -s ${packages.join(" ")} <"$1/install-packages.sh"`;
    await mkdir(merged);
    await inOverlay(context, base, dir, join(dir, "upper"), ["sh", "-eu", "-c", install, "sh", rescue, merged]);
    for (const folder of ["work", "merged"]) await rm(join(dir, folder), { recursive: true, force: true });
  });
}

export interface FinishedLayer {
  /** Finishes the tree: usage SCRIPT ROOT FILES. */
  script: string;
  /** Our files that go on top. */
  files: string;
  /** The squashfs to make, in the stage's folder. */
  image: string;
}

/** Our files and settings on top of a layer's packages, packed. */
export async function finishLayer(
  context: Context,
  base: StageResult,
  packages: StageResult,
  dir: string,
  { script, files, image }: FinishedLayer,
): Promise<void> {
  const { run } = context;
  // a copy: the cached layer must not change. --archive keeps the overlay's own attributes and whiteouts
  const upper = join(dir, "upper");
  await run(["cp", "--archive", join(packages.dir, "upper"), upper], { timeoutMs: 600_000 });
  await inOverlay(context, base, dir, upper, [script, join(dir, "merged"), files]);
  await runNicely(run, [
    ...["mksquashfs", upper, join(dir, image), "-noappend", "-no-progress", "-comp", "zstd"],
    ...["-Xcompression-level", "15", "-b", "128K", "-xattrs", "-mkfs-time", String(SOURCE_DATE_EPOCH)],
  ]);
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
