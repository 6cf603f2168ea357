// Stage 5: our own bundle with its data and the one library that stays out of it, the only layer that a change in TypeScript rebuilds.
import { access, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ActionableError, EXIT } from "../core/errors.ts";
import { hashFiles, hashFolder, type StageResult } from "./cache.ts";
import { type Context, runNicely } from "./context.ts";
import { SOURCE_DATE_EPOCH } from "./host-image.ts";

const VERSION = 3;
/** What panes with a terminal in them need: a program library that cannot be bundled, and its compiled part. */
const PTY = "node_modules/node-pty";
const PTY_BINARY = "build/Release/pty.node";

/** The result holds program.squashfs and tree-bytes. Bundles first: that takes a second or two. */
export async function buildProgramLayer(context: Context): Promise<StageResult> {
  const { repo, run } = context;
  await run([process.execPath, join(repo, "node_modules/rolldown/bin/cli.mjs"), "-c", "rolldown.config.js"], {
    cwd: repo,
  });
  const pty = await filesOfPty(repo);
  const inputs = [
    VERSION,
    await hashFiles(repo, ["package.json"]),
    await hashFolder(join(repo, "dist")),
    await hashFiles(join(repo, PTY), pty),
    await hashFolder(join(repo, "profiles")),
    await hashFolder(join(repo, "docs/schema")),
  ];
  return context.cache.stage("program", inputs, async (dir) => {
    const tree = join(dir, "tree");
    await mkdir(join(tree, "docs"), { recursive: true });
    await cp(join(repo, "dist/multiverse.mjs"), join(tree, "multiverse.mjs"));
    await cp(join(repo, "dist/chunks"), join(tree, "chunks"), { recursive: true });
    await cp(join(repo, "package.json"), join(tree, "package.json"));
    await cp(join(repo, "profiles"), join(tree, "profiles"), { recursive: true });
    await cp(join(repo, "docs/schema"), join(tree, "docs/schema"), { recursive: true }).catch(() => undefined);
    for (const file of pty) await cp(join(repo, PTY, file), join(tree, PTY, file));
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

/** The files of node-pty that it needs on Linux, relative to its folder. Throws ActionableError where it was not compiled. */
export async function filesOfPty(repo: string): Promise<string[]> {
  const folder = join(repo, PTY);
  await access(join(folder, PTY_BINARY)).catch((cause: unknown) => {
    throw new ActionableError({
      code: "pty-not-compiled",
      exit: EXIT.refused,
      message: `${PTY} has no ${PTY_BINARY}: npm has not compiled it.`,
      hint: "With a C++ compiler, make and python3: npm rebuild node-pty",
      cause,
    });
  });
  const lib = (await readdir(join(folder, "lib"))).filter(
    (name) => name.endsWith(".js") && !name.endsWith(".test.js") && !/^(windows|conpty)/.test(name),
  );
  return [PTY_BINARY, "LICENSE", "package.json", ...lib.sort().map((name) => `lib/${name}`)];
}
