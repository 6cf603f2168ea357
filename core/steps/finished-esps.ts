// The last writes of an install: every ESP is closed, compared with the first, and loses its mark of the unfinished.
import { ESP_NAME } from "../plan/layout/partition-types.ts";
import type { FinishedEsps } from "../plan/step.ts";
import { type Action, type Otherwise, run, tidy } from "./action.ts";
import { diskPath, espPlace, espPlaces, partitionPath } from "./places.ts";

/** For what is still mounted or imported at the end. */
export const STILL_OPEN: Otherwise = {
  code: "still-open",
  message: "The new root or an EFI partition is still in use and cannot be closed.",
  hint: "Leave every shell that stands in /mnt, then use --resume.",
};

export const closeEsps = ({ others = [] }: FinishedEsps): Action[] =>
  espPlaces(1 + others.length).flatMap((esp): Action[] => [
    tidy("umount", esp),
    { do: "check", argv: ["mountpoint", "-q", esp], expect: { exit: "not-zero" }, otherwise: STILL_OPEN },
  ]);

/** Every ESP is mounted anew, so that what is compared comes from its disk; any of them may be the one that starts the machine. */
export function sameOnAll({ partuuid, others = [] }: FinishedEsps): Action[] {
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

/** The first disk's last: only then is the install finished. */
export const markFinished = (esps: FinishedEsps): Action[] => [
  ...[...(esps.others ?? []), esps].map(({ target, esp }) =>
    run("sfdisk", "--quiet", "--lock=yes", "--part-label", diskPath(target), String(esp), ESP_NAME),
  ),
  run("udevadm", "settle", "--timeout=60"),
];
