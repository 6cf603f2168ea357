// Copies g1 to the maintained root g2, which gets the key of daily life because the stream is not raw.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { dataset, ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "copy-maintained" }>;

const mountG2 = ({ pool, system }: Data): Action =>
  run("mount", "-t", "zfs", "-o", "zfsutil", dataset(pool, system, "os", "g2"), ROOT);

export const copyMaintained: StepKind<Data> = {
  kind: "copy-maintained",
  actions(data) {
    const g1 = dataset(data.pool, data.system, "rec", "g1");
    const g2 = dataset(data.pool, data.system, "os", "g2");
    const properties = ["-x", "encryption", "-o", "canmount=noauto", "-o", "mountpoint=/"];
    return [
      {
        do: "pipe",
        stages: [
          ["zfs", "send", `${g1}@recovery`],
          ["zfs", "recv", "-u", ...properties, g2],
        ],
      },
      run("zfs", "destroy", `${g2}@recovery`),
      // Only now: until here a power cut rolls the recovery root back to empty.
      tidy("zfs", "destroy", `${g1}@empty`),
      mountG2(data),
    ];
  },
  redo: ({ pool, system }) => [tidy("umount", ROOT), tidy("zfs", "destroy", "-r", dataset(pool, system, "os", "g2"))],
  restore: (data) => [tidy("umount", ROOT), mountG2(data)],
};
