// Overwrites with zeros every place where tools look for what a disk holds, and proves that none finds anything.
import type { ByteRange, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind } from "./action.ts";
import { diskPath } from "./places.ts";
import { proveClear } from "./prove-clear.ts";
import { notInUse, rangesOfDisk } from "./saved-disk.ts";

type Data = Extract<StepData, { kind: "clear-disk" }>;

/**
 * By offsets on the disk, so that it does not matter whether the kernel shows the old partitions, and the new ones are
 * clear before anybody sees them. Zeros, not a discard: what is not overwritten stays, and can be put back.
 */
export function zero(disk: string, { start, bytes }: ByteRange): Action {
  const where = ["iflag=count_bytes", `count=${bytes}`, "oflag=seek_bytes", `seek=${start}`];
  return run("dd", "if=/dev/zero", `of=${disk}`, "bs=1M", ...where, "conv=nocreat,notrunc,fsync", "status=none");
}

export const clearDisk: StepKind<Data> = {
  kind: "clear-disk",
  actions(data): Action[] {
    const disk = diskPath(data.target);
    // The disk's own beginning last: while it is there the old partitions are, for whoever looks after a power cut.
    const [head, ...rest] = rangesOfDisk(data);
    return [
      notInUse(disk),
      ...[...rest, ...(head === undefined ? [] : [head])].map((range) => zero(disk, range)),
      run("blockdev", "--rereadpt", disk),
      run("udevadm", "settle", "--timeout=60"),
      ...proveClear(disk),
    ];
  },
};
