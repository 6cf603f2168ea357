// What a spec that adds to something needs to know of it: the pool, the EFI partitions, the tables of the disks. Writes nothing.
import { ActionableError } from "./errors.ts";
import { ask, outputOf } from "./inventory/ask-program.ts";
import { ESP_TYPES } from "./inventory/content.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { lookAtEsp } from "./inventory/look-at-esp.ts";
import { lookAtPool } from "./inventory/look-at-pool.ts";
import { lookAtTable } from "./inventory/look-at-table.ts";
import { findPool, poolWish } from "./spec/find-pool.ts";
import type { LoadedSpec } from "./spec/load.ts";
import type { Spec } from "./spec/schema.ts";
import { selectUsedDisks } from "./spec/used-disks.ts";
import type { Run } from "./tools/run.ts";

/** Whether the spec adds to a pool or a disk that exists. */
export const addsToSomething = (spec: Spec): boolean =>
  spec.root?.install !== undefined || namesInPart(spec).length > 0;

/** Names under `disks:` whose disks are not used whole. */
function namesInPart({ disks = {} }: Spec): string[] {
  return Object.entries(disks).flatMap(([name, disk]) =>
    typeof disk === "object" && !Array.isArray(disk) && disk.use !== undefined && disk.use !== "whole" ? [name] : [],
  );
}

/** The inventory with what was seen closer; as it is, where the spec needs nothing of that. */
export async function lookCloser(loaded: LoadedSpec, inventory: Inventory, run: Run): Promise<Inventory> {
  if (!addsToSomething(loaded.spec)) return inventory;
  const pools = [];
  for (const pool of poolsOf(loaded, inventory)) pools.push(await lookAtPool(pool, inventory, run));
  const esps = [];
  for (const { path, type, partuuid } of inventory.disks.flatMap(({ partitions }) => partitions))
    if (type !== null && ESP_TYPES.has(type) && partuuid !== null) esps.push(await lookAtEsp({ partuuid, path }, run));
  const tables = [];
  for (const disk of disksInPart(loaded, inventory)) tables.push(await lookAtTable(disk, run));
  return { ...inventory, closer: { pools, esps, tables, bootBytes: await bootBytes(loaded.spec, inventory, run) } };
}

/** What cannot be found is refused with its own words when the spec is resolved. */
function orNothing<T>(find: () => T[]): T[] {
  try {
    return find();
  } catch (error) {
    if (error instanceof ActionableError) return [];
    throw error;
  }
}

function poolsOf({ spec, place }: LoadedSpec, inventory: Inventory) {
  const install = spec.root?.install;
  if (install === undefined) return [];
  const { takeOverFrom } = poolWish(install);
  return orNothing(() => {
    const { name, guid } = findPool(install, inventory, place(["root", "install"]));
    return [{ name, guid, takeOverFrom }];
  });
}

function disksInPart(loaded: LoadedSpec, inventory: Inventory) {
  const names = namesInPart(loaded.spec);
  return orNothing(() =>
    [...selectUsedDisks(loaded, inventory)].flatMap(([name, disks]) => (names.includes(name) ? disks : [])),
  );
}

/** Of the running medium; another one's files are not mounted yet. */
async function bootBytes(spec: Spec, { live }: Inventory, run: Run): Promise<number | null> {
  const uri = typeof spec.source === "object" ? spec.source.uri : spec.source;
  if (live === null || (uri !== undefined && uri !== "live:")) return null;
  const { vmlinuz, initrd } = live.kernel;
  const sizes = outputOf(await ask(run, ["stat", "--format=%s", vmlinuz, initrd])).trim();
  const [kernel, initramfs] = sizes.split("\n").map(Number);
  return kernel === undefined || initramfs === undefined || !(kernel + initramfs > 0) ? null : kernel + initramfs;
}
