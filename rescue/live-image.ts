// Stage 6: the live squashfs, which holds all layers without compressing them again.
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StageResult } from "./cache.ts";
import { type Context, runNicely } from "./context.ts";
import { SOURCE_DATE_EPOCH } from "./host-image.ts";
import { makeManifest } from "./manifest.ts";

const VERSION = 1;

export interface LiveParts {
  host: StageResult;
  rescue: StageResult;
  program: StageResult;
  refind: StageResult;
}

/** The result holds live.squashfs and manifest.json. */
export async function buildLiveImage(context: Context, parts: LiveParts): Promise<StageResult> {
  const { run } = context;
  const keys = [parts.host.key, parts.rescue.key, parts.program.key, parts.refind.key];
  return context.cache.stage("live", [VERSION, keys], async (dir) => {
    const tree = join(dir, "tree");
    await mkdir(tree);
    const manifest = await makeManifest(context.pins, {
      host: parts.host.dir,
      rescue: parts.rescue.dir,
      program: parts.program.dir,
    });
    await writeFile(join(dir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    await link(join(dir, "manifest.json"), join(tree, "manifest.json"));
    for (const name of ["vmlinuz", "initrd", "host.squashfs"]) await link(join(parts.host.dir, name), join(tree, name));
    await link(join(parts.rescue.dir, "rescue.squashfs"), join(tree, "rescue.squashfs"));
    await link(join(parts.program.dir, "program.squashfs"), join(tree, "program.squashfs"));
    await run(["cp", "-r", join(parts.refind.dir, "refind"), join(tree, "refind")]);
    await runNicely(run, [
      ...["mksquashfs", tree, join(dir, "live.squashfs"), "-noappend", "-no-progress"],
      ...["-noI", "-noD", "-noF", "-noX", "-no-xattrs", "-all-root", "-b", "256K", "-root-mode", "755"],
      ...["-mkfs-time", String(SOURCE_DATE_EPOCH), "-all-time", String(SOURCE_DATE_EPOCH)],
    ]);
    await rm(tree, { recursive: true });
  });
}
