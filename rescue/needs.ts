// What the build machine must have before images can be built: root, and programs from these packages.
import { ActionableError, EXIT } from "../core/errors.ts";
import type { Run } from "../core/tools/run.ts";

/** program → Debian package that brings it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  mksquashfs: "squashfs-tools",
  mcopy: "mtools",
  sgdisk: "gdisk",
  "mkfs.vfat": "dosfstools",
  zstd: "zstd",
  xz: "xz-utils",
  cpio: "cpio",
  "dpkg-deb": "dpkg",
  "apt-get": "apt",
  strip: "binutils",
  unshare: "util-linux",
};

/** Debian packages that a build machine needs; scripts that prepare one install this list. */
export const BUILD_PACKAGES: readonly string[] = [
  ...new Set(Object.values(PROGRAMS).filter((name) => name !== "dpkg" && name !== "apt")),
  "debian-archive-keyring",
];

/** Throws (exit 4) when images cannot be built here, naming everything that is missing at once. */
export async function checkBuildMachine(run: Run): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new ActionableError({
      code: "build-needs-root",
      exit: EXIT.refused,
      message:
        "Building the rescue images needs root: it installs packages into trees of their own and mounts overlays.",
      hint: "Run it again as root, for example: sudo multiverse rescue build",
    });
  }
  const missing: string[] = [];
  for (const program of Object.keys(PROGRAMS)) {
    const found = await run(["sh", "-c", 'command -v "$1"', "sh", program], { ok: [0, 1, 127] });
    if (found.exit !== 0) missing.push(program);
  }
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => PROGRAMS[program] ?? program))];
  throw new ActionableError({
    code: "build-programs-missing",
    exit: EXIT.refused,
    message: "Programs that build the images are missing on this machine.",
    evidence: [`not found: ${missing.join(", ")}`],
    hint: `apt-get install ${packages.join(" ")}`,
  });
}
