// Stage 1: builds the ZFS modules for the pinned kernel by DKMS, once, and keeps them as a Debian package.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderOneLine } from "./apt-sources.ts";
import type { StageResult } from "./cache.ts";
import { type Context, runNicely, suitesOf } from "./context.ts";
import { checkPins, kernelRelease } from "./pins.ts";

const VERSION = 1;

/** The result holds a package repository of one package, `zfs-modules-<kernel release>`. */
export async function buildZfsModules(context: Context): Promise<StageResult> {
  const { pins, run } = context;
  const release = kernelRelease(pins);
  const inputs = [VERSION, pins.kernel, pins["kernel-version"], pins.zfs, pins.suite, suitesOf(context)];
  return context.cache.stage("zfs-modules", inputs, async (dir) => {
    checkPins(pins, await context.archive());
    const sources = join(dir, "sources.list");
    await writeFile(sources, renderOneLine(context.sources));
    const tree = join(dir, "tree");
    const modules = join(tree, "usr/lib/modules", release, "updates/dkms");
    await mkdir(modules, { recursive: true });
    await runNicely(run, [
      "mmdebstrap",
      "--variant=minbase",
      "--architectures=amd64",
      "--format=null",
      `--include=linux-headers-${release}=${pins["kernel-version"]},dkms,zfs-dkms=${pins.zfs},xz-utils`,
      `--customize-hook=chroot "$1" dkms autoinstall -k ${release}`,
      `--customize-hook=copy-out /usr/lib/modules/${release}/updates/dkms ${join(dir, "out")}`,
      `--setup-hook=mkdir -p ${join(dir, "out")}`,
      pins.suite,
      "/dev/null",
      sources,
    ]);
    // in the initramfs zstd packs them better, and an emulated guest unpacks them faster than xz
    for (const name of await readdir(join(dir, "out/dkms"))) {
      await run([
        "sh",
        "-c",
        'xz -dc "$1" >"$2"',
        "sh",
        join(dir, "out/dkms", name),
        join(modules, name.replace(/\.xz$/, "")),
      ]);
    }
    await rm(join(dir, "out"), { recursive: true });
    await pack(context, tree, dir);
    await rm(tree, { recursive: true });
    await rm(sources);
  });
}

async function pack({ run, pins }: Context, tree: string, dir: string): Promise<void> {
  const release = kernelRelease(pins);
  const control = [
    `Package: zfs-modules-${release}`,
    `Version: ${pins.zfs}`,
    "Architecture: amd64",
    "Maintainer: Multiverse image build <root@localhost>",
    `Depends: ${pins.kernel}`,
    "Provides: zfs-modules",
    "Section: kernel",
    "Priority: optional",
    `Description: OpenZFS modules for Linux ${release}`,
    "",
  ].join("\n");
  await mkdir(join(tree, "DEBIAN"));
  await writeFile(join(tree, "DEBIAN/control"), control);
  await writeFile(join(tree, "DEBIAN/postinst"), `#!/bin/sh\nset -e\ndepmod ${release} || true\n`, { mode: 0o755 });
  await run(["chmod", "-R", "u=rwX,go=rX", tree]);
  const file = "zfs-modules.deb";
  await run(["dpkg-deb", "--root-owner-group", "-Zzstd", "--build", tree, join(dir, file)]);
  const content = await readFile(join(dir, file));
  const sha256 = createHash("sha256").update(content).digest("hex");
  const index = `${control}Filename: ./${file}\nSize: ${content.length}\nSHA256: ${sha256}\n`;
  await writeFile(join(dir, "Packages"), index);
}
