// Where a disk is attached: the PCI devices on the way to it and the driver that serves it, from udev's device paths.
import { scrub } from "./scrub.ts";
import type { UdevDevice } from "./udev.ts";

export interface Attachment {
  /** PCI addresses from the root to the controller, e.g. ["0000:00:1d.0", "0000:02:00.0"]; empty where there is none. */
  pci: string[];
  /** Kernel driver: "nvme", "ahci", "megaraid_sas", "usb-storage", "virtio_blk"; "" when not known. */
  driver: string;
}

const NOWHERE: Attachment = { pci: [], driver: "" };

/** Drivers of these serve any disk alike (sd, mmcblk): the one above says what the disk hangs on. */
const ALIKE = new Set(["scsi", "mmc", "block"]);

/** By the block device's kernel name. A namespace that is reached over several controllers is below /devices/virtual, without PCI. */
export function attachmentsOf(devices: readonly UdevDevice[]): (kname: string) => Attachment {
  const drivers = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const { node, devpath, properties } of devices) {
    const driver = properties.get("DRIVER");
    if (driver !== undefined && !ALIKE.has(properties.get("SUBSYSTEM") ?? "")) drivers.set(devpath, driver);
    if (node !== "" && properties.get("SUBSYSTEM") === "block") paths.set(node, devpath);
  }
  return (kname) => {
    const devpath = paths.get(kname);
    return devpath === undefined ? NOWHERE : attachmentOf(devpath, drivers);
  };
}

function attachmentOf(devpath: string, drivers: ReadonlyMap<string, string>): Attachment {
  let driver = "";
  for (let end = devpath.length; end > 0 && driver === ""; end = devpath.lastIndexOf("/", end - 1))
    driver = drivers.get(devpath.slice(0, end)) ?? "";
  // NVMe over several controllers, and over fabrics: the driver's own name is all that is known.
  if (driver === "" && /\/nvme-(subsystem|fabrics)\//.test(devpath)) driver = "nvme";
  return {
    pci: devpath.match(/(?<=\/)[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?=\/)/g) ?? [],
    driver: scrub(driver),
  };
}
