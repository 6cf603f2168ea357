// What the installed root mounts: /etc/fstab.
import type { ResolvedSpec } from "../spec/resolved.ts";
import { dataSets } from "./data-sets.ts";
import { diskFstab } from "./disk-mounts.ts";
import { withPartition } from "./layout/disk-layout.ts";
import type { Layout } from "./layout/layout.ts";
import { stackOf } from "./root-stack.ts";
import { swapLines } from "./swap.ts";

/** Where the installed host mounts its ESPs, the first one first. */
export function espMountpoints({ disks }: Layout): string[] {
  return withPartition(disks, "esp").map((_, index) => (index === 0 ? "/boot/efi" : `/boot/efi${index + 1}`));
}

/** `withData`: of g2, whose data sets outlive a boot. */
export function fstab(spec: ResolvedSpec, layout: Layout, withData: boolean): string[] {
  const { root } = spec;
  const places = espMountpoints(layout);
  const esps = withPartition(layout.disks, "esp").map(
    ({ partition }, at) => `PARTUUID=${partition.partuuid} ${places[at]} vfat umask=0077,nofail 0 2`,
  );
  const data = withData ? dataLines(spec, layout) : [];
  return [
    ...(root.filesystem === "ext4" || root.filesystem === "xfs"
      ? ["# Written by multiverse."]
      : ["# Written by multiverse. The root is not here: the initramfs mounts it."]),
    // nofail: with another ESP, or none, the host still starts.
    ...esps,
    ...swapLines(spec, layout),
    ...data,
  ];
}

/** What outlives a boot, or of ext4 and xfs everything. */
function dataLines(spec: ResolvedSpec, layout: Layout): string[] {
  const { root, salt } = spec;
  if (root.filesystem === "zfs") {
    const { pool, system } = root;
    return dataSets({ packages: spec.packages, root }).map(
      ({ name, mountpoint }) => `${pool}/${system}/${name} ${mountpoint} zfs zfsutil 0 0`,
    );
  }
  const stack = stackOf(salt, root, layout);
  return stack === null ? [] : diskFstab(spec, root, stack);
}
