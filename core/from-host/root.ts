// `disks:`, `root:`, `esp:` and `swap:` of a running system: pool, layout, data sets, and disks by the names that stay.
import type { Disk, Inventory, Partition } from "../inventory/inventory.ts";
import { DATA_SETS, dataSets } from "../plan/data-sets.ts";
import { formatSize } from "../spec/quantity.ts";
import { asked } from "./asked.ts";
import type { HostFacts } from "./facts.ts";

export function rootOf(facts: HostFacts): Record<string, unknown> {
  const { answers, pool, inventory } = facts;
  const [source = "", type = ""] = answers.root.trim().split(/\s+/);
  if (pool !== null) return zfsOf(pool, source, inventory);
  const disk = inventory.disks.find(
    (one) => one.path === source || one.partitions.some((part) => part.path === source),
  );
  const known = type === "ext4" || type === "btrfs" || type === "xfs";
  return {
    ...disksOf(disk === undefined ? [] : [disk]),
    root: {
      filesystem: known ? type : asked(`The running system's root is ${type || "not known"}.`),
      layout:
        disk === undefined ? asked("How the disks of the running system's root are joined is not known.") : "single",
      encryption: asked("Whether the running system's root is encrypted is not known."),
    },
    ...partitionsOf(disk === undefined ? [] : [disk]),
  };
}

function zfsOf(pool: NonNullable<HostFacts["pool"]>, source: string, inventory: Inventory): Record<string, unknown> {
  const { vdevs, others } = parseStatus(pool.status);
  const members = vdevs.flatMap((vdev) => vdev.members).map((path) => diskOf(path, inventory));
  const disks = members.every((disk) => disk !== null) ? members : [];
  const system = source.split("/")[1];
  const properties = parseProperties(pool.dataSets);
  const unlock = encryptionOf(properties.get(`${pool.name}/${system ?? ""}`));
  const own = system === undefined ? {} : dataSetsOf(`${pool.name}/${system}/data/`, properties);
  return {
    ...disksOf([...new Set(disks)]),
    root: {
      ...{
        filesystem: "zfs",
        pool: pool.name,
        layout: layoutOf(vdevs) ?? asked("The pool's layout is none that is known."),
      },
      ...(system === undefined ? {} : { system }),
      encryption: unlock ?? asked("Whether the running system's root is encrypted is not known."),
      ...(Object.keys(own).length === 0 ? {} : { datasets: own }),
    },
    ...partitionsOf([...new Set(disks)]),
    ...(others.length === 0 ? {} : { "#": `the pool also has ${others.join(", ")}: add special, log, cache or spare` }),
  };
}

function disksOf(disks: readonly Disk[]): Record<string, unknown> {
  const ids = disks.map((disk) => disk.id);
  const [first] = ids;
  if (first === undefined || ids.includes(null))
    return {
      disks: { system: asked("Which disk the running system is on is not known, or it has no name that stays.") },
    };
  return { disks: { system: ids.length === 1 ? first : ids } };
}

const ESP = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
const SWAP = "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f";

function partitionsOf(disks: readonly Disk[]): Record<string, unknown> {
  const find = (type: string): Partition | undefined =>
    disks.flatMap((disk) => disk.partitions).find((part) => part.type === type);
  const [esp, swap] = [find(ESP), find(SWAP)];
  return {
    // Smaller ones than we make are not asked for again.
    ...(esp === undefined || esp.size < 2 ** 30 ? {} : { esp: { size: formatSize(esp.size) } }),
    ...(disks.length === 0
      ? {}
      : { swap: swap === undefined ? "none" : { kind: "partition", size: formatSize(swap.size) } }),
  };
}

interface Vdev {
  /** "disk", "mirror", "raidz2", … */
  kind: string;
  members: string[];
}

