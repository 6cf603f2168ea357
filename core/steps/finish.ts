// Exports the pool, reads it back without writing, and takes the mark of an unfinished install off the disk.
import { ESP_NAME } from "../plan/layout/partition-types.ts";
import type { EspOnDisk, PoolRef, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { detachSource } from "./attach-source.ts";
import { searched } from "./create-pool.ts";
import { dataset, diskPath, espPlace, espPlaces, partitionPath, ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "finish" }>;

/** What was written to a pool, of which this step has its own. */
type Written = Pick<Data, "pool" | "system" | "encryption">;

const NOT_READ_BACK = {
  code: "not-read-back",
  message: "The pool that was written cannot be read back as planned.",
  hint: "Do not trust this disk: look at `dmesg` and `smartctl -a`, then install again.",
};

/** Imports the pool without writing, tries its keys, looks for the release, and exports it. */
export function readBack({ pool, system, encryption }: Written, release: string): Action[] {
  const has = (name: string): Action => ({
    do: "check",
    argv: ["zfs", "list", "-H", "-o", "name", name],
    expect: { exit: "zero" },
    otherwise: NOT_READ_BACK,
  });
  const locked: Action[] =
    encryption === "none"
      ? []
      : [
          { do: "run", argv: ["zfs", "load-key", "-n", dataset(pool, system)], secret: "passphrase" },
          { do: "run", argv: ["zfs", "load-key", "-n", dataset(pool, system, "rec")], secret: "recovery-passphrase" },
        ];
  return [
    run(
      ...(["zpool", "import", "-N", "-o", "readonly=on", "-R", ROOT, "-o", "cachefile=none"] as const),
      ...[...searched(pool), "-t", pool.guid, pool.importName],
    ),
    ...locked,
    has(dataset(pool, system, "rec", "g1@recovery")),
    has(dataset(pool, system, "os", `g2@${release}`)),
    run("zpool", "export", pool.importName),
  ];
}

/** Every ESP is mounted anew, so that what is compared comes from its disk; any of them may be the one that starts the machine. */
function sameOnAll({ partuuid, others = [] }: Data): Action[] {
  if (partuuid === undefined) return [];
  const mount = (from: string, place: string) =>
    run("mount", "-t", "vfat", "-o", "ro,umask=0077", partitionPath(from), place);
  return [
    mount(partuuid, espPlace()),
    ...others.flatMap((other): Action[] => [
      mount(other.partuuid, espPlace(2)),
      {
        do: "check",
        argv: ["diff", "--recursive", "--brief", espPlace(), espPlace(2)],
        expect: { output: "empty" },
        otherwise: {
          code: "esp-differs",
          message: "The EFI partitions of two disks do not hold the same files.",
          hint: "One of the disks may be failing: look at `dmesg` and `smartctl -a`, then install again.",
        },
      },
      run("umount", espPlace(2)),
    ]),
    run("umount", espPlace()),
  ];
}

const STILL_OPEN = {
  code: "still-open",
  message: "The pool or the EFI partition is still in use and cannot be closed.",
  hint: "Leave every shell that stands in /mnt, then use --resume.",
};

/** Every ESP unmounted and the pool exported, or it is said what still holds them. */
export const closed = (pool: PoolRef, esps: number): Action[] => [
  ...espPlaces(esps).flatMap((esp): Action[] => [
    tidy("umount", esp),
    { do: "check", argv: ["mountpoint", "-q", esp], expect: { exit: "not-zero" }, otherwise: STILL_OPEN },
  ]),
  tidy("zpool", "export", pool.importName),
  {
    do: "check",
    argv: ["zpool", "list", "-H", pool.importName],
    expect: { exit: "not-zero" },
    otherwise: STILL_OPEN,
  },
];

export const finish: StepKind<Data> = {
  kind: "finish",
  actions: (data, evidence) => [
    ...closed(data.pool, 1 + (data.others ?? []).length + (data.joined ?? 0)),
    ...readBack(data, evidence.release),
    ...(evidence.sources.medium === undefined ? [] : detachSource()),
    ...sameOnAll(data),
    ...[...(data.others ?? []), data].map(({ target, esp, label = ESP_NAME }: EspOnDisk & { label?: string }) =>
      run("sfdisk", "--quiet", "--lock=yes", "--part-label", diskPath(target), String(esp), label),
    ),
    run("udevadm", "settle", "--timeout=60"),
  ],
};
