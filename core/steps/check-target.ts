// Right before the first write: is it still the same disk, and does nobody use it?
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind } from "./action.ts";
import { diskPath } from "./places.ts";
import { notInUse } from "./saved-disk.ts";

type Data = Extract<StepData, { kind: "check-target" }>;

const CHANGED = {
  code: "disk-changed",
  message: "The disk is not the one that was confirmed.",
  hint: "Nothing was written. Look at `multiverse probe`, then make the plan again.",
};
const IN_USE = {
  code: "disk-in-use",
  message: "Something uses the disk: it is mounted, swap, or part of an array, a volume or an imported pool.",
  hint: "Nothing was written. Release it, or choose another disk.",
};

function lsblk(column: string, path: string): ["lsblk", ...string[]] {
  return ["lsblk", "--nodeps", "--noheadings", "--bytes", "--raw", "--output", column, path];
}

const sameDisk = ({ target }: Data): Action[] => {
  const disk = diskPath(target);
  return [
    run("udevadm", "settle", "--timeout=60"),
    { do: "check", argv: ["test", "-b", disk], expect: { exit: "zero" }, otherwise: CHANGED },
    { do: "check", argv: lsblk("SIZE", disk), expect: { stdout: target.size }, otherwise: CHANGED },
    { do: "check", argv: lsblk("SERIAL", disk), expect: { stdout: target.serial }, otherwise: CHANGED },
  ];
};

export const checkTarget: StepKind<Data> = {
  kind: "check-target",
  actions(data): Action[] {
    const disk = diskPath(data.target);
    return [
      ...sameDisk(data),
      { do: "check", argv: lsblk("PTUUID", disk), expect: { stdout: data.tableUuid ?? "" }, otherwise: CHANGED },
      ...(data.held === true ? [] : [notInUse(disk, IN_USE)]),
    ];
  },
  // Going on: the table is ours by now, but it must still be the same disk.
  restore: sameDisk,
};
