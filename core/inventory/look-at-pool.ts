// Looks into a pool that is not imported: its label, then imported read-only for a moment, under a name that is nobody's. Writes nothing.
import { isNamed } from "../pool-user.ts";
import type { Run } from "../tools/run.ts";
import { ask, lastWords, outputOf } from "./ask-program.ts";
import type { PoolFacts, PoolSet } from "./closer-look.ts";
import type { Inventory } from "./inventory.ts";
import { scrub, scrubOrNull } from "./scrub.ts";
import { parseZfsLabel } from "./zfs-label.ts";

/** What is asked of every data set, in this order. */
const COLUMNS = ["name", "used", "encryptionroot", "multiverse:hostid", "multiverse:unfinished"];

export interface PoolToLookAt {
  name: string;
  guid: string;
  /** The host that the spec takes the pool over from: by name or host id. */
  takeOverFrom: string | null;
}

/** A pool with a `problem` is one that cannot be looked into. */
export async function lookAtPool(pool: PoolToLookAt, inventory: Inventory, run: Run): Promise<PoolFacts> {
  const { name, guid } = pool;
  const label = await labelOf(guid, inventory, run);
  const facts: PoolFacts = {
    ...{ name, guid, lastUser: label?.lastUser ?? null, problem: null, health: "" },
    ...{ available: 0, features: {}, unsupported: [], sets: [] },
  };
  // Whoever used it last may use it still: not even read-only is it opened then.
  if (facts.lastUser !== null && !isNamed(facts.lastUser, pool.takeOverFrom))
    return { ...facts, problem: "another host has used it last" };
  const as = `mv-look-${guid}`;
  // A look that was cut off leaves it imported.
  if ((await ask(run, ["zpool", "list", "-H", "-o", "name", as])).exit === 0) await ask(run, ["zpool", "export", as]);
  const force = facts.lastUser === null ? [] : ["-f"];
  const imported = await ask(run, [
    ...(["zpool", "import", "-N", "-o", "readonly=on", "-o", "cachefile=none"] as const),
    ...[...force, "-t", guid, as],
  ]);
  if (imported.exit !== 0) return { ...facts, problem: scrub(lastWords(imported)) };
  try {
    const properties = parseProperties(
      outputOf(await ask(run, ["zpool", "get", "-Hp", "-o", "property,value", "all", as])),
    );
    const list = ["zfs", "list", "-Hp", "-r", "-t", "filesystem,volume", "-o"] as const;
    const sets = outputOf(await ask(run, [...list, COLUMNS.join(","), as]));
    const available = outputOf(await ask(run, ["zfs", "get", "-Hp", "-o", "value", "available", as]));
    return {
      ...facts,
      health: scrub(properties.get("health")),
      available: Number(available.trim()) || 0,
      features: Object.fromEntries(
        [...properties].flatMap(([key, value]) => (key.startsWith("feature@") ? [[key.slice(8), value]] : [])),
      ),
      unsupported: [...properties.keys()].flatMap((key) =>
        key.startsWith("unsupported@") ? [scrub(key.slice(12))] : [],
      ),
      sets: parseSets(sets, as, name),
    };
  } finally {
    await ask(run, ["zpool", "export", as]);
  }
}

/** From the first of its devices that has one. */
async function labelOf(guid: string, { disks }: Inventory, run: Run) {
  for (const { path, filesystem, uuid } of disks.flatMap(({ partitions }) => partitions)) {
    if (filesystem !== "zfs_member" || uuid !== guid) continue;
    const label = parseZfsLabel(outputOf(await ask(run, ["zdb", "-l", path])));
    if (label?.guid === guid) return label;
  }
  return null;
}

function parseProperties(output: string): Map<string, string> {
  return new Map(
    output.split("\n").flatMap((line): [string, string][] => {
      const [key, value] = line.split("\t");
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}

/** `as` is the name that it is imported under. */
function parseSets(output: string, as: string, name: string): PoolSet[] {
  const real = (set: string) => `${name}${scrub(set).slice(as.length)}`;
  const said = (value: string | undefined) => (value === undefined || value === "-" ? null : scrubOrNull(value));
  return output.split("\n").flatMap((line) => {
    const [set = "", used, root, hostid, unfinished] = line.split("\t");
    if (set !== as && !set.startsWith(`${as}/`)) return [];
    const encryptionRoot = said(root);
    return [
      {
        ...{ name: real(set), used: Number(used) || 0 },
        encryptionRoot: encryptionRoot === null ? null : real(encryptionRoot),
        hostid: /^[0-9a-f]{8}$/.test(hostid ?? "") ? (hostid ?? null) : null,
        unfinished: said(unfinished),
      },
    ];
  });
}
