// Stage 2: the host's packages in a tree, by mmdebstrap; nothing of ours is in it yet.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderDeb822, renderOneLine } from "./apt-sources.ts";
import { hashFiles, type StageResult } from "./cache.ts";
import { type Context, runNicely, suitesOf } from "./context.ts";
import { readPackages } from "./package-list.ts";
import { checkPins, kernelRelease } from "./pins.ts";

const VERSION = 1;
const DPKG_CONFIG = "root/host/etc/dpkg/dpkg.cfg.d/multiverse";

/** The result holds `root/`, which later stages use as the lower layer of an overlay and never change. */
export async function buildHostBase(context: Context, modules: StageResult): Promise<StageResult> {
  const { pins, repo, run } = context;
  const packages = await readPackages(join(repo, "profiles/hosts/minimal.yml"));
  const dpkg = await hashFiles(join(repo, "rescue"), [DPKG_CONFIG]);
  return context.cache.stage("host-base", [VERSION, modules.key, packages, dpkg, suitesOf(context)], async (dir) => {
    checkPins(pins, await context.archive());
    const list = join(dir, "sources.list");
    const final = join(dir, "debian.sources");
    await writeFile(list, `${renderOneLine(context.sources)}deb [trusted=yes] copy:${modules.dir} ./\n`);
    await writeFile(final, renderDeb822(context.sources));
    const all = [...packages, `${pins.kernel}=${pins["kernel-version"]}`, `zfs-modules-${kernelRelease(pins)}`];
    await runNicely(
      run,
      [
        "env",
        "INITRD=No", // the kernel's postinst would build an initramfs that the next stage builds again
        "mmdebstrap",
        "--variant=minbase",
        "--architectures=amd64",
        "--format=directory",
        `--dpkgopt=${join(repo, "rescue", DPKG_CONFIG)}`,
        `--include=${all.join(",")}`,
        '--customize-hook=rm -f "$1/etc/apt/sources.list" "$1"/etc/apt/sources.list.d/* "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"',
        `--customize-hook=copy-in ${final} /etc/apt/sources.list.d`,
        `--customize-hook=copy-in ${join(repo, "rescue", DPKG_CONFIG)} /etc/dpkg/dpkg.cfg.d`,
        pins.suite,
        join(dir, "root"),
        list,
      ],
      {},
    );
    const status = await readFile(join(dir, "root/var/lib/dpkg/status"), "utf8");
    context.say(`  ${status.split("\nPackage: ").length} packages`);
  });
}
