// `esp:`, `source:` and `boot:`: what is around the root file system and how the machine starts.
import { z } from "zod";
import { key, later, word } from "./question-meta.ts";
import { devicePath } from "./schema-disks.ts";
import { atLeast, sizeOrPercent } from "./sizes.ts";
import { classifySource } from "./source-uri.ts";

const espDevice = devicePath.describe("A path such as /dev/sda1 or a link under /dev/disk/by-partuuid.");

export const espSchema = z.strictObject({
  size: key(
    sizeOrPercent.refine(atLeast(2 ** 30), "is less than the 1 GiB that kernels of several releases need"),
    "The size of the EFI system partition, 1 GiB at least, or a part of the disk (2 %). Default: 2 GiB.",
  ),
  join: key(
    z.union([z.literal("none"), espDevice, z.array(espDevice).min(1, "must name at least one partition").max(64)]),
    "Beside other systems and on a pool that exists: the EFI system partition, or several, that ours joins without formatting it; or none: ours is made. Default: those on the same disks that have room.",
  ),
  fallback: key(
    z.enum(["keep", "replace"]),
    "On an EFI system partition that is joined: keep: another system's EFI/BOOT/BOOTX64.EFI stays; replace: it is kept under another name, which our menu offers, and ours takes its place. Default: keep.",
  ),
});

const sourceUri = z
  .string()
  .refine(
    (uri) => classifySource(uri) !== "unknown",
    'must be a source such as "live:" or "live:/dev/disk/by-partuuid/…" (in quotes)',
  )
  .refine((uri) => classifySource(uri) !== "later", {
    params: { notYet: true },
    error: 'can only be "live:", alone or with a medium: other sources are not supported yet',
  });

export const sourceSchema = z.union([
  sourceUri,
  z.strictObject({
    uri: key(
      sourceUri,
      '"live:" installs the system that is running from the medium, "live:/dev/disk/by-partuuid/…" that of another medium.',
    ).unwrap(),
    sha256: later("the checksum of an archive."),
    signature: later("the signature of an archive."),
    key: later("the key of a signature."),
  }),
]);

export const bootSchema = z.strictObject({
  loader: key(word(["refind"], ["systemd-boot", "grub"]), "The boot loader. Default: refind."),
  timeout: key(
    z.int().min(-1).max(600),
    "Seconds that the boot menu waits; 0 waits for ever, -1 not at all. Default: 5.",
  ),
  order: key(
    z.enum(["first", "last"]),
    "Where our entry goes in the firmware's order of boot entries. Default: first; beside another system's loader last, so that the machine starts as before.",
  ),
  consoles: key(
    z.array(z.string().regex(/^(tty|ttyS|ttyAMA|hvc)[0-9]{1,3}$/, "must be a kernel console such as tty0 or ttyS0")),
    "Kernel consoles, the last one gets the login messages. Default: those of this machine.",
  ),
  options: key(
    z
      .string()
      .max(1024, "is longer than 1024 characters")
      .regex(/^[\u0020-\u007e]*$/, "must be plain ASCII")
      .refine((text) => !text.includes('"'), 'must not contain "')
      .refine(
        (text) => !/(^| )(root|boot|console)=/.test(text),
        "must not set root=, boot= or console=: the boot menu does",
      ),
    "Further words for the kernel's command line.",
  ),
  menu: later("a boot menu of your own."),
});
