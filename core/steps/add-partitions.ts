// Adds partitions beside others: of the table only their own entries are written, and that is proved byte by byte.
import { rangesOf } from "../plan/saved-ranges.ts";
import type { Evidence, PlannedPartition, StepData } from "../plan/step.ts";
import type { Argv } from "../tools/run.ts";
import { type Action, type Otherwise, run, type StepKind, tidy } from "./action.ts";
import { zero } from "./clear-disk.ts";
import { diskPath, partitionPath } from "./places.ts";
import { proveClear } from "./prove-clear.ts";

type Data = Extract<StepData, { kind: "add-partitions" }>;

/** On the journal's medium: what the entries were, for whoever has to look. */
const before = ({ target }: Data, { saveTo }: Pick<Evidence, "saveTo">): string =>
  `${saveTo}/saved/${encodeURIComponent(target.id)}.table`;
/** UEFI 2.10, 5.3: each entry has 128 bytes, and the array begins behind the header, in sector 2. */
const ENTRY = 128;

const AMBIGUOUS: Otherwise = {
  code: "partition-ambiguous",
  message: "A partition of another disk has the identifier that was planned for a new one.",
  hint: "Another disk was installed from the same spec. Pull it out, or take `salt` out of the spec.",
};
const TABLE_CHANGED: Otherwise = {
  code: "table-changed",
  message: "An entry of the partition table that was to stay is not what it was.",
  hint: "Nothing but the table was written. `multiverse install --undo` takes the new entries out; look at `sfdisk --dump`.",
};

/** Input of sfdisk(8) with --append: numbers that are free, every identifier given, nothing left to its choice. */
function script(partitions: readonly PlannedPartition[]): string {
  const lines = partitions.map(
    ({ number, start, sectors, type, partuuid, name }) =>
      `${number} : start=${start}, size=${sectors}, type=${type.toUpperCase()}, uuid=${partuuid.toUpperCase()}, name="${name}"`,
  );
  return `${["unit: sectors", "", ...lines].join("\n")}\n`;
}

/** Where the entries are, from the first to the last that stays. */
const entriesAt = ({ sectorSize }: Data): number => 2 * sectorSize;

const readTable = (data: Data, to: string): Action => {
  const bytes = entriesAt(data) + ENTRY * Math.max(0, ...data.kept);
  const where = ["iflag=count_bytes", `count=${bytes}`, "bs=1M", "conv=fsync", "status=none"];
  return run("dd", `if=${diskPath(data.target)}`, `of=${to}`, ...where);
};

function entryStays(data: Data, number: number, read: string): Action {
  const at = entriesAt(data) + (number - 1) * ENTRY;
  const argv: Argv = ["cmp", "--silent", `--ignore-initial=${at}`, `--bytes=${ENTRY}`, read, diskPath(data.target)];
  return { do: "check", argv, expect: { exit: "zero" }, otherwise: TABLE_CHANGED };
}

const NOT_OURS: Otherwise = {
  code: "not-ours",
  message: "An entry of the partition table is not the one that this install has made, and is not touched.",
  hint: "Somebody has changed the table since. Look at `sfdisk --dump`; delete the entries of this install by hand.",
};

/** Our entries alone; one that is not there is no failure. */
const takeOut = ({ target, partitions, replaced }: Data): Action[] => [
  ...partitions.flatMap(({ number, partuuid }): Action[] => {
    const before = replaced?.number === number ? [replaced.partuuid.toUpperCase()] : [];
    return [
      {
        ...{ do: "check", argv: ["sfdisk", "--part-uuid", diskPath(target), String(number)] },
        ...{ expect: { oneOf: ["", partuuid.toUpperCase(), ...before] }, otherwise: NOT_OURS },
      },
      tidy("sfdisk", "--quiet", "--lock=yes", "--wipe=never", "--delete", diskPath(target), String(number)),
    ];
  }),
  run("udevadm", "settle", "--timeout=60"),
];

export const addPartitions: StepKind<Data> = {
  kind: "add-partitions",
  actions(data, evidence): Action[] {
    const disk = diskPath(data.target);
    const { replaced, partitions, kept } = data;
    const read = before(data, evidence);
    return [
      run("mkdir", "-p", `${evidence.saveTo}/saved`),
      readTable(data, read),
      ...(replaced === null
        ? []
        : // Where it is still there, it is in the way of ours, and that is refused below.
          [tidy("sfdisk", "--quiet", "--lock=yes", "--wipe=never", "--delete", disk, String(replaced.number))]),
      {
        do: "run",
        // Never --wipe: a signature of the whole disk is not ours to erase.
        argv: ["sfdisk", "--quiet", "--lock=yes", "--append", "--wipe=never", "--wipe-partitions=never", disk],
        stdin: script(partitions),
      },
      run("udevadm", "settle", "--timeout=60"),
      ...kept.map((number) => entryStays(data, number, read)),
      ...partitions.flatMap(({ number, sectors, partuuid }): Action[] => [
        {
          do: "wait",
          path: partitionPath(partuuid),
          seconds: 60,
          otherwise: {
            code: "partition-missing",
            message: "The new partitions did not appear.",
            hint: "Something still holds the disk: try again, or restart the machine and use --resume.",
          },
        },
        {
          ...{ do: "check", argv: ["test", partitionPath(partuuid), "-ef", `${disk}-part${number}`] },
          ...{ expect: { exit: "zero" }, otherwise: AMBIGUOUS },
        },
        // What lay there before there was a partition would look like its content. By the partition's own device:
        // the kernel lets nothing behind its ends be written.
        ...rangesOf(Number(sectors) * data.sectorSize, [{ start: 0, size: Number(sectors) * data.sectorSize }]).map(
          (range) => zero(partitionPath(partuuid), range),
        ),
        ...proveClear(partitionPath(partuuid)),
      ]),
    ];
  },
  redo: takeOut,
  undo: (data) => (data.replaced === null ? takeOut(data) : []),
};
