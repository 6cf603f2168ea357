// The archive of what an install overwrites on a disk: where it is, how it is made and checked (docs/formats/saved-disk.md).
import { rangesOf } from "../plan/saved-ranges.ts";
import type { ByteRange, Evidence, Target } from "../plan/step.ts";
import type { Argv } from "../tools/run.ts";
import { type Action, type Otherwise, run, tidy } from "./action.ts";
import { diskPath } from "./places.ts";

export const ARCHIVE = "ranges.tar.zst";
const SUMS = "SHA256SUMS";

const IN_USE: Otherwise = {
  code: "disk-in-use",
  message: "Something uses the disk: it is mounted, swap, or part of an array, a volume or an imported pool.",
  hint: "Release it, then go on with --resume.",
};
const NOT_SAVED: Otherwise = {
  code: "not-saved",
  message: "What was saved of the disk is not what is on it.",
  hint: "Nothing was erased. The medium that holds the journal may be failing or full: look at `dmesg` and `df`, or use another one.",
};
const NOT_RESTORED: Otherwise = {
  code: "not-restored",
  message: "What was put back on the disk is not what was saved of it.",
  hint: "The disk may be failing: look at `dmesg` and `smartctl -a`. What was saved stays where it is; use --undo again.",
};
const DAMAGED: Otherwise = {
  code: "saved-damaged",
  message: "What was saved of the disk is damaged, so it is not put back.",
  hint: "Nothing was written. The medium that holds the journal may be failing: look at `dmesg`.",
};

/**
 * Without --force wipefs opens O_EXCL, which fails with EBUSY while a mount, swap, md, dm or pool holds the disk or one of
 * its partitions (open(2)); --no-act writes nothing.
 */
export const notInUse = (disk: string, otherwise: Otherwise = IN_USE): Action => ({
  ...{ do: "check", argv: ["wipefs", "--all", "--no-act", disk] },
  ...{ expect: { exit: "zero" }, otherwise },
});

interface Saved {
  target: Target;
  ranges?: ByteRange[];
}

/** Those of the plan; plans that do not say are for both ends of the disk. */
export function rangesOfDisk({ target, ranges }: Saved): ByteRange[] {
  const size = Number(target.size);
  return ranges ?? rangesOf(size, [{ start: 0, size }]);
}

/** An identity may have what a FAT name may not: a colon, say. */
const folderName = ({ id }: Target): string => encodeURIComponent(id);
export const savedFolder = (target: Target, { saveTo }: Pick<Evidence, "saveTo">): string =>
  `${saveTo}/saved/${folderName(target)}`;
/** In memory: where the ranges are while the archive is made or read. */
const workFolder = (target: Target): string => `/run/multiverse/saving/${folderName(target)}`;

/** A range's file: its first byte on the disk. */
const fileOf = ({ start }: ByteRange): string => `${start}.bin`;
const within = (folder: string, ...argv: Argv): Argv => ["env", `--chdir=${folder}`, ...argv];

function sums(folder: string, ...files: string[]): Action {
  return {
    do: "pipe",
    stages: [within(folder, "sha256sum", ...files), ["dd", `of=${folder}/${SUMS}`, "conv=fsync", "status=none"]],
  };
}

const checkSums = (folder: string, otherwise: Otherwise): Action => ({
  ...{ do: "check", argv: within(folder, "sha256sum", "--check", "--strict", "--quiet", SUMS) },
  ...{ expect: { exit: "zero" }, otherwise },
});

function manifest(saved: Saved): string {
  const { target } = saved;
  const ranges = rangesOfDisk(saved).map((range) => ({ file: fileOf(range), ...range }));
  return `${JSON.stringify({ version: 1, disk: target, archive: ARCHIVE, ranges }, null, 1)}\n`;
}

/** Reads the ranges, makes the archive beside an older one, reads it back, and only then puts it in its place. */
export function saveDisk(saved: Saved, evidence: Pick<Evidence, "saveTo">): Action[] {
  const { target } = saved;
  const [disk, folder, work] = [diskPath(target), savedFolder(target, evidence), workFolder(target)];
  const ranges = rangesOfDisk(saved);
  const files = [...ranges.map(fileOf), SUMS];
  const fresh = `${folder}.new`;
  const archive = `${fresh}/${ARCHIVE}`;
  return [
    notInUse(disk),
    run("rm", "-rf", work, fresh),
    run("mkdir", "-p", work, fresh),
    ...ranges.map((range) => read(disk, range, `${work}/${fileOf(range)}`)),
    sums(work, ...ranges.map(fileOf)),
    run("tar", "--create", "--zstd", "--format=gnu", "--numeric-owner", `--file=${archive}`, "-C", work, ...files),
    { do: "write", path: `${fresh}/manifest.json`, content: manifest(saved), mode: "0600" },
    sums(fresh, "manifest.json", ARCHIVE),
    run("sync", "--file-system", fresh),
    // Read from the medium, not from memory (dd(1): with count=0 it drops the file's cache).
    run("dd", `if=${archive}`, "iflag=nocache", "count=0", "status=none"),
    {
      ...{ do: "check", argv: ["tar", "--compare", "--zstd", `--file=${archive}`, "-C", work] },
      ...{ expect: { exit: "zero" }, otherwise: NOT_SAVED },
    },
    checkSums(fresh, NOT_SAVED),
    // What an earlier install saved is not thrown away: the disk may have been cleared since, and that is what it had.
    tidy("mv", "--no-target-directory", "--backup=numbered", folder, `${folder}.old`),
    run("mv", "--no-target-directory", fresh, folder),
    run("sync", "--file-system", folder),
    run("rm", "-rf", work),
  ];
}

function read(disk: string, { start, bytes }: ByteRange, file: string): Action {
  const where = ["iflag=skip_bytes,count_bytes", `skip=${start}`, `count=${bytes}`];
  return run("dd", `if=${disk}`, `of=${file}`, "bs=1M", ...where, "status=none");
}

/** Puts every range back as it was, and has the kernel read the table again. Refuses a damaged archive before it writes. */
export function restoreDisk(saved: Saved, evidence: Pick<Evidence, "saveTo">): Action[] {
  const { target } = saved;
  const [disk, folder, work] = [diskPath(target), savedFolder(target, evidence), workFolder(target)];
  // The table last: before it the disk does not look as if it were whole.
  const [head, ...rest] = rangesOfDisk(saved);
  const ranges = [...rest, ...(head === undefined ? [] : [head])];
  return [
    notInUse(disk),
    checkSums(folder, DAMAGED),
    run("rm", "-rf", work),
    run("mkdir", "-p", work),
    run("tar", "--extract", "--zstd", `--file=${folder}/${ARCHIVE}`, "-C", work),
    checkSums(work, DAMAGED),
    ...ranges.map((range) => write(disk, range, `${work}/${fileOf(range)}`)),
    ...ranges.map(({ start, bytes }): Action => {
      const argv: Argv = ["cmp", `--bytes=${bytes}`, `--ignore-initial=0:${start}`, `${work}/${start}.bin`, disk];
      return { do: "check", argv, expect: { exit: "zero" }, otherwise: NOT_RESTORED };
    }),
    run("blockdev", "--rereadpt", disk),
    run("udevadm", "settle", "--timeout=60"),
    run("rm", "-rf", work),
  ];
}

function write(disk: string, { start }: ByteRange, file: string): Action {
  const where = ["oflag=seek_bytes", `seek=${start}`];
  return run("dd", `if=${file}`, `of=${disk}`, "bs=1M", ...where, "conv=nocreat,notrunc,fsync", "status=none");
}
