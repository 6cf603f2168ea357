// What the installed root mounts: /etc/fstab.
import type { ResolvedSpec } from "../spec/resolved.ts";
import { dataSets } from "./data-sets.ts";
import { espsOf } from "./layout/esps.ts";
import type { Layout } from "./layout/layout.ts";
import { swapLines } from "./swap.ts";

/** Where the installed host mounts its ESPs, the first one first. */
export function espMountpoints(layout: Layout): string[] {
  return espsOf(layout).map((_, index) => (index === 0 ? "/boot/efi" : `/boot/efi${index + 1}`));
}

/** `withData`: of g2, whose data sets outlive a boot. */
export function fstab(spec: ResolvedSpec, layout: Layout, withData: boolean): string[] {
  const places = espMountpoints(layout);
  const esps = espsOf(layout).map(
    ({ partuuid }, at) => `PARTUUID=${partuuid} ${places[at]} vfat umask=0077,nofail 0 2`,
  );
  const { pool, system } = spec.root;
  const data = withData
    ? dataSets(spec).map((set) => `${pool}/${system}/${set.name} ${set.mountpoint} zfs zfsutil 0 0`)
    : [];
  return [
    "# Written by multiverse. The root is not here: the initramfs mounts it.",
    // nofail: with another ESP, or none, the host still starts.
    ...esps,
    ...swapLines(spec, layout),
    ...data,
  ];
}
