// How a plan names its pool: identifiers from the salt, members from the layout.
import type { ZfsRoot } from "../spec/resolved.ts";
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

/** The vdevs of a pool, also of one that only says its one partition. */
export const vdevsIn = (pool: PoolRef): Vdev[] =>
  "vdevs" in pool ? pool.vdevs : [{ use: "data", kind: "stripe", partuuids: [pool.partuuid] }];

/** Every partition of a pool. */
export const membersOf = (pool: PoolRef): string[] => vdevsIn(pool).flatMap(({ partuuids }) => partuuids);
