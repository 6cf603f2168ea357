// Swap with every value known: how much where nothing is said depends on the disks, or on the memory.
import type { Bytes } from "../inventory/inventory.ts";
import { parseSize } from "./quantity.ts";
import type { Value } from "./resolve-root.ts";
import type { ResolvedSwap } from "./resolved.ts";
import type { Spec } from "./schema.ts";
import { parseShare } from "./share.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

export interface SwapRoom {
  /** Size of the smallest disk of the root. */
  smallest: Bytes;
  memory: Bytes;
}

export function resolveSwap(spec: Spec, room: SwapRoom, value: Value): ResolvedSwap {
  const stated = typeof spec.swap === "object" ? spec.swap : spec.swap === undefined ? {} : { kind: spec.swap };
  const { kind = "partition" } = stated;
  if (kind === "none") return { kind };
  const eighth = Math.floor(room.smallest / 8 / MIB) * MIB;
  const onDisk = Math.min(2 * GIB, eighth);
  const diskNote = onDisk === eighth ? "an eighth of the disk" : "2 GiB";
  if (kind === "partition") {
    const given = stated.size === undefined ? undefined : (parseShare(stated.size) ?? undefined);
    return { kind, size: value("swap.size", given, onDisk, "default", diskNote) };
  }
  const given = stated.size === undefined ? undefined : (parseSize(stated.size) ?? undefined);
  if (kind !== "zram") return { kind, size: value("swap.size", given, onDisk, "default", diskNote) };
  const half = Math.max(MIB, Math.floor(room.memory / 2 / MIB) * MIB);
  return {
    kind,
    size: value("swap.size", given, Math.min(8 * GIB, half), "inventory", "half of the memory, 8 GiB at most"),
  };
}
