// A system that is added to a pool that exists: what must be true of the pool first, and what the new data sets get from it.
import { ActionableError, EXIT } from "../../errors.ts";
import type { PoolFacts } from "../../inventory/closer-look.ts";
import type { Disk, Inventory } from "../../inventory/inventory.ts";
import { isNamed } from "../../pool-user.ts";
import { sizeInWords } from "../../size-in-words.ts";
import type { ExistingRoot, ResolvedSpec } from "../../spec/resolved.ts";
import { deriveHex } from "../derive.ts";
import { existingPoolRef } from "../pool-of.ts";
import type { Evidence } from "../step.ts";
import { refuseFullPool } from "./existing-space.ts";
import { joinEsps } from "./join-esps.ts";
import type { Layout } from "./layout.ts";

/** What tells our unfinished tree from anybody else's. */
export const markOf = (salt: string): string => deriveHex(salt, "unfinished install", 12);

/** @throws ActionableError `pool-not-looked-at`, `pool-used-elsewhere`, `pool-unreadable`, `pool-not-healthy`, `pool-too-new`, `pool-lacks-feature`, `system-exists`, `pool-too-full`, and what join-esps.ts refuses */
export function layoutExisting(
  spec: ResolvedSpec,
  root: ExistingRoot,
  inventory: Inventory,
  evidence: Evidence,
): Layout {
  const facts = inventory.closer?.pools.find(({ guid }) => guid === root.guid);
  if (facts === undefined) throw notLookedAt(root);
  refuseUsedElsewhere(root, facts);
  refuseUnreadable(facts);
  refuseLackingFeatures(root, facts);
  refuseTakenName(spec, root, facts);
  refuseFullPool(spec, root, facts, evidence);
  const members = membersOf(root, inventory);
  const { joined, how, notes } = joinEsps(spec, inventory, members);
  const hostid = hostidOf(spec, root, facts);
  const where = members.map(({ id, path }) => id ?? path).join(", ");
  return {
    disks: [],
    joined,
    root: {
      ...{ filesystem: "zfs-existing", pool: existingPoolRef(spec.salt, root), hostid: hostid.system },
      ...{
        importHostid: facts.lastUser?.hostid ?? hostid.system,
        properties: propertiesOf(root, facts, hostid.system),
      },
    },
    changes: [
      {
        id: `${root.pool}/${root.system}`,
        name: `pool ${root.pool}, GUID ${root.guid}, ${sizeInWords(facts.available)} free, on ${where}`,
        how: [
          `The data set ${root.pool}/${root.system} and those below it are made; no other data set, and no property of the pool, is changed.`,
          ...(facts.lastUser === null ? [] : [`It is taken over from ${userInWords(facts)}, which has used it last.`]),
          ...how,
        ],
      },
    ],
    notes: [...notes, ...hostid.notes, ...healthNotes(facts), ...featureNotes(root, facts)],
  };
}

/** The disks that the pool lies on, as far as their partitions say it. */
export function membersOf({ guid }: Pick<ExistingRoot, "guid">, { disks }: Pick<Inventory, "disks">): Disk[] {
  return disks.filter(({ partitions }) =>
    partitions.some(({ filesystem, uuid }) => filesystem === "zfs_member" && uuid === guid),
  );
}

function refuse(code: string, message: string, evidence: readonly string[], hint: string): ActionableError {
  return new ActionableError({ code, exit: EXIT.refused, message, evidence, hint });
}

function notLookedAt({ pool }: ExistingRoot): ActionableError {
  return refuse(
    "pool-not-looked-at",
    `What is in the pool ${pool} is not known, so nothing can be added to it.`,
    ["it was not looked into: a recorded machine does not hold what is in its pools"],
    "Make this plan on the machine itself, as root.",
  );
}

const userInWords = ({ lastUser }: PoolFacts): string =>
  lastUser === null
    ? "nobody"
    : `${lastUser.name === "" ? "a host without a name" : lastUser.name} (host id ${lastUser.hostid})`;

function refuseUsedElsewhere({ pool, takeOverFrom }: ExistingRoot, facts: PoolFacts): void {
  const { lastUser, guid } = facts;
  if (lastUser === null || isNamed(lastUser, takeOverFrom)) return;
  const word = lastUser.name === "" ? `"${lastUser.hostid}"` : lastUser.name;
  throw refuse(
    "pool-used-elsewhere",
    `The pool ${pool} was used last by ${userInWords(facts)}, which has not exported it and may still use it.`,
    [
      `pool ${pool}, GUID ${guid}: active, last host ${userInWords(facts)}`,
      ...(takeOverFrom === null ? [] : [`root.install.take-over-from says ${takeOverFrom}`]),
    ],
    `Two machines that write to one pool destroy it. Where it is this very machine's system, or a host that is switched off, say so: \`root: {install: {pool: ${pool}, take-over-from: ${word}}}\`.`,
  );
}

