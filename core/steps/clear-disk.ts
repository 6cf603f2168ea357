// Clears signatures and labels of every old partition, then of the disk, and proves that none is left.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { diskPath } from "./places.ts";

type Data = Extract<StepData, { kind: "clear-disk" }>;

const MIB = 1024 * 1024;

export const clearDisk: StepKind<Data> = {
  kind: "clear-disk",
  actions({ target, partitions }): Action[] {
    const disk = diskPath(target);
    const last = Math.floor(Number(target.size) / MIB) - 1;
    return [
      // Old partitions first: labelclear on a whole disk would break a valid table (openzfs #6261).
      ...partitions.flatMap((number) => [
        tidy("zpool", "labelclear", "-f", `${disk}-part${number}`),
        tidy("wipefs", "--all", "--force", `${disk}-part${number}`),
      ]),
      // Not --force: this fails when somebody began to use the disk since it was checked.
      run("wipefs", "--all", disk),
      // ZFS keeps two labels of 256 KiB at each end (OpenZFS on-disk format, 1.2.1).
      run("dd", "if=/dev/zero", `of=${disk}`, "bs=1M", "count=1", "conv=nocreat,notrunc,fsync", "status=none"),
      run(
        "dd",
        "if=/dev/zero",
        `of=${disk}`,
        "bs=1M",
        "count=1",
        `seek=${last}`,
        "conv=nocreat,notrunc,fsync",
        "status=none",
      ),
      run("blockdev", "--rereadpt", disk),
      run("udevadm", "settle", "--timeout=60"),
      {
        do: "check",
        argv: ["wipefs", "--noheadings", disk],
        expect: { output: "empty" },
        otherwise: {
          code: "not-clear",
          message: "The disk still carries a signature after it was cleared.",
          hint: "Something writes to it at the same time, or the disk refuses writes: look at `dmesg`.",
        },
      },
      {
        do: "check",
        argv: ["zdb", "-l", disk],
        expect: { exit: "not-zero" },
        otherwise: {
          code: "not-clear",
          message: "The disk still carries a ZFS label after it was cleared.",
          hint: "Something writes to it at the same time, or the disk refuses writes: look at `dmesg`.",
        },
      },
    ];
  },
};
