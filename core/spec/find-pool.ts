// The pool that `root.install` means: by name, GUID or one of its devices; or a refusal that lists the pools that are there.
import { ActionableError, EXIT } from "../errors.ts";
import type { ImportablePool, Inventory } from "../inventory/inventory.ts";
import { partitionByName } from "./partition-by-name.ts";
import type { Spec } from "./schema.ts";

type Stated = NonNullable<NonNullable<Spec["root"]>["install"]>;

/** What is said of the pool, in one form. */
export interface PoolWish {
  pool: string | null;
  guid: string | null;
  device: string | null;
  takeOverFrom: string | null;
}

export function poolWish(stated: Stated): PoolWish {
  const nothing = { pool: null, guid: null, device: null, takeOverFrom: null };
  // A pool's name begins with a letter (zpool-create(8)), so digits are a GUID.
  if (typeof stated === "string")
    return { ...nothing, ...(/^[0-9]/.test(stated) ? { guid: stated } : { pool: stated }) };
  return {
    ...{ pool: stated.pool ?? null, guid: stated.guid ?? null, device: stated.device ?? null },
    takeOverFrom: stated["take-over-from"] ?? null,
  };
}

/** @throws ActionableError `pool-not-found`, `ambiguous-pool`, `pool-imported`, `no-such-partition` (exit 4) */
export function findPool(stated: Stated, inventory: Inventory, at: string): ImportablePool {
  const wish = poolWish(stated);
  const guid = wish.device === null ? wish.guid : poolOn(wish.device, inventory, at);
  if (wish.guid !== null && guid !== wish.guid)
    throw notFound(inventory, [at, `${wish.device} belongs to the pool with the GUID ${guid}, not ${wish.guid}`]);
  const fits = ({ name, guid: is }: { name: string; guid: string }) =>
    (wish.pool === null || wish.pool === name) && (guid === null || guid === is);
  const imported = inventory.pools.imported.find(fits);
  if (imported !== undefined) throw isImported(imported.name, at);
  const found = inventory.pools.importable.filter(fits);
  const [pool] = found;
  if (pool === undefined) throw notFound(inventory, [at]);
  if (found.length > 1) throw ambiguous(found, at);
  return pool;
}

/** The GUID of the pool that a partition belongs to: what libblkid calls its UUID (superblocks/zfs.c). */
function poolOn(device: string, inventory: Inventory, at: string): string {
  const { partition } = partitionByName(device, inventory, at);
  if (partition.filesystem === "zfs_member" && partition.uuid !== null) return partition.uuid;
  throw notFound(inventory, [at, `${device} holds no pool: ${partition.content}`]);
}

const inWords = ({ name, guid, state, members }: ImportablePool): string =>
  `${name}, GUID ${guid}, ${state}, on ${members.join(", ")}`;

function notFound({ pools }: Inventory, evidence: readonly string[]): ActionableError {
  return new ActionableError({
    code: "pool-not-found",
    exit: EXIT.refused,
    message: "The pool that the system is to be added to is not in this machine.",
    evidence: [
      ...evidence,
      ...(pools.importable.length === 0
        ? ["no pool that could be imported was found"]
        : pools.importable.map((pool) => `there is ${inWords(pool)}`)),
    ],
    hint: "Name one of these in root.install, or make a new pool with `disks:`.",
  });
}

function ambiguous(found: readonly ImportablePool[], at: string): ActionableError {
  return new ActionableError({
    code: "ambiguous-pool",
    exit: EXIT.refused,
    message: "More than one pool is what the spec says; none is picked.",
    evidence: [at, ...found.map(inWords)],
    hint: 'Name the one that is meant by its GUID: `root: {install: "…"}`.',
  });
}

function isImported(name: string, at: string): ActionableError {
  return new ActionableError({
    code: "pool-imported",
    exit: EXIT.refused,
    message: `The pool ${name} is in use by this system, and is not taken from it.`,
    evidence: [at, `zpool list shows ${name}`],
    hint: `Export it first (\`zpool export ${name}\`); where this system runs from it, start the rescue system.`,
  });
}