function refuseUnreadable({ name, problem, health, unsupported }: PoolFacts): void {
  if (problem !== null)
    throw refuse(
      "pool-unreadable",
      `The pool ${name} cannot be looked into.`,
      [problem],
      "Look at `zpool import` and mend what it says; planning for a pool needs root.",
    );
  if (unsupported.length > 0)
    throw refuse(
      "pool-too-new",
      `The pool ${name} has features that this version of ZFS does not know, so it cannot be written to.`,
      unsupported,
      "Use a rescue system with a newer ZFS, or another pool.",
    );
  if (health !== "ONLINE" && health !== "DEGRADED")
    throw refuse(
      "pool-not-healthy",
      `The pool ${name} is ${health}.`,
      [`zpool list says ${health}`],
      "Mend it first: `zpool status` says what is wrong.",
    );
}

/** A pool's features are its owner's to enable: once active, an older system may not be able to read it. */
function refuseLackingFeatures({ pool, encryption }: ExistingRoot, { features }: PoolFacts): void {
  const state = features.encryption ?? "not known to it";
  if (encryption === "none" || state === "enabled" || state === "active") return;
  throw refuse(
    "pool-lacks-feature",
    `The pool ${pool} cannot hold encrypted data sets.`,
    [`feature@encryption is ${state}`],
    `Use \`root: {encryption: none}\`; or enable it yourself (\`zpool set feature@encryption=enabled ${pool}\`), after which older systems may not read the pool.`,
  );
}

function refuseTakenName({ salt }: ResolvedSpec, { pool, system }: ExistingRoot, { sets }: PoolFacts): void {
  const name = `${pool}/${system}`;
  const taken = sets.find((set) => set.name === name);
  if (taken === undefined) return;
  const below = sets.filter((set) => set.name.startsWith(`${name}/`)).length;
  const whose =
    taken.unfinished === null
      ? []
      : [
          `an install of ours has not come to its end there${taken.unfinished === markOf(salt) ? ": that of this spec" : ""}`,
        ];
  throw refuse(
    "system-exists",
    `${name} exists already, and is not touched.`,
    [`${name}: ${sizeInWords(taken.used)}, ${below} data sets below it`, ...whose],
    taken.unfinished === null
      ? `Give the new system another name (\`root: {system: …}\`), or rename or destroy that one yourself.`
      : `Go on with \`multiverse install --resume\`, or take it back with \`multiverse install --undo\`; or give the new system another name.`,
  );
}

/**
 * Systems of one machine that share a pool need one host id: a root pool is never exported at shutdown, and ZFS lets
 * only the host in that used it last.
 */
function hostidOf(
  { salt }: ResolvedSpec,
  { pool }: ExistingRoot,
  facts: PoolFacts,
): { system: string; notes: string[] } {
  const systems = facts.sets.filter(({ name, hostid }) => hostid !== null && name.split("/").length === 2);
  const known = [...new Set(systems.flatMap(({ hostid }) => hostid ?? []))];
  const last = facts.lastUser?.hostid;
  const system =
    last !== undefined && (known.length === 0 || known.includes(last))
      ? last
      : (known[0] ?? deriveHex(salt, "hostid", 8));
  const others = systems.filter(({ hostid }) => hostid !== system).map(({ name }) => name);
  return {
    system,
    notes:
      others.length === 0
        ? []
        : [
            `${others.join(", ")} on ${pool} has another host id: after the new system has run, it starts only with zfs_force=1.`,
          ],
  };
}

/** What those below would else inherit from a pool that was made for something else (zfsprops(7)). */
function propertiesOf({ encryption }: ExistingRoot, { features }: PoolFacts, hostid: string): Record<string, string> {
  const active = (name: string) => features[name] === "active";
  return {
    ...{ acltype: "posixacl", xattr: "sa", relatime: "on", atime: "on" },
    // A feature that becomes active could keep an older system from reading the pool.
    dnodesize: active("large_dnode") ? "auto" : "legacy",
    compression: active("lz4_compress") ? "lz4" : "on",
    ...{ readonly: "off", exec: "on", setuid: "on", devices: "on", sync: "standard", copies: "1", dedup: "off" },
    ...{ casesensitivity: "sensitive", normalization: "none", utf8only: "off", sharenfs: "off", sharesmb: "off" },
    ...(encryption === "none" ? { encryption: "off" } : {}),
    "multiverse:hostid": hostid,
  };
}

function healthNotes({ name, health }: PoolFacts): string[] {
  return health === "DEGRADED" ? [`The pool ${name} is DEGRADED: one of its devices is missing or failing.`] : [];
}

function featureNotes({ pool, encryption }: ExistingRoot, { features }: PoolFacts): string[] {
  if (encryption === "none" || features.encryption === "active") return [];
  return [
    `The feature encryption of ${pool} becomes active while it holds encrypted data sets; a system with ZFS before 0.8 cannot read it then.`,
  ];
}
