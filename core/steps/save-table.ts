// Copies the disk's tables and both ends off the disk before anything is overwritten.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { diskPath } from "./places.ts";

type Data = Extract<StepData, { kind: "save-table" }>;

const MIB = 1024 * 1024;

export const saveTable: StepKind<Data> = {
  kind: "save-table",
  actions({ target }, { saveTo }): Action[] {
    const disk = diskPath(target);
    const directory = `${saveTo}/saved/${target.id}`;
    const tail = Math.floor(Number(target.size) / MIB) - 1;
    return [
      run("mkdir", "-p", directory),
      run("dd", `if=${disk}`, `of=${directory}/head.bin`, "bs=1M", "count=1", "status=none", "conv=fsync"),
      run("dd", `if=${disk}`, `of=${directory}/tail.bin`, "bs=1M", `skip=${tail}`, "status=none", "conv=fsync"),
      // A blank disk has no table to back up: sgdisk then makes one in memory, or fails; both are fine.
      tidy("sgdisk", `--backup=${directory}/table.gpt`, disk),
    ];
  },
};
