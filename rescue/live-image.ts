// Stage 6: the live squashfs, which holds all layers without compressing them again; and its variant that installs the tiny root.
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StageResult } from "./cache.ts";
import { type Context, runNicely } from "./context.ts";
import { SOURCE_DATE_EPOCH } from "./host-image.ts";
import { makeManifest } from "./manifest.ts";

const VERSION = 3;

export interface LiveParts {
  /** The host image: kernel, initramfs, and the root that the rescue system stands on. */
  base: StageResult;
  /** What gets installed: the same, or the tiny root. */
  host: StageResult;
  /** The hypervisor set's layer on the base; null on a medium that installs another root. */
  hypervisor: StageResult | null;
  rescue: StageResult;
  program: StageResult;
  refind: StageResult;
}

/** The result holds live.squashfs, or tiny-live.squashfs where another root than the base is installed, and manifest.json. */
export async function buildLiveImage(context: Context, parts: LiveParts): Promise<StageResult> {
  const { run } = context;
  const same = parts.host.key === parts.base.key;
  const [name, file] = same ? ["live", "live.squashfs"] : ["tiny-live", "tiny-live.squashfs"];
  const keys = [parts.base, parts.host, parts.hypervisor, parts.rescue, parts.program, parts.refind].map(
    (part) => part?.key ?? "",
  );
  return context.cache.stage(name, [VERSION, keys], async (dir) => {
    const tree = join(dir, "tree");
    await mkdir(tree);
    const manifest = await makeManifest(context.pins, {
      base: parts.base.dir,
      host: parts.host.dir,
      hypervisor: parts.hypervisor?.dir ?? null,
      rescue: parts.rescue.dir,
      program: parts.program.dir,
    });
    await writeFile(join(dir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    await link(join(dir, "manifest.json"), join(tree, "manifest.json"));
    for (const name of ["vmlinuz", "initrd"]) await link(join(parts.base.dir, name), join(tree, name));
    await link(join(parts.host.dir, "host.squashfs"), join(tree, "host.squashfs"));
    if (!same) await link(join(parts.base.dir, "host.squashfs"), join(tree, "base.squashfs"));
    if (parts.hypervisor !== null) {
      await link(join(parts.hypervisor.dir, "hypervisor.squashfs"), join(tree, "hypervisor.squashfs"));
    }
    await link(join(parts.rescue.dir, "rescue.squashfs"), join(tree, "rescue.squashfs"));
    await link(join(parts.program.dir, "program.squashfs"), join(tree, "program.squashfs"));
    await run(["cp", "-r", join(parts.refind.dir, "refind"), join(tree, "refind")]);
    await runNicely(run, [
      ...["mksquashfs", tree, join(dir, file), "-noappend", "-no-progress"],
      ...["-noI", "-noD", "-noF", "-noX", "-no-xattrs", "-all-root", "-b", "256K", "-root-mode", "755"],
      ...["-mkfs-time", String(SOURCE_DATE_EPOCH), "-all-time", String(SOURCE_DATE_EPOCH)],
    ]);
    await rm(tree, { recursive: true });
  });
}
