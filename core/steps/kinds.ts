// The one list of step kinds: a new kind is a new file and a line here.
import type { Evidence, Step, StepData } from "../plan/step.ts";
import type { Action, StepKind } from "./action.ts";
import { addPackages } from "./add-packages.ts";
import { addPartitions } from "./add-partitions.ts";
import { addUsers } from "./add-users.ts";
import { attachSource } from "./attach-source.ts";
import { bootFiles } from "./boot-files.ts";
import { bootMenu } from "./boot-menu.ts";
import { checkTarget } from "./check-target.ts";
import { clearDisk } from "./clear-disk.ts";
import { closeHolder } from "./close-holder.ts";
import { configure } from "./configure.ts";
import { copyMaintained } from "./copy-maintained.ts";
import { copySystem } from "./copy-system.ts";
import { createDatasets } from "./create-datasets.ts";
import { createPool } from "./create-pool.ts";
import { fillData } from "./fill-data.ts";
import { finish } from "./finish.ts";
import { finishAdded } from "./finish-added.ts";
import { hostKeys } from "./host-keys.ts";
import { importPool } from "./import-pool.ts";
import { joinEsp } from "./join-esp.ts";
import { joinMenu } from "./join-menu.ts";
import { makeEsp } from "./make-esp.ts";
import { makeSwap } from "./make-swap.ts";
import { makeSwapVolume } from "./make-swap-volume.ts";
import { nvram } from "./nvram.ts";
import { partition } from "./partition.ts";
import { release } from "./release.ts";
import { saveTable } from "./save-table.ts";
import { sealRecovery } from "./seal-recovery.ts";

type KindOf<Name extends StepData["kind"]> = StepKind<Extract<StepData, { kind: Name }>>;

const KINDS: { [Name in StepData["kind"]]: KindOf<Name> } = {
  "check-target": checkTarget,
  "attach-source": attachSource,
  "close-holder": closeHolder,
  "save-table": saveTable,
  "clear-disk": clearDisk,
  partition,
  "add-partitions": addPartitions,
  "make-esp": makeEsp,
  "make-swap": makeSwap,
  "make-swap-volume": makeSwapVolume,
  "join-esp": joinEsp,
  "create-pool": createPool,
  "import-pool": importPool,
  "create-datasets": createDatasets,
  "copy-system": copySystem,
  configure,
  "add-users": addUsers,
  "add-packages": addPackages,
  "seal-recovery": sealRecovery,
  "copy-maintained": copyMaintained,
  "fill-data": fillData,
  "host-keys": hostKeys,
  "boot-files": bootFiles,
  "boot-menu": bootMenu,
  "join-menu": joinMenu,
  nvram,
  release,
  finish,
  "finish-added": finishAdded,
};

export type Phase = "actions" | "redo" | "restore" | "undo" | "release";

/** The actions of one phase of a step; empty where its kind has none. */
export function actionsOf(step: Step, phase: Phase, evidence: Evidence): Action[] {
  // Each kind takes its own data: the table above ties the two together, which the compiler cannot follow through a lookup.
  const kind = KINDS[step.data.kind] as StepKind<StepData>;
  return kind[phase]?.(step.data, evidence) ?? [];
}
