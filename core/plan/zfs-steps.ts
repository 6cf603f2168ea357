// The steps of a root on ZFS: pool, data sets, the three generations, the first release.
import type { ResolvedSpec, ZfsRoot } from "../spec/resolved.ts";
import { type BootOf, bootEntrySteps, bootFileSteps, bootSteps } from "./boot-steps.ts";
import { dataSets } from "./data-sets.ts";
import { deriveHex, deriveUuid } from "./derive.ts";
import { joinedEspSteps } from "./joined-esp-steps.ts";
import { withPartition } from "./layout/disk-layout.ts";
import type { Layout, RootLayout } from "./layout/layout.ts";
import { MIB, partitionName } from "./layout/partition-types.ts";
import { step } from "./planned-step.ts";
import { poolOf } from "./pool-of.ts";
import { statedOptions } from "./pool-options.ts";
import type { PoolRef, Step, Target } from "./step.ts";
import { maintainedFiles } from "./system-files.ts";
import { configureSteps, hostKeySteps } from "./system-steps.ts";

export function zfsSteps(
  spec: ResolvedSpec,
  root: ZfsRoot,
  layout: Layout,
  { vdevs }: Extract<RootLayout, { filesystem: "zfs" }>,
): Step[] {
  const pool = poolOf(spec.salt, root, vdevs);
  const { system, encryption } = root;
  const hostid = deriveHex(spec.salt, "hostid", 8);
  const data = dataSets(spec);
  const options = statedOptions(root.poolOptions);
  const locked = encryption === "none" ? "" : ", encrypted";
  const [target, ...others] = layout.disks
    .filter(({ partitions }) => partitions.some(({ role }) => role !== "esp" && role !== "swap"))
    .map(({ target }) => target);
  if (target === undefined) throw new Error("the layout has no pool partition");
  return [
    ...joinedEspSteps(layout),
    step(`create pool ${pool.name}`, "writes", {
      ...{ kind: "create-pool", target, ...(others.length === 0 ? {} : { others }), pool },
      ...(options === null ? {} : { options }),
    }),
    step(`create the data sets${locked}`, "writes", { kind: "create-datasets", pool, system, encryption, data }),
    ...swapVolume(spec, pool),
    step("copy the system", "writes", {
      ...{ kind: "copy-system", pool, system },
      ...(spec.packages.set === "minimal" ? {} : { set: spec.packages.set }),
    }),
    ...configureSteps(spec, layout, hostid),
    step("seal the recovery root g1", "writes", { kind: "seal-recovery", pool, system }),
    step("copy it to the maintained root g2", "writes", { kind: "copy-maintained", pool, system }),
    step("move what must outlive a boot to its data sets", "writes", {
      ...{ kind: "fill-data", pool, system, data, files: maintainedFiles(spec, layout) },
    }),
    ...hostKeySteps(),
    ...startSteps(
      spec,
      layout,
      { pool, hostid },
      step("make the first release", "writes", { kind: "release", pool, system, data }),
    ),
    finishStep(layout, target, { pool, system, encryption }),
  ];
}

export function swapVolume({ swap, root, salt }: ResolvedSpec, pool: PoolRef): Step[] {
  if (swap.kind !== "zvol") return [];
  const bytes = Math.ceil(swap.size / MIB) * MIB;
  return [
    step("make the swap volume", "writes", {
      ...{ kind: "make-swap-volume", pool, system: root.system, bytes: String(bytes), uuid: deriveUuid(salt, "swap") },
    }),
  ];
}

function finishStep(
  layout: Layout,
  target: Target,
  of: Pick<Extract<Step["data"], { kind: "finish" }>, "pool" | "system" | "encryption">,
): Step {
  const [first, ...more] = withPartition(layout.disks, "esp");
  if (first === undefined) return finishJoined(layout, of);
  const others = more.map(({ disk, partition }) => ({
    ...{ target: disk.target, esp: partition.number, partuuid: partition.partuuid },
  }));
  return step("close the pool and read it back", "writes", {
    ...{ kind: "finish", target, ...of, esp: first.partition.number },
    ...(others.length === 0 ? {} : { partuuid: first.partition.partuuid, others }),
  });
}

/** Every ESP was there before, so the mark of an unfinished install is the name of the pool's first partition. */
function finishJoined(
  layout: Layout,
  of: Pick<Extract<Step["data"], { kind: "finish" }>, "pool" | "system" | "encryption">,
): Step {
  const [member] = withPartition(layout.disks, "pool");
  if (member === undefined) throw new Error("the layout has no pool partition");
  const { target } = member.disk;
  return step("close the pool and read it back", "writes", {
    ...{ kind: "finish", target, ...of, esp: member.partition.number, label: partitionName(of.pool.name) },
    ...(layout.joined === undefined ? {} : { joined: layout.joined.length }),
  });
}

/** Beside another system's loader the entry comes behind the release: nothing starts a system that is not whole. */
function startSteps(spec: ResolvedSpec, layout: Layout, boot: BootOf, release: Step): Step[] {
  if (layout.joined === undefined) return [...bootSteps(spec, layout, boot), release];
  return [...bootFileSteps(spec, layout, boot), release, ...bootEntrySteps(spec, layout, boot)];
}
