// Why a disk cannot be a target: it is in use by the running system, or cannot be written.
import { type BlockDevice, isUnder, mountpointsOf, withHolders } from "./lsblk.ts";
import { scrub } from "./scrub.ts";
import type { UdevDevice } from "./udev.ts";

export interface InUse {
  /** Kernel name or link of the device that the running system was started from, or null. */
  liveDevice: string | null;
  pools: readonly { name: string; guid: string }[];
  poolDevices: readonly { pool: string; path: string }[];
  /** Links below /dev of each node. */
  links: ReadonlyMap<string, readonly string[]>;
  /** The whole of udev's database, for where disks are attached. */
  udev?: readonly UdevDevice[];
}

const LIVE = "/run/multiverse/live";
const STATE = "/run/multiverse/state";
const SOURCE = "/run/multiverse/source";

/** Every reason, without repeating one; empty when the disk is free. */
export function whyUnusable(disk: BlockDevice, use: InUse): string[] {
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
    if (device.type !== "disk" && device.type !== "part")
      reasons.push(`held by ${scrub(device.name)} (${HOLDERS[device.type] ?? scrub(device.type)})`);
  }
  if (disk.ro === true) reasons.push("read-only");
  return [...new Set(reasons)];
}

const HOLDERS: Readonly<Record<string, string>> = {
  crypt: "an opened encrypted volume",
  lvm: "an active LVM volume",
  mpath: "multipath",
  dm: "device mapper",
};

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
