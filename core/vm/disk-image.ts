// Disk images: blank ones, overlays over a file that must not change, and small FAT disks with files in them.
import { open } from "node:fs/promises";
import type { Run } from "../tools/run.ts";

/** A blank qcow2 disk that grows as it is written. */
export async function createDisk(run: Run, path: string, bytes: number): Promise<void> {
  await run(["qemu-img", "create", "-q", "-f", "qcow2", path, String(bytes)]);
}

/** A disk that starts as `backing` and keeps its own writes; `backing` is only read. */
export async function createOverlay(run: Run, path: string, backing: string, format: "qcow2" | "raw"): Promise<void> {
  await run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", format, "-b", backing, path]);
}

/** A copy of a disk with everything that its backing files hold, compacted; for keeping. */
export async function flattenDisk(run: Run, from: string, to: string): Promise<void> {
  await run(["qemu-img", "convert", "-O", "qcow2", "-W", from, to], { timeoutMs: 600_000 });
}

const FAT_BYTES = 64 * 1024 * 1024;

/** A raw FAT32 disk without a partition table. Needs no root and no vfat in this kernel. */
export async function createFatDisk(
  run: Run,
  path: string,
  label: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const handle = await open(path, "w");
  await handle.truncate(FAT_BYTES);
  await handle.close();
  await run(["mkfs.fat", "-F", "32", "--mbr=no", "-n", label, path]);
  for (const [name, text] of Object.entries(files)) await putFile(run, path, name, text);
}

/** Writes a file into a FAT file system; `image` may be `file@@offset`. */
export async function putFile(run: Run, image: string, name: string, text: string): Promise<void> {
  await run(["mcopy", "-o", "-i", image, "-", `::${name}`], { stdin: text });
}

/** Reads a file out of a FAT file system, or null when it is not there. */
export async function getFile(run: Run, image: string, name: string): Promise<string | null> {
  const result = await run(["mcopy", "-n", "-i", image, `::${name}`, "-"], { ok: [0, 1] });
  return result.exit === 0 ? result.stdout : null;
}
