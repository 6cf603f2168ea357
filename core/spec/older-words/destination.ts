// `boot=` and `install=`: where a system goes, as the older command line names it. Parsing and writing are inverse to each other.
import { NotInGrammar, readDevice, readNames, refuseOddities } from "./uri-parts.ts";

export const FILE_SYSTEMS = ["zfs", "btrfs", "xfs", "ext4"] as const;

export interface Destination {
  filesystem: (typeof FILE_SYSTEMS)[number];
  /** A path below /dev; null where a pool is named by its name alone. */
  device: string | null;
  /** Pool (or label) first, then what is on it. */
  names: string[];
}

/** What the names of a destination mean. */
export interface Meaning {
  /** Pool, or label of the file system. */
  pool: string;
  /** The installed system on it; null: it is called after the host. */
  system: string | null;
  /** The generation that the last part names. */
  role: "g1" | "g2" | "g3" | null;
}

/** @throws NotInGrammar */
export function parseDestination(text: string): Destination {
  refuseOddities(text);
  const [, scheme = "", rest = ""] = /^([a-z0-9]+):\/\/(.+)$/.exec(text) ?? [];
  const filesystem = FILE_SYSTEMS.find((one) => one === scheme);
  if (filesystem === undefined)
    throw new NotInGrammar(`is no destination such as ${FILE_SYSTEMS.map((one) => `${one}:///dev/…:/…`).join(", ")}`);
  if (!rest.startsWith("/")) return { filesystem, device: null, names: readNames(rest, "pool and dataset") };
  // The name of a link under /dev/disk may hold colons.
  const at = rest.lastIndexOf(":/");
  if (at < 0) throw new NotInGrammar(`has nothing behind its device: ${scheme}://${rest}:/pool/dataset`);
  return {
    filesystem,
    device: readDevice(rest.slice(0, at)),
    names: readNames(rest.slice(at + 2), "pool and dataset"),
  };
}

/** The URI that `parseDestination` reads as this. */
export function formatDestination({ filesystem, device, names }: Destination): string {
  return `${filesystem}://${device === null ? "" : `${device}:/`}${names.join("/")}`;
}

/**
 * `/saturn/plasma` is the system `plasma` on the pool `saturn`; with g1, g2 or g3 as the last part that generation is
 * meant, and the system is called after the host unless it is named before it.
 * @throws NotInGrammar
 */
export function meaningOf({ names }: Destination): Meaning {
  const [pool = "", ...below] = names;
  const last = below.at(-1);
  const role = last === "g1" || last === "g2" || last === "g3" ? last : null;
  const system = role === null ? below : below.slice(0, -1);
  if (below.length === 0) throw new NotInGrammar("has nothing behind its pool: a system's name, or g1, g2 or g3");
  if (system.length > 1)
    throw new NotInGrammar(`has more than one name between pool and generation (${system.join("/")})`);
  return { pool, system: system[0] ?? null, role };
}
