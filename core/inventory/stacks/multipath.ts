// Disks that are reached over several paths: what lsblk shows as joined, and equal names that nothing joins.
import { diskDevices } from "../disk-devices.ts";
import { type BlockDevice, withHolders } from "../lsblk.ts";
import { scrub } from "../scrub.ts";
import type { UdevDevice } from "../udev.ts";
import type { MultipathMap } from "./stacks.ts";

/** device-mapper's UUID of a map is "mpath-" and the disk's WWID (multipath-tools, libmultipath/dm-generic). */
const MAP = /^mpath-/;

/**
 * From lsblk alone, so also where multipath-tools is not installed. Drives of one maker may share a serial number by
 * mistake, so two disks count as one only when the world wide name and the size agree.
 */
export function findMultipath(devices: readonly BlockDevice[], udev: readonly UdevDevice[]): MultipathMap[] {
  const disks = diskDevices(devices);
  const uuids = new Map(udev.map((device) => [device.node, device.properties.get("DM_UUID") ?? ""]));
  const maps = new Map<string, MultipathMap>();
  for (const disk of disks) {
    for (const map of withHolders(disk).filter((one) => one.type === "mpath")) {
      const known = maps.get(map.kname);
      const wwid = scrub((uuids.get(map.kname) ?? "").replace(MAP, "")) || scrub(disk.wwn);
      if (known === undefined)
        maps.set(map.kname, { name: scrub(map.name), kname: map.kname, wwid, paths: [disk.kname] });
      else if (!known.paths.includes(disk.kname)) known.paths.push(disk.kname);
    }
  }
  const joined = new Set([...maps.values()].flatMap((map) => map.paths));
  return [...maps.values(), ...findUnjoined(disks.filter((disk) => !joined.has(disk.kname)))];
}

function findUnjoined(disks: readonly BlockDevice[]): MultipathMap[] {
  const same = new Map<string, BlockDevice[]>();
  for (const disk of disks) {
    // NVMe's own multipath shows one disk only; its namespaces may share names across controllers of one drive.
    if (!disk.wwn || /^0x0*$/.test(disk.wwn) || disk.kname.startsWith("nvme")) continue;
    const key = `${disk.wwn} ${disk.serial ?? ""} ${disk.size}`;
    same.set(key, [...(same.get(key) ?? []), disk]);
  }
  return [...same.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({
      ...{ name: null, kname: null, wwid: scrub(group[0]?.wwn) },
      paths: group.map((disk) => disk.kname),
    }));
}
