// Stage 7: the USB image: GPT with an ESP (rEFInd, kernel, initramfs), the live squashfs and a small writable partition.
import { createHash } from "node:crypto";
import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, type StageResult } from "./cache.ts";
import { type Context, runNicely } from "./context.ts";

const VERSION = 2;
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
    const menu = join(dir, "refind.conf");
    await writeFile(menu, renderMenu(await readFile(join(repo, "rescue/refind.conf"), "utf8"), uuidFor(live.key, 2)));
    await copy(menu, "/EFI/BOOT/refind.conf");
    await rm(menu);
    await copy(join(host.dir, "vmlinuz"), "/EFI/multiverse/rescue/vmlinuz");
    await copy(join(host.dir, "initrd"), "/EFI/multiverse/rescue/initrd");
    await makeFat(context, state, STATE_MIB, "MULTIVERSE");

    await writeFile(image, "");
    await truncate(image, (MARGIN_MIB + espMiB + liveMiB + STATE_MIB + MARGIN_MIB) * MIB);
    const partition = (n: number, mib: number, type: string, name: string) => [
      `--new=${n}:0:+${mib}M`,
      `--typecode=${n}:${type}`,
      `--change-name=${n}:${name}`,
      `--partition-guid=${n}:${uuidFor(live.key, n)}`,
    ];
    await run([
      "sgdisk",
      "--clear",
      `--disk-guid=${uuidFor(live.key, 0)}`,
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

const LIVE_UUID = "@LIVE_UUID@";

/** The stick's menu, in which every entry names the stick's own live partition. Throws where the template names none. */
export function renderMenu(template: string, liveUuid: string): string {
  if (!template.includes(LIVE_UUID)) throw new Error(`rescue/refind.conf has no ${LIVE_UUID}`);
  return template.replaceAll(LIVE_UUID, liveUuid);
}

/** The GUID of partition `n` (0: of the disk): another image has others, so two sticks do not take each other's layers. */
export function uuidFor(liveKey: string, n: number): string {
  const hex = createHash("sha256").update(`multiverse stick ${liveKey} ${n}`).digest("hex");
  // version 8 and variant of RFC 9562: a value made from other things
  const words = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return words.join("-");
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
