// How the kernel's command line names a root, and what the host archive tells the initramfs about it (docs/formats/host-archive.md).
import type { BtrfsRoot, PlainRoot, ZfsRoot } from "../spec/resolved.ts";
import type { RootStack } from "./root-stack.ts";
import type { PoolRef } from "./step.ts";

export interface RootBoot {
  /** `root=…` without the word. */
  root: string;
  /** Shell variables of etc/multiverse/host.conf, without MULTIVERSE_. */
  settings: Record<string, string>;
}

export const zfsBoot = ({ system, keep }: ZfsRoot, { guid }: PoolRef): RootBoot => ({
  root: `ZFS=${guid}/${system}/os/g2@auto`,
  settings: { POOL: guid, SYSTEM: system, KEEP: String(keep) },
});

/** Values are words of plain letters: names and UUIDs that the schema lets through, paths made of them. */
export function diskBoot(root: PlainRoot | BtrfsRoot, stack: RootStack): RootBoot {
  const { array, locks, group, root: fs } = stack;
  const settings = {
    SYSTEM: root.system,
    ...(array === null ? {} : { ARRAY: `${array.name}=${array.uuid}` }),
    ...(locks.length === 0 ? {} : { LUKS: locks.map(({ name, device }) => `${name}=${device}`).join(" ") }),
    ...(group === null ? {} : { GROUP: `${group.name}=${group.device}` }),
  };
  return root.filesystem === "btrfs"
    ? {
        root: `BTRFS=${fs.uuid}/${root.system}/os/g2@auto`,
        settings: { ...settings, KEEP: String(root.keep) },
      }
    : { root: `UUID=${fs.uuid}`, settings: { ...settings, DEVICE: fs.devices[0] ?? "" } };
}