/** `zpool status -P`: a tree by indentation; log, cache and spare devices have headings of their own. */
export function parseStatus(status: string): { vdevs: Vdev[]; others: string[] } {
  const config = /^config:\n([\s\S]*?)(?=^errors:|(?![\s\S]))/m.exec(status)?.[1] ?? "";
  const vdevs: Vdev[] = [];
  const others: string[] = [];
  let heading = "";
  for (const [, indent = "", name = ""] of config.matchAll(/^\t( *)(\S+)/gm)) {
    if (name === "NAME") continue;
    if (indent === "") {
      heading = /^(logs|cache|spares|special|dedup)$/.test(name) ? name : "";
      if (heading !== "") others.push(heading);
    } else if (heading === "") {
      if (indent.length === 2 && name.startsWith("/")) vdevs.push({ kind: "disk", members: [name] });
      else if (indent.length === 2) vdevs.push({ kind: name.replace(/-[0-9]+$/, ""), members: [] });
      else if (name.startsWith("/")) vdevs.at(-1)?.members.push(name);
    }
  }
  return { vdevs, others };
}

/** In the words of the spec; null for what it has no word for. */
export function layoutOf(vdevs: readonly Vdev[]): string | null {
  const kinds = new Set(vdevs.map((vdev) => vdev.kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) return null;
  if (kind === "disk") return vdevs.length === 1 ? "single" : "stripe";
  if (kind === "mirror")
    return vdevs.length === 1 ? "mirror" : vdevs.every((vdev) => vdev.members.length === 2) ? "raid10" : null;
  return /^raidz[123]$/.test(kind) && vdevs.length === 1 ? kind : null;
}

/** The disk that a member is on: by its path, or by a link to its partition. */
function diskOf(path: string, { disks }: Inventory): Disk | null {
  const link = /^\/dev\/disk\/by-(partuuid|id|path)\/(.+)$/.exec(path);
  const found = disks.find((disk) => {
    if (disk.path === path || disk.partitions.some((part) => part.path === path)) return true;
    const [, kind, name = ""] = link ?? [];
    if (kind === "partuuid") return disk.partitions.some((part) => part.partuuid === name);
    return link !== null && [disk.id ?? "", ...disk.aliases].includes(name.replace(/-part[0-9]+$/, ""));
  });
  return found ?? null;
}

type Properties = Map<string, Map<string, string>>;

/** `zfs get -Hp`: data set, property, value. */
function parseProperties(text: string): Properties {
  const all: Properties = new Map();
  for (const line of text.split("\n")) {
    const [name, property, value] = line.split("\t");
    if (name === undefined || property === undefined || value === undefined) continue;
    all.set(name, (all.get(name) ?? new Map<string, string>()).set(property, value));
  }
  return all;
}

function encryptionOf(properties: Map<string, string> | undefined): "passphrase" | "none" | null {
  const encryption = properties?.get("encryption");
  if (encryption === undefined) return null;
  if (encryption === "off") return "none";
  return properties?.get("keyformat") === "passphrase" ? "passphrase" : null;
}

/** Those below data/ that a host does not have by itself, and the limits of all. */
function dataSetsOf(prefix: string, properties: Properties): Record<string, unknown> {
  const ours = new Set([...DATA_SETS, ...dataSets("hypervisor")].map(({ name }) => name.replace(/^data\//, "")));
  const limit = (value: string | undefined) =>
    value !== undefined && /^[1-9][0-9]*$/.test(value) ? formatSize(Number(value)) : null;
  return Object.fromEntries(
    [...properties].flatMap(([name, set]) => {
      const short = name.startsWith(prefix) ? name.slice(prefix.length) : "";
      if (!/^[a-z0-9][a-z0-9_.-]{0,62}$/.test(short)) return [];
      const [quota, reservation, mountpoint] = [
        limit(set.get("quota")),
        limit(set.get("reservation")),
        set.get("mountpoint") ?? "",
      ];
      const own = !ours.has(short);
      if (!own && quota === null && reservation === null) return [];
      return [
        [
          short,
          {
            ...(own && mountpoint.startsWith("/") ? { mountpoint } : {}),
            ...(quota === null ? {} : { quota }),
            ...(reservation === null ? {} : { reservation }),
          },
        ],
      ];
    }),
  );
}
