// What a root that is not ZFS has mounted: its subvolumes or logical volumes, and their lines of /etc/fstab.
import type { BtrfsRoot, PlainRoot, ResolvedSpec } from "../spec/resolved.ts";
import { dataSets } from "./data-sets.ts";
import type { RootStack } from "./root-stack.ts";
import type { DataSet, MountRef } from "./step.ts";
import { SWAP_SUBVOLUME } from "./swap.ts";

/** Less is written and read than without, at some hundred MB/s of a core (btrfs(5)). */
export const BTRFS_OPTIONS = "compress=zstd:1";

/** The subvolumes that outlive a boot, as the data sets of ZFS do; a swap file has one of its own, which nobody snapshots. */
export function subvolumesOf(spec: Pick<ResolvedSpec, "packages" | "swap">, root: BtrfsRoot): DataSet[] {
  return [...dataSets({ packages: spec.packages, root }), ...(spec.swap.kind === "file" ? [SWAP_SUBVOLUME] : [])];
}

/** Mounts below the root, outer places first. */
export function mountsBelow(
  spec: Pick<ResolvedSpec, "packages" | "swap">,
  root: PlainRoot | BtrfsRoot,
  { root: fs, volumes }: RootStack,
): MountRef[] {
  if (root.filesystem !== "btrfs")
    return volumes.map(({ mountpoint, fs: { devices, filesystem } }) => ({
      ...{ device: devices[0] ?? "", filesystem, options: "defaults", mountpoint },
    }));
  return subvolumesOf(spec, root).map(({ name, mountpoint }) => ({
    ...{ device: fs.devices[0] ?? "", filesystem: fs.filesystem, mountpoint },
    options: `subvol=/${root.system}/${name},${BTRFS_OPTIONS}`,
  }));
}

/**
 * By UUID, whichever device it is found on. ext4 is checked in the initramfs and, after it, nowhere (pass 1 of fstab(5) is
 * for whoever mounts it read-only); xfs and btrfs need no check. The root of btrfs is not here: it is another one at every
 * start.
 */
export function diskFstab(
  spec: Pick<ResolvedSpec, "packages" | "swap">,
  root: PlainRoot | BtrfsRoot,
  stack: RootStack,
): string[] {
  const below = mountsBelow(spec, root, stack);
  if (root.filesystem === "btrfs")
    return below.map(({ options, mountpoint }) => `UUID=${stack.root.uuid} ${mountpoint} btrfs ${options} 0 0`);
  const { filesystem } = root;
  const line = (uuid: string, mountpoint: string, pass: number) =>
    filesystem === "ext4"
      ? `UUID=${uuid} ${mountpoint} ext4 errors=remount-ro 0 ${pass}`
      : `UUID=${uuid} ${mountpoint} xfs defaults 0 0`;
  return [line(stack.root.uuid, "/", 1), ...stack.volumes.map(({ fs, mountpoint }) => line(fs.uuid, mountpoint, 2))];
}
