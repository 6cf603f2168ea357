// The steps of a root on ZFS: pool, data sets, the three generations, the first release.
import type { ResolvedSpec, ZfsRoot } from "../spec/resolved.ts";
import { bootSteps } from "./boot-steps.ts";
import { dataSets } from "./data-sets.ts";
import { deriveHex } from "./derive.ts";
import { finishedEsps } from "./finished-esps.ts";
import { withPartition } from "./layout/disk-layout.ts";
import type { Layout, RootLayout } from "./layout/layout.ts";
import { step } from "./planned-step.ts";
import { poolOf } from "./pool-of.ts";
import { zfsBoot } from "./root-boot.ts";
import type { Step } from "./step.ts";
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
  const data = [...dataSets(spec.packages.set)];
  const locked = encryption === "none" ? "" : ", encrypted";
  const [target, ...others] = withPartition(layout.disks, "pool").map(({ disk }) => disk.target);
  if (target === undefined) throw new Error("the layout has no pool partition");
  return [
    step(`create pool ${pool.name}`, "writes", {
      ...{ kind: "create-pool", target, ...(others.length === 0 ? {} : { others }), pool },
    }),
    step(`create the data sets${locked}`, "writes", { kind: "create-datasets", pool, system, encryption, data }),
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
    ...bootSteps(spec, layout, { ...zfsBoot(root, pool), hostid }),
    step("make the first release", "writes", { kind: "release", pool, system, data }),
    step("close the pool and read it back", "writes", {
      ...{ kind: "finish", pool, system, encryption, ...finishedEsps(layout) },
    }),
  ];
}
