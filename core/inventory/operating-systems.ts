// Finds out which systems are on partitions that are not mounted, without mounting them: mounting replays journals, which is writing.
import type { Run } from "../tools/run.ts";
import { ask, outputOf } from "./ask-program.ts";
import { listLoaders, readOsRelease } from "./commands.ts";
import { ESP_TYPES, type Found, parseLoaders, parseOsRelease } from "./content.ts";
import { diskDevices } from "./disk-devices.ts";
import { type BlockDevice, withHolders } from "./lsblk.ts";

/** What was found, by kernel name. Programs that are missing, or a user who may not read disks, find nothing; that is no error. */
export async function findOperatingSystems(
  devices: readonly BlockDevice[],
  run: Run,
  signal?: AbortSignal,
): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  const candidates = diskDevices(devices).flatMap(withHolders);
  for (const device of candidates) {
    if (/^ext[234]$/.test(device.fstype ?? "")) {
      const os = parseOsRelease(outputOf(await ask(run, readOsRelease(device.path), signal)));
      if (os !== undefined) found.set(device.kname, { os });
    } else if (device.fstype === "vfat" && ESP_TYPES.has((device.parttype ?? "").toLowerCase())) {
      const loaders = parseLoaders(outputOf(await ask(run, listLoaders(device.path), signal)));
      if (loaders.length > 0) found.set(device.kname, { loaders });
    }
  }
  return found;
}
