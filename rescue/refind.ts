// rEFInd's loader and icons, taken out of Debian's package without installing it: its install script would look for an ESP.
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { StageResult } from "./cache.ts";
import { type Context, suitesOf } from "./context.ts";

const VERSION = 1;

/** The result holds `refind/` with refind_x64.efi and icons/ (without icons rEFInd falls back to text mode). */
export async function fetchRefind(context: Context): Promise<StageResult> {
  return context.cache.stage("refind", [VERSION, context.pins.suite, suitesOf(context)], async (dir) => {
    const archive = await context.archive();
    const unpacked = join(dir, "unpacked");
    await mkdir(unpacked);
    await archive.download("refind", dir);
    const deb = (await readdir(dir)).find((name) => name.endsWith(".deb")) ?? "";
    await context.run(["dpkg-deb", "-x", join(dir, deb), unpacked]);
    const from = join(unpacked, "usr/share/refind/refind");
    await cp(join(from, "refind_x64.efi"), join(dir, "refind/refind_x64.efi"));
    await cp(join(from, "icons"), join(dir, "refind/icons"), { recursive: true });
    await cp(join(unpacked, "usr/share/doc/refind/copyright"), join(dir, "refind/copyright"));
    await rm(unpacked, { recursive: true });
    await rm(join(dir, deb));
  });
}
