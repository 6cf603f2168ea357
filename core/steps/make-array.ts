// Joins partitions to an md array; the first synchronisation runs on in the background, and at the next start.

import { arrayDevice } from "../plan/device-paths.ts";
import type { ArrayRef, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { partitionPath } from "./places.ts";

type Data = Extract<StepData, { kind: "make-array" }>;

const node = ({ name }: ArrayRef): string => `/dev/md/${name}`;

/** The link is udev's; what comes next works on it. */
const appears = ({ uuid }: ArrayRef): Action[] => [
  run("udevadm", "settle", "--timeout=60"),
  {
    do: "wait",
    path: arrayDevice(uuid),
    seconds: 60,
    otherwise: {
      code: "array-missing",
      message: "The array did not appear.",
      hint: "Look at /proc/mdstat and `dmesg`, then use --resume.",
    },
  },
];

/** --run: with the disks that there are, and without asking; the rescue system assembles nothing by itself. */
export const assemble = (array: ArrayRef): Action[] => [
  tidy("mdadm", "--stop", node(array)),
  run(
    ...(["mdadm", "--assemble", node(array), `--uuid=${array.uuid}`, "--run"] as const),
    ...array.partuuids.map(partitionPath),
  ),
  ...appears(array),
];

export const stopArray = (array: ArrayRef): Action => tidy("mdadm", "--stop", node(array));

export const makeArray: StepKind<Data> = {
  kind: "make-array",
  actions: ({ array }) => [
    run("modprobe", array.level === "raid5" || array.level === "raid6" ? "raid456" : array.level),
    run(
      // --run: it asks whether to go on where a partition looks used, and there is nobody to answer.
      ...(["mdadm", "--create", node(array), "--run", `--uuid=${array.uuid}`, `--name=${array.name}`] as const),
      ...["--metadata=1.2", `--level=${array.level}`, "--bitmap=internal"],
      ...[`--raid-devices=${array.partuuids.length}`, ...array.partuuids.map(partitionPath)],
    ),
    ...appears(array),
  ],
  redo: ({ array }) => [
    stopArray(array),
    ...array.partuuids.map((partuuid) => tidy("mdadm", "--zero-superblock", partitionPath(partuuid))),
  ],
  restore: ({ array }) => assemble(array),
  release: ({ array }) => [stopArray(array)],
};
