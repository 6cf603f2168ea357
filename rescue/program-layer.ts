// Stage 5: our own bundle with its data, the only layer that a change in TypeScript rebuilds.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, hashFolder, type StageResult } from "./cache.ts";
import { type Context, runNicely } from "./context.ts";
import { SOURCE_DATE_EPOCH } from "./host-image.ts";

const VERSION = 1;

/** The result holds program.squashfs and tree-bytes. Bundles first: that takes a second or two. */
export async function buildProgramLayer(context: Context): Promise<StageResult> {
  const { repo, run } = context;
  await run([process.execPath, join(repo, "node_modules/rolldown/bin/cli.mjs"), "-c", "rolldown.config.js"], {
    cwd: repo,
  });
  const inputs = [
    VERSION,
    await hashFiles(repo, ["dist/multiverse.mjs", "package.json"]),
    await hashFolder(join(repo, "profiles")),
    await hashFolder(join(repo, "docs/schema")),
  ];
  return context.cache.stage("program", inputs, async (dir) => {
    const tree = join(dir, "tree");
    await mkdir(join(tree, "docs"), { recursive: true });
    await cp(join(repo, "dist/multiverse.mjs"), join(tree, "multiverse.mjs"));
    await cp(join(repo, "package.json"), join(tree, "package.json"));
    await cp(join(repo, "profiles"), join(tree, "profiles"), { recursive: true });
    await cp(join(repo, "docs/schema"), join(tree, "docs/schema"), { recursive: true }).catch(() => undefined);
    await run(["chmod", "-R", "u=rwX,go=rX", tree]);
    const count = 'tar --numeric-owner --sort=name -C "$1" -cf - . | wc -c';
    const bytes = await run(["sh", "-c", count, "sh", tree]);
    await writeFile(join(dir, "tree-bytes"), bytes.stdout);
    await runNicely(run, [
      ...["mksquashfs", tree, join(dir, "program.squashfs"), "-noappend", "-no-progress", "-comp", "zstd"],
      ...["-Xcompression-level", "15", "-b", "128K", "-all-root", "-no-xattrs"],
      ...["-mkfs-time", String(SOURCE_DATE_EPOCH), "-all-time", String(SOURCE_DATE_EPOCH)],
    ]);
    await rm(tree, { recursive: true });
  });
}
