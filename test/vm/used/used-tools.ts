// A disk for the rescue machine with what makes used disks and has no place in the rescue system itself.
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createFatDisk } from "../../../core/vm/disk-image.ts";
import type { VmDisk } from "../../../core/vm/machine-options.ts";
import type { Context } from "../scenario.ts";

/** This machine's own; a newer C library, as the guest has, runs them. */
const PROGRAMS = ["/usr/sbin/make-bcache", "/usr/sbin/mkntfs"];
export const TOOLS_SERIAL = "MVTOOLS01";

/** A FAT disk with the programs, the libraries that only they need, and a hybrid ISO image. */
export async function makeToolsDisk({ tools: { run }, work }: Context): Promise<VmDisk> {
  const file = join(work, "tools.img");
  await createFatDisk(run, file, "TOOLS", {});
  const libraries = await run(["ldd", "/usr/sbin/mkntfs"]);
  const ntfs = /=> (\S*libntfs-3g\S*) /.exec(libraries.stdout)?.[1];
  if (ntfs === undefined) throw new Error("mkntfs is not linked with libntfs-3g");
  for (const from of [...PROGRAMS, ntfs, await makeIso(work, run)])
    await run(["mcopy", "-o", "-i", file, from, `::${basename(from)}`]);
  return { id: "tools", file, format: "raw", bus: "virtio", serial: TOOLS_SERIAL, readOnly: true };
}

/** As distributions make them: ISO 9660 with a GPT and an EFI partition, for sticks as well as for discs. */
async function makeIso(work: string, run: Context["tools"]["run"]): Promise<string> {
  const [tree, efi, iso] = [join(work, "iso"), join(work, "efi.img"), join(work, "hybrid.iso")];
  await mkdir(tree);
  await writeFile(join(tree, "readme.txt"), "A file of a disc.\n");
  await run(["truncate", "--size=4M", efi]);
  await run(["mkfs.fat", "-F", "12", efi]);
  await run([
    ...(["xorriso", "-as", "mkisofs", "-o", iso, "-V", "OLD_STICK", "-J", "-r", "-partition_offset", "16"] as const),
    ...["-isohybrid-gpt-basdat", "-append_partition", "2", "0xef", efi, "-appended_part_as_gpt"],
    ...["-e", "--interval:appended_partition_2:all::", "-no-emul-boot", tree],
  ]);
  return iso;
}
