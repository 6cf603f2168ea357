// Checks finished images: checksums, what is in the initramfs and what must not be, and what the stick's ESP holds.
import { stat } from "node:fs/promises";
import type { Run } from "../core/tools/run.ts";
import type { Images } from "./build.ts";
import { sha256 } from "./manifest.ts";

export interface Check {
  name: string;
  ok: boolean;
  /** What was seen. */
  seen: string;
}

const LIMIT_BYTES = 700 * 1024 * 1024;
const IN_INITRAMFS = [
  "scripts/zfs",
  "scripts/multiverse",
  "scripts/multiverse-live",
  "usr/lib/multiverse-live/mount",
  "scripts/multiverse-disks",
  "usr/sbin/zpool",
  "usr/sbin/cryptsetup",
  "usr/sbin/lvm",
  "usr/sbin/mdadm",
];
const MODULES = [
  ...["zfs", "spl", "squashfs", "overlay", "loop", "vfat", "nvme", "virtio_blk", "usb-storage", "sd_mod"],
  ...["ext4", "xfs", "btrfs", "raid1", "raid10", "raid456", "dm-mod", "dm-crypt"],
];
/** What would bind the generic image to one machine, or give away a secret. */
const NEVER = /(^|\/)(etc\/hostid|zpool\.cache|ssh_host_[^/]*_key|[^/]*\.key|authorized_keys|machine-id)$/;
const ON_MEDIUM = [
  "manifest.json",
  "vmlinuz",
  "initrd",
  "host.squashfs",
  "rescue.squashfs",
  "program.squashfs",
  "refind",
];
const BASE = "base.squashfs";
const SET = "hypervisor.squashfs";

/** Never throws for a check that fails; throws ProgramError when a checking program itself cannot run. */
export async function verifyImages(run: Run, images: Images): Promise<Check[]> {
  return [
    ...(await checkSums(images)),
    ...(await checkInitramfs(run, images)),
    ...(await checkMedium(run, "live squashfs", images.live, [...ON_MEDIUM, SET])),
    ...(images.tiny === "" ? [] : await checkMedium(run, "tiny live squashfs", images.tiny, [...ON_MEDIUM, BASE])),
    ...(images.usb === "" ? [] : await checkStick(run, images.usb)),
  ];
}

async function checkSums(images: Images): Promise<Check[]> {
  const { kernel, program } = images.manifest;
  const pairs = [
    ["vmlinuz", images.vmlinuz, kernel.vmlinuzSha256],
    ["initrd", images.initrd, kernel.initrdSha256],
    ["program.squashfs", images.program, program.sha256],
  ] as const;
  return Promise.all(
    pairs.map(async ([name, file, wanted]) => {
      const seen = await sha256(file);
      return { name: `${name} has the checksum that the manifest says`, ok: seen === wanted, seen };
    }),
  );
}

/** The generic image is one cpio stream for the modules that are compressed already and one packed by zstd. */
async function checkInitramfs(run: Run, images: Images): Promise<Check[]> {
  const names = await listInitramfs(run, images.initrd);
  const paths = names.map((name) => name.replace(/^usr\//, ""));
  const release = images.manifest.kernel.version;
  const modules = MODULES.map((module) => {
    const pattern = new RegExp(`lib/modules/${release.replace(/[+.]/g, "\\$&")}/.*/${module}\\.ko(\\.xz|\\.zst)?$`);
    const seen = names.find((name) => pattern.test(name));
    return { name: `initramfs has ${module} for ${release}`, ok: seen !== undefined, seen: seen ?? "not there" };
  });
  const files = IN_INITRAMFS.map((file) => {
    const ok = names.includes(file) || paths.includes(file.replace(/^usr\//, ""));
    return { name: `initramfs has ${file}`, ok, seen: ok ? "there" : "not there" };
  });
  const wrong = names.filter((name) => NEVER.test(name));
  return [
    ...modules,
    ...files,
    {
      name: "initramfs has nothing of one machine and no key",
      ok: wrong.length === 0,
      seen: wrong.join(", ") || "none",
    },
  ];
}

/** Names in all parts of an initramfs: uncompressed cpio streams in front, then one compressed by zstd. */
export async function listInitramfs(run: Run, initrd: string): Promise<string[]> {
  const list = [
    "set -eu",
    'skip=$(LC_ALL=C grep -obUaP -m 1 "\\x28\\xb5\\x2f\\xfd" "$1" | head -n 1 | cut -d : -f 1)',
    'head -c "$skip" "$1" | cpio --quiet -t 2>/dev/null || true',
    'tail -c +$((skip + 1)) "$1" | zstd -dcq | cpio --quiet -t',
  ].join("\n");
  const result = await run(["sh", "-c", list, "sh", initrd], { timeoutMs: 300_000 });
  return result.stdout.split("\n").filter((name) => name !== "" && name !== ".");
}

async function checkMedium(run: Run, what: string, file: string, wanted: readonly string[]): Promise<Check[]> {
  const size = (await stat(file)).size;
  const listing = await run(["unsquashfs", "-l", "-d", "", file]);
  const names = listing.stdout.split("\n").map((line) => line.replace(/^\//, ""));
  const missing = wanted.filter((name) => !names.includes(name));
  const header = await run(["unsquashfs", "-s", file]);
  return [
    { name: `${what} can be read`, ok: /valid SQUASHFS 4/.test(header.stdout), seen: `${size} bytes` },
    { name: `${what} holds all layers`, ok: missing.length === 0, seen: missing.join(", ") || "complete" },
  ];
}

async function checkStick(run: Run, usb: string): Promise<Check[]> {
  const size = (await stat(usb)).size;
  const table = await run(["sgdisk", "--print", usb]);
  const unnamed = ["multiverse-boot", "multiverse-live", "multiverse-state"].filter(
    (name) => !table.stdout.includes(name),
  );
  const esp = await run(["mdir", "-/", "-b", "-i", `${usb}@@1M`, "::/"]);
  const wanted = ["EFI/BOOT/BOOTX64.EFI", "EFI/BOOT/refind.conf", "EFI/BOOT/icons/os_debian.png"];
  const kernel = ["EFI/multiverse/rescue/vmlinuz", "EFI/multiverse/rescue/initrd"];
  const missing = [...wanted, ...kernel].filter((name) => !esp.stdout.includes(name));
  const menu = await run(["mtype", "-i", `${usb}@@1M`, "::/EFI/BOOT/refind.conf"]);
  const inMenu = [...menu.stdout.matchAll(/multiverse\.live=PARTUUID=([0-9a-f-]+)/g)].map(([, uuid = ""]) => uuid);
  const live = await run(["sgdisk", "--info=2", usb]);
  const own = /unique GUID: ([0-9A-F-]+)/.exec(live.stdout)?.[1]?.toLowerCase() ?? "";
  return [
    { name: "stick is not larger than 700 MB", ok: size <= LIMIT_BYTES, seen: `${size} bytes` },
    {
      name: "stick's menu names its own live partition",
      ok: inMenu.length > 0 && inMenu.every((uuid) => uuid === own),
      seen: inMenu.join(", "),
    },
    { name: "stick has its three partitions", ok: unnamed.length === 0, seen: unnamed.join(", ") || "all" },
    {
      name: "stick's ESP has loader, kernel and initramfs",
      ok: missing.length === 0,
      seen: missing.join(", ") || "all",
    },
  ];
}
