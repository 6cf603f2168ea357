// Roots that are not ZFS, one of each kind of what they may lie on, and the plans they come to.
import type { Inventory } from "../../core/inventory/inventory.ts";
import { makePlan } from "../../core/plan/make-plan.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { BtrfsRoot, PlainRoot, ResolvedSpec } from "../../core/spec/resolved.ts";
import { sampleDisk, sampleInventory, sampleSpec } from "./sample-host.ts";

const base = { on: "system", size: "rest", system: "jupiter" } as const;

export const plainRoot = (more: Partial<PlainRoot> = {}): PlainRoot => ({
  ...{ filesystem: "ext4", layout: "single", lvm: null, encryption: "none", ...base },
  ...more,
});

export const btrfsRoot = (more: Partial<BtrfsRoot> = {}): BtrfsRoot => ({
  ...{ filesystem: "btrfs", layout: "single", datasets: [], keep: 3, keepReleases: 5, encryption: "none", ...base },
  ...more,
});

const GIB = 1024 ** 3;
export const SAMPLE_GROUP: NonNullable<PlainRoot["lvm"]> = {
  name: "saturn",
  volumes: [
    { name: "root", size: 3 * GIB, mountpoint: "/" },
    { name: "home", size: "rest", mountpoint: "/home" },
  ],
};

export interface SampleRoot {
  root: PlainRoot | BtrfsRoot;
  disks: number;
  spec?: Partial<ResolvedSpec>;
}

export const SAMPLE_ROOTS = {
  ext4: { root: plainRoot(), disks: 1 },
  "xfs on raid6": { root: plainRoot({ filesystem: "xfs", layout: "raid6" }), disks: 4 },
  "ext4 on LUKS, with a swap file": {
    ...{ root: plainRoot({ encryption: "passphrase" }), disks: 1 },
    spec: { swap: { kind: "file", size: GIB } },
  },
  "xfs on LVM on LUKS on raid1": {
    ...{
      root: plainRoot({ filesystem: "xfs", layout: "raid1", encryption: "passphrase", lvm: SAMPLE_GROUP }),
      disks: 2,
    },
  },
  "btrfs, with a swap file": { root: btrfsRoot(), disks: 1, spec: { swap: { kind: "file", size: GIB } } },
  "btrfs raid1 on LUKS": { root: btrfsRoot({ layout: "raid1", encryption: "passphrase" }), disks: 2 },
} as const satisfies Record<string, SampleRoot>;

export const sampleDisks = (count: number): Inventory["disks"] =>
  ["A", "B", "C", "D", "E", "F"].slice(0, count).map((name) =>
    sampleDisk({
      ...{ id: `virtio-${name}`, aliases: [`virtio-${name}`], serial: name },
      ...{ kname: `vd${name.toLowerCase()}`, path: `/dev/vd${name.toLowerCase()}` },
    }),
  );

export function diskPlan({ root, disks, spec }: SampleRoot, inventory: Partial<Inventory> = {}): Plan {
  const all = sampleDisks(disks);
  const ids = all.map(({ id }) => id ?? "");
  return makePlan(
    sampleSpec({ root, disks: { system: ids }, confirmErase: ids, ...spec }),
    sampleInventory({ disks: all, ...inventory }),
    { now: 0x6740a1b2, saveTo: "/run/multiverse/state" },
  );
}
