// Stage 7: the USB image: GPT with an ESP (rEFInd, kernel, initramfs), the live squashfs and a small writable partition.
import { stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, type StageResult } from "./cache.ts";
import { type Context, runNicely } from "./context.ts";

const VERSION = 1;
const MIB = 1024 * 1024;
const STATE_MIB = 64;
/** What the GPT needs at both ends, in MiB. */
const MARGIN_MIB = 1;

/** The result holds usb.img. */
export async function buildUsbImage(
  context: Context,
  host: StageResult,
  live: StageResult,
  refind: StageResult,
): Promise<StageResult> {
  const { repo, run } = context;
  const inputs = [VERSION, live.key, await hashFiles(join(repo, "rescue"), ["refind.conf"])];
  return context.cache.stage("usb", inputs, async (dir) => {
    const image = join(dir, "usb.img");
    const esp = join(dir, "esp.img");
    const state = join(dir, "state.img");
    const liveFile = join(live.dir, "live.squashfs");
    const files = await sizeOf(join(host.dir, "vmlinuz"), join(host.dir, "initrd"));
    // FAT32 needs 65525 clusters; room for a second kernel is not wanted here
    const espMiB = Math.max(64, Math.ceil(files / MIB) + 16);
    const liveMiB = Math.ceil((await sizeOf(liveFile)) / MIB);

    await makeFat(context, esp, espMiB, "MVBOOT");
    await run(["mmd", "-i", esp, "::/EFI", "::/EFI/BOOT", "::/EFI/multiverse", "::/EFI/multiverse/rescue"]);
    const copy = (from: string, to: string) => run(["mcopy", "-s", "-i", esp, from, `::${to}`]);
    await copy(join(refind.dir, "refind/refind_x64.efi"), "/EFI/BOOT/BOOTX64.EFI");
    await copy(join(refind.dir, "refind/icons"), "/EFI/BOOT/icons");
    await copy(join(repo, "rescue/refind.conf"), "/EFI/BOOT/refind.conf");
    await copy(join(host.dir, "vmlinuz"), "/EFI/multiverse/rescue/vmlinuz");
    await copy(join(host.dir, "initrd"), "/EFI/multiverse/rescue/initrd");
    await makeFat(context, state, STATE_MIB, "MULTIVERSE");

    await writeFile(image, "");
    await truncate(image, (MARGIN_MIB + espMiB + liveMiB + STATE_MIB + MARGIN_MIB) * MIB);
    const partition = (n: number, mib: number, type: string, name: string) => [
      `--new=${n}:0:+${mib}M`,
      `--typecode=${n}:${type}`,
      `--change-name=${n}:${name}`,
    ];
    await run([
      "sgdisk",
      "--clear",
      ...partition(1, espMiB, "ef00", "multiverse-boot"),
      ...partition(2, liveMiB, "8300", "multiverse-live"),
      ...partition(3, STATE_MIB, "0700", "multiverse-state"),
      image,
    ]);
    let offset = MARGIN_MIB;
    for (const [file, mib] of [
      [esp, espMiB],
      [liveFile, liveMiB],
      [state, STATE_MIB],
    ] as const) {
      await runNicely(run, [
        "dd",
        `if=${file}`,
        `of=${image}`,
        "bs=1M",
        `seek=${offset}`,
        "conv=notrunc,sparse",
        "status=none",
      ]);
      offset += mib;
    }
    await run(["rm", esp, state]);
  });
}

async function makeFat({ run }: Context, file: string, mib: number, label: string): Promise<void> {
  await writeFile(file, "");
  await truncate(file, mib * MIB);
  await run([
    "mkfs.vfat",
    "-F",
    "32",
    "-s",
    "1",
    "-n",
    label,
    "-i",
    label === "MVBOOT" ? "4d56424f" : "4d565354",
    file,
  ]);
}

async function sizeOf(...files: string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
