// Closes what is open on a target: an array, an opened volume, a cache. Writes nothing of its own to any disk.
import type { Handle, StepData } from "../plan/step.ts";
import { type Action, type Otherwise, type StepKind, tidy } from "./action.ts";

type Data = Extract<StepData, { kind: "close-holder" }>;

const STILL_OPEN: Otherwise = {
  code: "still-held",
  message: "What is open on the disk cannot be closed: something uses it.",
  hint: "Nothing was written. See what uses it (`lsblk`, `fuser -v`), end that, then use --resume.",
};

const gone = (path: string): Action => ({
  ...{ do: "check", argv: ["test", "-e", path] },
  ...{ expect: { exit: "not-zero" }, otherwise: STILL_OPEN },
});

/**
 * The commands may fail: what was closed before is not there any more. Whether it is closed is asked for afterwards.
 * mdadm and dmsetup try again while udev looks at the device.
 */
function close(handle: Handle): Action[] {
  switch (handle.by) {
    case "md-uuid": {
      const link = `/dev/disk/by-id/md-uuid-${handle.uuid}`;
      return [tidy("mdadm", "--stop", link), SETTLE, gone(link)];
    }
    case "md-name":
      return [tidy("mdadm", "--stop", `/dev/${handle.name}`), SETTLE, gone(`/dev/${handle.name}`)];
    // Not by vgchange or cryptsetup: what lacks half of its disks, or its header, is closed all the same.
    case "dm-uuid":
      return [tidy("dmsetup", "remove", "--retry", "--uuid", handle.uuid), ...dmGone("--uuid", handle.uuid)];
    case "dm-name":
      return [tidy("dmsetup", "remove", "--retry", handle.name), ...dmGone(handle.name)];
    case "bcache-set":
      return stopBcache(`/sys/fs/bcache/${handle.uuid}`);
    case "bcache":
      return [
        {
          // Another device may have that name by now: any line but this UUID ends it, a file that is gone does not.
          do: "check",
          argv: ["grep", "-qsvxF", handle.uuid, `/sys/class/block/${handle.name}/bcache/backing_dev_uuid`],
          ...{ expect: { exit: "not-zero" }, otherwise: STILL_OPEN },
        },
        ...stopBcache(`/sys/class/block/${handle.name}/bcache`),
      ];
    default:
      return handle satisfies never;
  }
}

const SETTLE = tidy("udevadm", "settle", "--timeout=60");

function dmGone(...which: string[]): Action[] {
  return [
    SETTLE,
    {
      do: "check",
      argv: ["dmsetup", "status", ...which],
      ...{ expect: { exit: "not-zero" }, otherwise: STILL_OPEN },
    },
  ];
}

/** The kernel stops it when its last user has gone (Documentation/admin-guide/bcache.rst). */
function stopBcache(folder: string): Action[] {
  return [
    { do: "run", argv: ["tee", `${folder}/stop`], stdin: "1\n", anyExit: true },
    { do: "wait", path: folder, gone: true, seconds: 60, otherwise: STILL_OPEN },
    SETTLE,
  ];
}

const closeAll = ({ handles }: Data): Action[] => handles.flatMap(close);

export const closeHolder: StepKind<Data> = {
  kind: "close-holder",
  actions: closeAll,
  // After a restart the system may have opened it again.
  restore: closeAll,
};
