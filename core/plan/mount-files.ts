// What the installed root mounts and swaps to: /etc/fstab and /etc/crypttab.
import type { ResolvedSpec } from "../spec/resolved.ts";
import { dataSets } from "./data-sets.ts";
import { diskFstab } from "./disk-mounts.ts";
import { withPartition } from "./layout/disk-layout.ts";
import type { Layout } from "./layout/layout.ts";
import { stackOf } from "./root-stack.ts";
import type { FileToWrite } from "./step.ts";
import { textFile as file } from "./text-file.ts";

/** Where the installed host mounts its ESPs, the first one first. */
export function espMountpoints({ disks }: Layout): string[] {
  return withPartition(disks, "esp").map((_, index) => (index === 0 ? "/boot/efi" : `/boot/efi${index + 1}`));
}

/** `withData`: of g2, whose data sets outlive a boot. */
export function fstab(spec: ResolvedSpec, layout: Layout, withData: boolean): string[] {
  const places = espMountpoints(layout);
  const esps = withPartition(layout.disks, "esp").map(
    ({ partition }, at) => `PARTUUID=${partition.partuuid} ${places[at]} vfat umask=0077,nofail 0 2`,
  );
  const data = withData ? dataLines(spec, layout) : [];
  return [
    "# Written by multiverse. A root with generations is not here: the initramfs mounts it.",
    // nofail: with another ESP, or none, the host still starts.
    ...esps,
    ...swaps(spec, layout),
    ...data,
  ];
}

/** What outlives a boot, or of ext4 and xfs everything. */
function dataLines({ root, salt, packages }: ResolvedSpec, layout: Layout): string[] {
  if (root.filesystem === "zfs") {
    const { pool, system } = root;
    return dataSets(packages.set).map(({ name, mountpoint }) => `${pool}/${system}/${name} ${mountpoint} zfs zfsutil 0 0`);
  }
  const stack = stackOf(salt, root, layout);
  return stack === null ? [] : diskFstab(root, stack, packages.set);
}

/** Swap on several disks is used evenly, which is faster and no less safe: what was on a disk that fails is lost either way. */
function swaps(spec: ResolvedSpec, { disks }: Layout): string[] {
  const partitions = withPartition(disks, "swap");
  const options = partitions.length > 1 ? "nofail,pri=10" : "nofail";
  return partitions.map(({ partition }, index) => {
    const device =
      spec.root.encryption === "none" ? `PARTUUID=${partition.partuuid}` : `/dev/mapper/${swapName(index)}`;
    return `${device} none swap ${options} 0 0`;
  });
}

const swapName = (index: number) => (index === 0 ? "swap" : `swap${index + 1}`);

/** Swap beside an encrypted root gets a new random key at every boot. */
export function crypttab(spec: ResolvedSpec, { disks }: Layout): FileToWrite[] {
  const partitions = withPartition(disks, "swap");
  if (partitions.length === 0 || spec.root.encryption === "none") return [];
  return [
    file(
      "/etc/crypttab",
      partitions.map(
        ({ partition }, index) =>
          `${swapName(index)} /dev/disk/by-partuuid/${partition.partuuid} /dev/urandom swap,cipher=aes-xts-plain64,size=512,nofail`,
      ),
    ),
  ];
}
