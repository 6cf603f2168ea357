// Makes the list of disks out of lsblk, udev and what is in use.
import { describeContent, type Found } from "./content.ts";
import { diskDevices } from "./disk-devices.ts";
import { holdersOf } from "./holders.ts";
import { aliasesOf, sharedLinks, stableIdentity } from "./identity.ts";
import type { Disk, Holder, Partition } from "./inventory.ts";
import { type BlockDevice, mountpointsOf } from "./lsblk.ts";
import { scrub, scrubOrNull } from "./scrub.ts";
import { type InUse, whyUnusable } from "./unusable.ts";

/** `found` is what was read from partitions, by kernel name; `holders` is what is open on any disk. */
export function makeDisks(
  devices: readonly BlockDevice[],
  use: InUse,
  found: ReadonlyMap<string, Found>,
  holders: readonly Holder[] = [],
): Disk[] {
  const disks = diskDevices(devices);
  const shared = sharedLinks(disks.map((disk) => use.links.get(disk.kname) ?? []));
  return disks.map((device) => makeDisk(device, { use, found, shared, holders: holdersOf(device, holders) }));
}

interface Known {
  use: InUse;
  found: ReadonlyMap<string, Found>;
  shared: ReadonlySet<string>;
  holders: Holder[];
}

function makeDisk(device: BlockDevice, { use, found, shared, holders }: Known): Disk {
  const links = use.links.get(device.kname) ?? [];
  const partitions = (device.children ?? [])
    .filter((child) => child.type === "part")
    .map((part) => makePartition(part, found));
  const own = device.fstype ? [describeContent(device, found.get(device.kname))] : [];
  return {
    id: stableIdentity(links, shared),
    aliases: aliasesOf(links, shared),
    kname: device.kname,
    path: device.path,
    model: scrub(device.model),
    // virtio has no vendor string: lsblk shows the PCI number of whoever made the emulator.
    vendor: /^0x[0-9a-f]{4}$/.test(device.vendor ?? "") ? "" : scrub(device.vendor),
    serial: scrub(device.serial),
    wwn: scrub(device.wwn),
    bus: busOf(device),
    size: device.size ?? 0,
    sector: device["log-sec"] ?? 512,
    physicalSector: device["phy-sec"] ?? device["log-sec"] ?? 512,
    rotational: device.rota === true,
    removable: device.rm === true,
    readOnly: device.ro === true,
    table: device.pttype === "gpt" || device.pttype === "dos" ? device.pttype : null,
    tableUuid: scrubOrNull(device.ptuuid)?.toLowerCase() ?? null,
    partitions,
    holders,
    content: [
      ...own,
      ...partitions.map((part) => part.content),
      ...holders.filter(({ content }) => content !== "").map(({ content, name }) => `${content} on ${name}`),
    ],
    unusable: whyUnusable(device, use, holders),
  };
}

function makePartition(part: BlockDevice, found: ReadonlyMap<string, Found>): Partition {
  return {
    kname: part.kname,
    path: part.path,
    number: part.partn ?? numberOf(part.kname),
    // The kernel counts in 512-byte units whatever the disk's sectors are.
    start: (part.start ?? 0) * 512,
    size: part.size ?? 0,
    type: scrubOrNull(part.parttype)?.toLowerCase() ?? null,
    partuuid: scrubOrNull(part.partuuid),
    partlabel: scrubOrNull(part.partlabel),
    filesystem: scrubOrNull(part.fstype),
    label: scrubOrNull(part.label),
    uuid: scrubOrNull(part.uuid),
    mountpoints: mountpointsOf(part).map(scrub),
    content: describeContent(part, found.get(part.kname)),
  };
}

/** "vda1", "nvme0n1p2", "mmcblk0p1": lsblk before 2.39 has no column for the number. */
function numberOf(kname: string): number {
  return Number(/([0-9]+)$/.exec(kname)?.[1] ?? 0);
}

function busOf(device: BlockDevice): Disk["bus"] {
  switch (device.tran) {
    case "nvme":
    case "sata":
    case "sas":
    case "virtio":
    case "usb":
      return device.tran;
    case "ata":
      return "sata";
    case "mmc":
      return "mmc";
    default:
      break;
  }
  if (device.kname.startsWith("nvme")) return "nvme";
  if (device.kname.startsWith("mmcblk")) return "mmc";
  if (device.kname.startsWith("vd")) return "virtio";
  if (device.kname.startsWith("sd")) return "scsi";
  return "other";
}
