// How a plan names its pool: identifiers from the salt, members from the layout.
import type { ExistingRoot, ZfsRoot } from "../spec/resolved.ts";
import { deriveHex, derivePoolGuid } from "./derive.ts";
import type { PoolRef, Vdev } from "./step.ts";

export function poolOf(salt: string, root: Pick<ZfsRoot, "pool">, vdevs: readonly Vdev[]): PoolRef {
  const named = {
    name: root.pool,
    guid: derivePoolGuid(salt, "pool"),
    importName: `mv-${deriveHex(salt, "import name", 12)}`,
  };
  const [partuuid, ...more] = vdevs.flatMap(({ partuuids }) => partuuids);
  return partuuid !== undefined && more.length === 0 ? { ...named, partuuid } : { ...named, vdevs: [...vdevs] };
}

/** A pool that was there before the plan. */
export const existingPoolRef = (salt: string, { pool, guid }: Pick<ExistingRoot, "pool" | "guid">): PoolRef => ({
  ...{ name: pool, guid, importName: `mv-${deriveHex(salt, "import name", 12)}`, existing: true },
});

/** The vdevs of a pool that the plan makes, also of one that only says its one partition. */
export function vdevsIn(pool: PoolRef): Vdev[] {
  if ("existing" in pool) return [];
  return "vdevs" in pool ? pool.vdevs : [{ use: "data", kind: "stripe", partuuids: [pool.partuuid] }];
}

/** Every partition of a pool that the plan makes. */
export const membersOf = (pool: PoolRef): string[] => vdevsIn(pool).flatMap(({ partuuids }) => partuuids);
