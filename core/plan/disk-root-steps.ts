// The steps of a root on ext4, xfs or btrfs, with whatever it lies on: array, locks, volume group.
import type { BtrfsRoot, PlainRoot, ResolvedSpec } from "../spec/resolved.ts";
import { bootSteps } from "./boot-steps.ts";
import { HOST_KEYS } from "./data-sets.ts";
import { deriveHex, deriveUuid } from "./derive.ts";
import { mountsBelow, subvolumesOf } from "./disk-mounts.ts";
import { finishedEsps } from "./finished-esps.ts";
import type { Layout, RootLayout } from "./layout/layout.ts";
import { MIB } from "./layout/partition-types.ts";
import { step, stepOf } from "./planned-step.ts";
import { diskBoot } from "./root-boot.ts";
import { type RootStack, rootStack } from "./root-stack.ts";
import type { Step } from "./step.ts";
import { swapFileOf } from "./swap.ts";
import { maintainedFiles } from "./system-files.ts";
import { configureSteps, hostKeySteps } from "./system-steps.ts";

type DiskRootLayout = Exclude<RootLayout, { filesystem: "zfs" }>;

export function diskRootSteps(
  spec: ResolvedSpec,
  root: PlainRoot | BtrfsRoot,
  layout: Layout,
  { partuuids, sizes }: DiskRootLayout,
): Step[] {
  const stack = rootStack(spec.salt, root, partuuids, sizes);
  const hostid = deriveHex(spec.salt, "hostid", 8);
  const system =
    root.filesystem === "btrfs" ? generations(spec, root, layout, stack) : oneRoot(spec, root, layout, stack);
  return [
    ...below(stack),
    ...fileSystems(root, stack),
    ...system.before,
    ...swapFile(spec),
    ...hostKeySteps(),
    ...bootSteps(spec, layout, { ...diskBoot(root, stack), hostid }),
    ...system.after,
    step("close the file systems and read them back", "writes", {
      ...{ kind: "close-root", fs: stack.root, array: stack.array, locks: stack.locks, group: stack.group },
      ...{ system: root.system, host: spec.host.name, ...finishedEsps(layout) },
    }),
  ];
}

function below({ array, locks, group }: RootStack): Step[] {
  return [
    ...(array === null
      ? []
      : [step(`join the disks to array ${array.name}, ${array.level}`, "writes", { kind: "make-array", array })]),
    ...(locks.length === 0 ? [] : [step("encrypt with LUKS2", "writes", { kind: "make-locks", locks })]),
    ...(group === null ? [] : [step(`create volume group ${group.name}`, "writes", { kind: "make-volumes", group })]),
  ];
}

function fileSystems({ filesystem, system }: PlainRoot | BtrfsRoot, { root, volumes }: RootStack): Step[] {
  return [
    step(`make the root file system, ${filesystem}`, "writes", {
      ...{ kind: "make-file-system", fs: root, label: system, root: true },
    }),
    ...volumes.map(({ name, mountpoint, fs }, at) =>
      stepOf(at + 2, `make the file system of ${mountpoint}`, "writes", { kind: "make-file-system", fs, label: name }),
    ),
  ];
}

function swapFile({ swap, root, salt }: ResolvedSpec): Step[] {
  if (swap.kind !== "file" || root.filesystem === "zfs") return [];
  const { filesystem } = root;
  return [
    step("make the swap file", "writes", {
      ...{ kind: "make-swap-file", path: swapFileOf(root), bytes: String(Math.ceil(swap.size / MIB) * MIB) },
      ...{ uuid: deriveUuid(salt, "swap"), filesystem },
    }),
  ];
}

interface SystemSteps {
  before: Step[];
  /** What comes after the boot menu. */
  after: Step[];
}

function copy({ packages: { set } }: ResolvedSpec): Step {
  return step("copy the system", "writes", {
    ...{ kind: "copy-system", mounted: true, ...(set === "minimal" ? {} : { set }) },
  });
}

/** ext4, xfs: one generation. */
function oneRoot(spec: ResolvedSpec, root: PlainRoot, layout: Layout, stack: RootStack): SystemSteps {
  const hostid = deriveHex(spec.salt, "hostid", 8);
  const mounts = mountsBelow(spec, root, stack);
  return {
    before: [
      copy(spec),
      ...configureSteps(spec, layout, hostid, { files: maintainedFiles(spec, layout), folders: [HOST_KEYS] }),
      ...(mounts.length === 0
        ? []
        : [step("move what has a volume of its own there", "writes", { kind: "fill-mounts", mounts, files: [] })]),
    ],
    after: [],
  };
}

/** btrfs: the same three generations as on ZFS. */
function generations(spec: ResolvedSpec, root: BtrfsRoot, layout: Layout, stack: RootStack): SystemSteps {
  const { system } = root;
  const fs = stack.root;
  const hostid = deriveHex(spec.salt, "hostid", 8);
  const mounts = mountsBelow(spec, root, stack);
  return {
    before: [
      step("create the subvolumes", "writes", {
        ...{ kind: "make-subvolumes", fs, system, data: subvolumesOf(spec, root) },
      }),
      copy(spec),
      ...configureSteps(spec, layout, hostid),
      step("seal the recovery root g1, branch the maintained root g2 off", "writes", {
        ...{ kind: "branch-maintained", fs, system },
      }),
      step("move what must outlive a boot to its subvolumes", "writes", {
        ...{ kind: "fill-mounts", mounts, files: maintainedFiles(spec, layout) },
      }),
    ],
    after: [step("make the first release", "writes", { kind: "snapshot-release", fs, system, mounts })],
  };
}
