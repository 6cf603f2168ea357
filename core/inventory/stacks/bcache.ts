// Devices that belong to bcache: by the links in /sys/fs/bcache where they are registered, and by their contents where not.
import { type BlockDevice, withHolders } from "../lsblk.ts";
import { scrub } from "../scrub.ts";
import type { BcacheSet } from "./stacks.ts";

/**
 * `find /sys/fs/bcache -maxdepth 2 -type l -printf '%p %l\n'`: a set has links bdev0, bdev1 … and cache0 … to the bcache
 * folder of each device (drivers/md/bcache/super.c). The target ends in "/block/sdb/bcache" or "/block/sdb/sdb1/bcache".
 */
export function findBcache(links: string, devices: readonly BlockDevice[]): BcacheSet[] {
  const sets = new Map<string, BcacheSet>();
  for (const [, uuid = "", kind = "", kname = ""] of links.matchAll(
    /^\/sys\/fs\/bcache\/([0-9a-f-]{36})\/(bdev|cache)[0-9]+ \S*\/([^/\s]+)\/bcache$/gm,
  )) {
    const set = sets.get(uuid) ?? { uuid, caches: [], backing: [], devices: [] };
    (kind === "bdev" ? set.backing : set.caches).push(scrub(kname));
    sets.set(uuid, set);
  }
  const registered = new Set([...sets.values()].flatMap((set) => [...set.backing, ...set.caches]));
  const all = [...new Map(devices.flatMap(withHolders).map((device) => [device.kname, device])).values()];
  const loose = all
    .filter((device) => device.fstype === "bcache" && !registered.has(device.kname))
    .map((device): BcacheSet => ({ uuid: null, caches: [], backing: [device.kname], devices: [] }));
  const found = [...sets.values(), ...loose];
  for (const set of found) {
    const below = all.filter((device) => set.backing.includes(device.kname));
    set.devices = [...new Set(below.flatMap(withHolders).map((device) => device.kname))].filter((kname) =>
      /^bcache[0-9]+$/.test(kname),
    );
  }
  return found;
}
