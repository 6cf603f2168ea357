// Stage 3: the host's squashfs, its kernel and the generic initramfs, from the base tree and our files.
import { chmod, cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, hashFolder, type StageResult } from "./cache.ts";
import { addConsoleFont, consoleFont } from "./console-font.ts";
import { type Context, runNicely } from "./context.ts";
import { kernelRelease } from "./pins.ts";

const VERSION = 1;
const SCRIPTS = ["make-host.sh", "configure-host.sh", "in-root.sh", "with-overlay.sh"];

/** The result holds vmlinuz, initrd, host.squashfs and tree-bytes. */
export async function buildHostImage(context: Context, base: StageResult): Promise<StageResult> {
  const { repo, run, pins } = context;
  const rescue = join(repo, "rescue");
  const node = join(repo, "node_modules/node/bin/node");
  const font = await consoleFont(join(base.dir, "root"));
  const inputs = [
    VERSION,
    base.key,
    Buffer.from(font).toString("base64"),
    await hashFolder(join(rescue, "root/host")),
    await hashFolder(join(repo, "initramfs-hooks")),
    await hashFolder(join(repo, "systemd/host")),
    await hashFiles(rescue, SCRIPTS),
    await hashFiles(join(repo, "node_modules/node"), ["bin/node"]),
  ];
  return context.cache.stage("host-image", inputs, async (dir) => {
    const files = join(dir, "files");
    await collectHostFiles(repo, files);
    await addConsoleFont(font, files);
    await mkdir(join(files, "usr/lib/multiverse-node"), { recursive: true });
    await run(["strip", "-s", "-o", join(files, "usr/lib/multiverse-node/node"), node]);
    const overlay = ["upper", "work", "merged"].map((name) => join(dir, name));
    const [upper = "", work = "", merged = ""] = overlay;
    await runNicely(run, [
      join(rescue, "with-overlay.sh"),
      join(base.dir, "root"),
      upper,
      work,
      merged,
      join(rescue, "make-host.sh"),
      merged,
      files,
      kernelRelease(pins),
      dir,
      String(SOURCE_DATE_EPOCH),
    ]);
    for (const folder of [...overlay, files]) await rm(folder, { recursive: true, force: true });
  });
}

/** The time stamp of every file system we make: the same input gives the same bytes. 2025-08-09, Debian 13's release. */
export const SOURCE_DATE_EPOCH = 1_754_697_600;

async function collectHostFiles(repo: string, files: string): Promise<void> {
  await cp(join(repo, "rescue/root/host"), files, { recursive: true });
  await cp(join(repo, "systemd/host"), join(files, "usr/lib/systemd/system"), { recursive: true });
  for (const kind of ["scripts", "hooks"]) {
    const to = join(files, "usr/share/initramfs-tools", kind);
    await cp(join(repo, "initramfs-hooks", kind), to, { recursive: true });
    if (kind === "hooks") for (const name of await readdir(to)) await chmod(join(to, name), 0o755);
  }
}
