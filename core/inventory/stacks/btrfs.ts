// btrfs file systems and their devices: `btrfs filesystem show --raw`, or what lsblk says where that is not known.
import { type BlockDevice, withHolders } from "../lsblk.ts";
import { scrub } from "../scrub.ts";
import type { BtrfsVolume } from "./stacks.ts";

/** cmds/filesystem.c: a paragraph for each file system, "*** Some devices missing" at its end when it is so. */
export function parseBtrfsShow(output: string): BtrfsVolume[] {
  return output
    .split(/^(?=Label: )/m)
    .filter((block) => block.startsWith("Label: "))
    .map((block) => {
      const [, label = "", uuid = ""] = /^Label: (.*?) +uuid: (\S+)/.exec(block) ?? [];
      const wanted = /Total devices ([0-9]+)/.exec(block)?.[1];
      const there = [...block.matchAll(/^\tdevid +[0-9]+ size [0-9]+ used [0-9]+ path (.*)$/gm)]
        .map(([, path = ""]) => path.trim())
        .filter((path) => path.startsWith("/dev/") && !path.endsWith(" MISSING"))
        .map((path) => ({ kname: scrub(path.replace(/^\/dev\//, "")) }));
      const absent = Math.max(0, Number(wanted ?? there.length) - there.length);
      return {
        ...{ uuid: scrub(uuid), label: label === "none" ? "" : scrub(label.replace(/^'(.*)'$/, "$1")) },
        wanted: wanted === undefined ? null : Number(wanted),
        members: [...there, ...Array.from({ length: absent }, () => ({ kname: null }))],
      };
    });
}

/** Devices of one file system share its UUID. */
export function findBtrfs(devices: readonly BlockDevice[]): BtrfsVolume[] {
  const volumes = new Map<string, BtrfsVolume>();
  for (const device of devices.flatMap(withHolders)) {
    if (device.fstype !== "btrfs" || !device.uuid) continue;
    const volume = volumes.get(device.uuid) ?? {
      ...{ uuid: scrub(device.uuid), label: scrub(device.label), wanted: null, members: [] },
    };
    if (!volume.members.some((member) => member.kname === device.kname)) volume.members.push({ kname: device.kname });
    volumes.set(device.uuid, volume);
  }
  return [...volumes.values()];
}

/** What btrfs says, completed by what lsblk shows and btrfs did not: it shows nothing to whoever may not read disks. */
export function mergeBtrfs(shown: readonly BtrfsVolume[], seen: readonly BtrfsVolume[]): BtrfsVolume[] {
  return [...shown, ...seen.filter((one) => !shown.some((other) => other.uuid === one.uuid))];
}
