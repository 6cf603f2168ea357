// What a spec says of things that stay: the pool that the system is added to, EFI partitions that are joined, disks that are used in part.
import { ActionableError, EXIT } from "../errors.ts";
import { ESP_TYPES } from "../inventory/content.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { findPool, poolWish } from "./find-pool.ts";
import type { LoadedSpec } from "./load.ts";
import { describePartition, partitionByName } from "./partition-by-name.ts";
import { showPath } from "./path.ts";
import type { DiskUse, ExistingRoot, ResolvedSpec } from "./resolved.ts";
import type { IdentifiedDisk } from "./select-disks.ts";

/** Keys of `root:` that say how a pool is made. */
const OF_NEW_POOLS = ["pool", "layout", "on", "size", "special", "log", "cache", "spare", "pool-options"] as const;

/**
 * The pool of `root.install`; null where a new one is made.
 * @throws ActionableError `existing-and-new`, and what find-pool.ts refuses
 */
export function existingPool(
  { spec, place }: LoadedSpec,
  inventory: Inventory,
): Pick<ExistingRoot, "pool" | "guid" | "takeOverFrom"> | null {
  const { root } = spec;
  if (root?.install === undefined) return null;
  const swap = typeof spec.swap === "object" ? spec.swap.kind : spec.swap;
  const contradicting = [
    ...OF_NEW_POOLS.filter((name) => root[name] !== undefined).map((name) => ["root", name]),
    ...(spec.esp?.size === undefined ? [] : [["esp", "size"]]),
    ...(spec.esp?.join === "none" ? [["esp", "join"]] : []),
    ...(swap === "partition" ? [["swap"]] : []),
  ];
  if (contradicting.length > 0) {
    throw new ActionableError({
      code: "existing-and-new",
      exit: EXIT.refused,
      message: "A system that is added to a pool that exists makes no pool and no partition of its own.",
      evidence: contradicting.map((path) => `${place(path)}: \`${showPath(path)}\``),
      hint: "Take these out, or `root.install`. Swap can be zram, zvol or none.",
    });
  }
  const { name, guid } = findPool(root.install, inventory, place(["root", "install"]));
  return { pool: name, guid, takeOverFrom: poolWish(root.install).takeOverFrom };
}

/** @throws ActionableError `no-such-partition`, `ambiguous-partition`, `not-an-esp` */
export function resolveJoin(
  { spec, place }: LoadedSpec,
  inventory: Inventory,
): Pick<ResolvedSpec["esp"], "join" | "fallback"> {
  const { join, fallback } = spec.esp ?? {};
  const kept = fallback === undefined ? {} : { fallback };
  if (join === undefined || join === "none") return { ...kept, ...(join === undefined ? {} : { join }) };
  const at = place(["esp", "join"]);
  return { ...kept, join: [join].flat().map((name) => espNamed(name, inventory, at)) };
}

function espNamed(name: string, inventory: Inventory, at: string): string {
  const { partition } = partitionByName(name, inventory, at);
  const { type, partuuid } = partition;
  if (type !== null && ESP_TYPES.has(type) && partuuid !== null) return partuuid;
  throw new ActionableError({
    code: "not-an-esp",
    exit: EXIT.refused,
    message: `${name} is not an EFI system partition of a GPT, which the firmware would start from.`,
    evidence: [at, describePartition(partition)],
    hint: "Name one whose type is EFI system (`lsblk -o PATH,PARTTYPENAME`).",
  });
}

/** Of disks that are not used whole. @throws ActionableError `not-on-this-disk`, `no-such-partition` */
export function resolveUses(
  { spec, place }: LoadedSpec,
  selected: ReadonlyMap<string, readonly IdentifiedDisk[]>,
  inventory: Inventory,
): Pick<ResolvedSpec, "uses"> {
  const uses: Record<string, DiskUse> = {};
  for (const [name, disks] of selected) {
    const stated = spec.disks?.[name];
    const use = typeof stated === "object" && !Array.isArray(stated) ? stated.use : undefined;
    if (use === undefined || use === "whole") continue;
    const at = place(["disks", name, "use"]);
    for (const { id } of disks) uses[id] = use === "free" ? { use } : replaced(use.replace, id, inventory, at);
  }
  return Object.keys(uses).length === 0 ? {} : { uses };
}

function replaced(name: string, id: string, inventory: Inventory, at: string): DiskUse {
  const { disk, partition } = partitionByName(name, inventory, at);
  if (disk.id === id && partition.partuuid !== null) return { use: "replace", partuuid: partition.partuuid };
  throw new ActionableError({
    code: "not-on-this-disk",
    exit: EXIT.refused,
    message: `${name} is not a partition of ${id}, whose place could be used.`,
    evidence: [at, `it is on ${disk.id ?? disk.path}`, describePartition(partition)],
    hint: "Name a partition of the same disk, or another disk.",
  });
}
