// Why a disk cannot be a target: it is in use by the running system, or cannot be written.
import { isHolder, WORDS } from "./holders.ts";
import type { Holder } from "./inventory.ts";
import { type BlockDevice, isUnder, mountpointsOf, withHolders } from "./lsblk.ts";
import { scrub } from "./scrub.ts";

export interface InUse {
  /** Kernel name or link of the device that the running system was started from, or null. */
  liveDevice: string | null;
  pools: readonly { name: string; guid: string }[];
  poolDevices: readonly { pool: string; path: string }[];
  /** Links below /dev of each node. */
  links: ReadonlyMap<string, readonly string[]>;
}

const LIVE = "/run/multiverse/live";
const STATE = "/run/multiverse/state";
const SOURCE = "/run/multiverse/source";

/**
 * Every reason, without repeating one; empty when the disk is free, or will be once its holders are closed.
 * `holders` are those that are known of the disk (holders.ts).
 */
export function whyUnusable(disk: BlockDevice, use: InUse, holders: readonly Holder[] = []): string[] {
  const tree = withHolders(disk);
  const reasons: string[] = [];
  if (
    tree.some(
      (device) => isDevice(device, use.liveDevice, use) || mountpointsOf(device).some((point) => isUnder(point, LIVE)),
    )
  )
    reasons.push("live medium");
  for (const device of tree) {
    for (const point of mountpointsOf(device)) reasons.push(whyMounted(point));
    for (const pool of poolsOf(device, use)) reasons.push(`member of imported pool ${pool}`);
    if (isHolder(device) && !holders.some(({ knames }) => knames.includes(device.kname)))
      reasons.push(`held by ${scrub(device.name)} (${WORDS[device.type] ?? scrub(device.type)})`);
  }
  for (const { handle, name, what } of holders) if (handle === null) reasons.push(`held by ${name} (${what})`);
  if (disk.ro === true) reasons.push("read-only");
  return [...new Set(reasons)];
}

function whyMounted(point: string): string {
  if (point === "[SWAP]") return "swap in use";
  if (isUnder(point, STATE)) return "holds this installer's state";
  if (isUnder(point, SOURCE)) return "an install copies from it";
  return `mounted at ${scrub(point)}`;
}

/** A device may be named by its node or by any link; zpool also keeps the names it was given. */
function isDevice(device: BlockDevice, name: string | null, use: InUse): boolean {
  if (name === null || name === "") return false;
  const short = name.replace(/^\/dev\//, "");
  return name === device.path || short === device.kname || (use.links.get(device.kname) ?? []).includes(short);
}

/** By the devices that zpool names, and by the label on the device: its file system UUID is the pool's GUID. */
function poolsOf(device: BlockDevice, use: InUse): string[] {
  const byPath = use.poolDevices.filter((one) => isDevice(device, one.path, use)).map((one) => one.pool);
  const byLabel = use.pools
    .filter((pool) => device.fstype === "zfs_member" && device.uuid === pool.guid)
    .map((pool) => pool.name);
  return [...new Set([...byPath, ...byLabel])];
}
