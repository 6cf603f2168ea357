// The pinned kernel and ZFS release (kernel.yml), and moving the pins to what the archive has now.
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ActionableError, EXIT } from "../core/errors.ts";
import type { Archive } from "./archive.ts";

export const pinsSchema = z.strictObject({
  version: z.literal(1),
  suite: z.string(),
  debian: z.string(),
  kernel: z.string().regex(/^linux-image-[0-9].*-amd64$/),
  "kernel-version": z.string(),
  zfs: z.string(),
});

export type Pins = z.infer<typeof pinsSchema>;

/** The release string of the kernel: what `uname -r` says, and the folder under /lib/modules. */
export const kernelRelease = (pins: Pins): string => pins.kernel.replace(/^linux-image-/, "");

const pinsFile = (repo: string) => join(repo, "rescue", "kernel.yml");

export async function readPins(repo: string): Promise<Pins> {
  return pinsSchema.parse(parse(await readFile(pinsFile(repo), "utf8")));
}

/** Throws (exit 4), naming what there is instead, when the archive no longer has what is pinned. */
export function checkPins(pins: Pins, archive: Archive): void {
  const kernels = archive.versions(pins.kernel);
  const zfs = archive.versions("zfs-dkms");
  const evidence: string[] = [];
  if (!kernels.includes(pins["kernel-version"])) {
    evidence.push(`${pins.kernel} ${pins["kernel-version"]} is gone; there is: ${newestKernels(archive).join(", ")}`);
  }
  if (!zfs.includes(pins.zfs)) evidence.push(`zfs-dkms ${pins.zfs} is gone; there is: ${zfs.join(", ")}`);
  if (evidence.length === 0) return;
  throw new ActionableError({
    code: "pin-gone",
    exit: EXIT.refused,
    message:
      "The mirror no longer has the kernel or the ZFS release that the images are pinned to (rescue/kernel.yml).",
    evidence,
    hint: "Build with the newest instead (without --pinned), or move the pins: multiverse rescue build --repin",
  });
}

/** The newest kernel and ZFS that the archive has. */
export function newestPins(pins: Pins, archive: Archive): Pins {
  const kernel = newestKernels(archive)[0] ?? pins.kernel;
  return {
    ...pins,
    kernel,
    "kernel-version": archive.versions(kernel)[0] ?? pins["kernel-version"],
    zfs: archive.versions("zfs-dkms")[0] ?? pins.zfs,
  };
}

/** Rewrites kernel.yml with the newest kernel and ZFS; comments at its head stay. */
export async function repin(repo: string, pins: Pins, archive: Archive): Promise<Pins> {
  const next = newestPins(pins, archive);
  const head = (await readFile(pinsFile(repo), "utf8")).split("\n").filter((line) => line.startsWith("#"));
  const lines = Object.entries(next).map(([key, value]) => `${key}: ${key === "debian" ? `"${value}"` : value}`);
  const temporary = `${pinsFile(repo)}.new`;
  await writeFile(temporary, `${[...head, ...lines].join("\n")}\n`);
  await rename(temporary, pinsFile(repo));
  return next;
}

function newestKernels(archive: Archive): string[] {
  const byNumber = new Intl.Collator("en", { numeric: true });
  return archive
    .names()
    .filter((name) => /^linux-image-[0-9][0-9.]*\+deb[0-9]+-amd64$/.test(name))
    .sort((a, b) => byNumber.compare(b, a));
}
