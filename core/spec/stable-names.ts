// What a spec names by a name that can change, such as /dev/sda, with the one that stays: for a spec that is printed.
import type { Inventory } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";
import { findPool } from "./find-pool.ts";
import type { LoadedSpec } from "./load.ts";
import type { Path } from "./path.ts";
import type { DiskSpec } from "./schema-disks.ts";
import { selectDisks } from "./select-disks.ts";

export interface StableName {
  path: Path;
  /** What the spec says there instead. */
  value: unknown;
  /** The name that can change. */
  given: string;
  /** What it leads to, as people know it. */
  about: string;
}

/** Pure. @throws ActionableError (exit 4) what choosing a disk or a pool refuses */
export function stableNames(loaded: LoadedSpec, inventory: Inventory): StableName[] {
  const { disks = {}, root } = loaded.spec;
  const ofDisks = Object.entries(disks).flatMap(([name, disk]) => stableDisk(["disks", name], disk, loaded, inventory));
  const install = root?.install;
  if (typeof install !== "object" || install.device === undefined) return ofDisks;
  // A partition's name leads to a pool, whose GUID stays.
  const path = ["root", "install"];
  const { device: given, ...more } = install;
  const pool = findPool(install, inventory, loaded.place(path));
  const about = `on the pool ${pool.name} (${pool.members.join(", ")})`;
  return [...ofDisks, { path, given, value: { ...more, pool: pool.name, guid: pool.guid }, about }];
}

function stableDisk(path: Path, disk: DiskSpec, loaded: LoadedSpec, inventory: Inventory): StableName[] {
  if (Array.isArray(disk)) return disk.flatMap((one, at) => stableDisk([...path, at], one, loaded, inventory));
  const given = typeof disk === "string" ? disk : disk.path;
  if (given?.startsWith("/dev/") !== true) return [];
  return selectDisks(disk, inventory, loaded.place(path)).map((one) => ({
    ...{ given, about: describeDisk(one) },
    ...(typeof disk === "string"
      ? { path, value: one.id }
      : { path: [...path, "path"], value: `/dev/disk/by-id/${one.id}` }),
  }));
}
