// Closes the recovery root: its snapshot is held, and nothing writes to it any more.
import type { StepData } from "../plan/step.ts";
import { run, type StepKind, tidy } from "./action.ts";
import { dataset, ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "seal-recovery" }>;

export const sealRecovery: StepKind<Data> = {
  kind: "seal-recovery",
  actions({ pool, system }) {
    const g1 = dataset(pool, system, "rec", "g1");
    return [
      run("umount", ROOT),
      run("zfs", "snapshot", `${g1}@recovery`),
      run("zfs", "hold", "multiverse", `${g1}@recovery`),
      run("zfs", "set", "readonly=on", g1),
    ];
  },
  redo({ pool, system }) {
    const g1 = dataset(pool, system, "rec", "g1");
    return [
      tidy("zfs", "release", "multiverse", `${g1}@recovery`),
      tidy("zfs", "destroy", `${g1}@recovery`),
      tidy("umount", ROOT),
      run("mount", "-t", "zfs", "-o", "zfsutil", g1, ROOT),
    ];
  },
  restore: () => [tidy("umount", ROOT)],
};
