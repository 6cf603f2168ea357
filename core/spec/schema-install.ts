// `root.install:`: a pool that exists, to which the system is added.
import { z } from "zod";
import { line, poolGuid, poolName } from "./names.ts";
import { key } from "./question-meta.ts";
import { devicePath } from "./schema-disks.ts";

/** Everything that is said of the pool must be true of one and the same. */
export const installSchema = z.union([
  poolGuid,
  poolName,
  z
    .strictObject({
      pool: key(poolName, "The pool's name."),
      guid: key(poolGuid, "Its GUID, in quotes: tells two pools of one name apart."),
      device: key(devicePath, "One of the partitions that it lies on, such as /dev/sda3."),
      "take-over-from": key(
        line,
        "The host that used the pool last and did not export it, by its name or host id: you know that it is not running.",
      ),
    })
    .refine(
      ({ pool, guid, device }) => pool !== undefined || guid !== undefined || device !== undefined,
      "must say which pool: pool:, guid: or device:",
    ),
]);
