// Swap with every value known: how much where nothing is said depends on the disks.
import type { Bytes } from "../inventory/inventory.ts";
import { parseSize } from "./quantity.ts";
import type { Value } from "./resolve-root.ts";
import type { ResolvedSwap } from "./resolved.ts";
import type { Spec } from "./schema.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** `smallest`: the size of the smallest disk of the root. */
export function resolveSwap(spec: Spec, smallest: Bytes, value: Value): ResolvedSwap {
  const stated = typeof spec.swap === "object" ? spec.swap : spec.swap === undefined ? {} : { kind: spec.swap };
  if (stated.kind === "none") return { kind: "none" };
  const eighth = Math.floor(smallest / 8 / MIB) * MIB;
  const size = Math.min(2 * GIB, eighth);
  const given = stated.size === undefined ? undefined : (parseSize(stated.size) ?? undefined);
  return {
    kind: "partition",
    size: value("swap.size", given, size, "default", size === eighth ? "an eighth of the disk" : "2 GiB"),
  };
}
