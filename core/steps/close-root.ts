// Closes a root that is not ZFS from the top down, opens it again without writing and reads it back, then takes the mark of
// an unfinished install off the disks.
import { arrayDevice } from "../plan/device-paths.ts";
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { detachSource } from "./attach-source.ts";
import { closeEsps, markFinished, STILL_OPEN, sameOnAll } from "./finished-esps.ts";
import { assemble, stopArray } from "./make-array.ts";
import { mountFileSystem, placeOf } from "./make-file-system.ts";
import { closeLocks, lockPaths, openLocks } from "./make-locks.ts";
import { activate, deactivate } from "./make-volumes.ts";
import { ROOT } from "./places.ts";
import { subvolume } from "./subvolumes.ts";

type Data = Extract<StepData, { kind: "close-root" }>;

const isClosed = (...argv: [string, ...string[]]): Action => ({
  ...{ do: "check", argv, expect: { exit: "not-zero" }, otherwise: STILL_OPEN },
});

/** The links of what is gone are udev's to take away. */
const settled = run("udevadm", "settle", "--timeout=60");

/** Everything that was put together is taken apart, so that nothing of it is half written when the machine goes off. */
function close({ fs, array, locks, group }: Data): Action[] {
  return [
    ...[...new Set([ROOT, placeOf(fs)])].flatMap((place) => [
      tidy("umount", "-R", place),
      isClosed("mountpoint", "-q", place),
    ]),
    ...(group === null
      ? []
      : [deactivate(group), settled, ...fs.devices.map((device) => isClosed("test", "-e", device))]),
    ...closeLocks(locks),
    ...lockPaths(locks).map((path) => isClosed("test", "-e", path)),
    ...(array === null ? [] : [stopArray(array), settled, isClosed("test", "-e", arrayDevice(array.uuid))]),
  ];
}

function readBack(data: Data, release: string): Action[] {
  const { fs, array, locks, group, system, host } = data;
  const root = fs.filesystem === "btrfs" ? subvolume(system, "os", `g2@${release}`) : placeOf(fs);
  return [
    ...(array === null ? [] : assemble(array)),
    ...openLocks(locks),
    ...(group === null ? [] : activate(group)),
    ...mountFileSystem(fs, "ro"),
    {
      do: "check",
      argv: ["cat", `${root}/etc/hostname`],
      expect: { stdout: host },
      otherwise: {
        code: "not-read-back",
        message: "The root that was written cannot be read back as planned.",
        hint: "Do not trust these disks: look at `dmesg` and `smartctl -a`, then install again.",
      },
    },
    ...close(data),
  ];
}

export const closeRoot: StepKind<Data> = {
  kind: "close-root",
  actions: (data, evidence) => [
    ...closeEsps(data),
    ...close(data),
    ...readBack(data, evidence.release),
    ...(evidence.sources.medium === undefined ? [] : detachSource()),
    ...sameOnAll(data),
    ...markFinished(data),
  ],
};
