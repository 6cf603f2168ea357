// The steps of a system that is added to a pool that exists: only below <pool>/<system>, and one boot entry, which comes last.
import type { ExistingRoot, ResolvedSpec } from "../spec/resolved.ts";
import { bootEntrySteps, bootFileSteps } from "./boot-steps.ts";
import { dataSets } from "./data-sets.ts";
import { joinedEspSteps } from "./joined-esp-steps.ts";
import { espsOf } from "./layout/esps.ts";
import { markOf } from "./layout/existing-pool.ts";
import type { Layout, RootLayout } from "./layout/layout.ts";
import { step } from "./planned-step.ts";
import type { Step } from "./step.ts";
import { maintainedFiles } from "./system-files.ts";
import { configureSteps, hostKeySteps } from "./system-steps.ts";
import { swapVolume } from "./zfs-steps.ts";

export function existingSteps(
  spec: ResolvedSpec,
  root: ExistingRoot,
  layout: Layout,
  { pool, hostid, importHostid, properties }: Extract<RootLayout, { filesystem: "zfs-existing" }>,
): Step[] {
  const { system, encryption } = root;
  const data = dataSets(spec);
  const boot = { pool, hostid };
  const esps = espsOf(layout);
  return [
    ...joinedEspSteps(layout),
    step(`import the pool ${pool.name}`, "writes", { kind: "import-pool", pool, system, hostid: importHostid }),
    step(`create the data sets${encryption === "none" ? "" : ", encrypted"}`, "writes", {
      ...{ kind: "create-datasets", pool, system, encryption, data, properties },
      added: { mark: markOf(spec.salt), hostid: importHostid },
    }),
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
    ...bootFileSteps(spec, layout, boot),
    step("make the first release", "writes", { kind: "release", pool, system, data }),
    // Last: nothing starts a system that is not whole.
    ...bootEntrySteps(spec, layout, boot),
    step("close the pool and read it back", "writes", {
      ...{ kind: "finish-added", pool, system, encryption, hostid: importHostid, esps: esps.length },
    }),
  ];
}
