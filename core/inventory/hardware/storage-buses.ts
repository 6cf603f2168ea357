// What disks hang on, and whether a RAID card shows its disks or hides them.
import type { Disk } from "../inventory.ts";
import type { UdevDevice } from "../udev.ts";
import type { PciDevice, StorageBus } from "./hardware.ts";
import { nameOf, pciAddressOf } from "./pci.ts";

/** Cards that can make volumes of their disks and then show only those. */
const RAID_DRIVERS: ReadonlySet<string> = new Set(
  "megaraid_sas hpsa smartpqi aacraid arcmsr ips 3w-9xxx 3w-sas mpi3mr".split(" "),
);

/** What volumes call themselves, by maker: Dell, LSI and Avago, HP, Adaptec, Areca, IBM. */
const VOLUME = /\bPERC\b|\bMR\d{4}|MegaRAID|LOGICAL[ _]VOLUME|\bRAID\b|ServeRAID|\bVirtual (Disk|Drive)\b|\bARC-1/i;

/** One adapter each. */
const BY_CLASS: Readonly<Record<string, StorageBus["kind"]>> = {
  "0100": "scsi",
  "0101": "ide",
  "0104": "sas",
  "0106": "sata",
  "0107": "sas",
};

/** virtio-blk, as a transitional and as a modern device (virtio 1.2, 4.1.2). */
const VIRTIO_BLK: ReadonlySet<string> = new Set(["1af4:1001", "1af4:1042"]);

/** In the order of their addresses, those that many devices make together behind. */
export function readStorageBuses(
  pci: readonly PciDevice[],
  udev: readonly UdevDevice[],
  disks: readonly Disk[],
): StorageBus[] {
  const paths = new Map(udev.filter((device) => device.node !== "").map((device) => [device.node, device.devpath]));
  const pathOf = (disk: Disk) => paths.get(disk.kname) ?? "";
  const shared = (kind: StorageBus["kind"], name: string, is: (disk: Disk) => boolean, also = false): StorageBus[] => {
    const members = disks.filter(is).map((disk) => disk.kname);
    if (members.length === 0 && !also) return [];
    return [{ kind, address: null, name, driver: null, disks: members, raid: null }];
  };
  const hasClass = (name: string) => pci.some((device) => device.class === name);
  return [
    ...pci
      .filter((device) => BY_CLASS[device.class] !== undefined && !VIRTIO_BLK.has(device.id))
      .map((device) => busOf(device, disks, pathOf)),
    ...shared("nvme", "NVMe", (disk) => disk.bus === "nvme", hasClass("0108")),
    ...shared("virtio", "virtio-blk", (disk) => disk.bus === "virtio"),
    ...shared("mmc", "SD and MMC", (disk) => disk.bus === "mmc", hasClass("0805")),
    ...shared("usb", "USB", (disk) => disk.bus === "usb", hasClass("0c03")),
  ];
}

function busOf(device: PciDevice, disks: readonly Disk[], pathOf: (disk: Disk) => string): StorageBus {
  const own = disks.filter((disk) => disk.bus !== "nvme" && pciAddressOf(pathOf(disk)) === device.address);
  return {
    kind: kindOf(device),
    ...{ address: device.address, name: nameOf(device), driver: device.driver },
    disks: own.map((disk) => disk.kname),
    raid: raidOf(device, own),
  };
}

/** Intel's chipsets call themselves RAID when the firmware is set so; what hangs on them is SATA. */
function kindOf(device: PciDevice): StorageBus["kind"] {
  if (device.class === "0104" && device.driver === "ahci") return "sata";
  return BY_CLASS[device.class] ?? "scsi";
}

function raidOf(device: PciDevice, disks: readonly Disk[]): StorageBus["raid"] {
  if (!RAID_DRIVERS.has(device.driver ?? "")) return null;
  if (disks.length === 0) return "empty";
  return disks.some((disk) => VOLUME.test(`${disk.vendor} ${disk.model}`)) ? "raid" : "hba";
}

/** How the disks behind a card in RAID mode come to be seen, by its driver. */
const TO_SEE: Readonly<Record<string, string>> = {
  megaraid_sas:
    "switch it to HBA mode in its setup (Dell: F2, Device Settings, the RAID controller, Controller Management, Advanced; or `perccli /c0 set personality=HBA`), or make each disk a Non-RAID one; cards without that mode (H710 and older) need one volume a disk",
  hpsa: "switch it to HBA mode (`ssacli controller slot=0 modify hbamode=on`)",
  smartpqi: "switch it to HBA or mixed mode (`ssacli controller slot=0 modify controllermode=hba`)",
  aacraid: "switch it to HBA mode (`arcconf setcontrollermode 1 2`)",
  arcmsr: "switch it to JBOD mode in its setup",
  mpi3mr: "delete the volumes in its setup; it shows the disks then",
};

/** A sentence for each card that hides disks: what it does, and how to see them. */
export function hiddenDisks(buses: readonly StorageBus[], pci: readonly PciDevice[]): string[] {
  const cards = buses.flatMap((bus) => {
    if (bus.raid !== "raid" && bus.raid !== "empty") return [];
    const how = TO_SEE[bus.driver ?? ""] ?? "switch it to HBA or JBOD mode in its setup";
    const what =
      bus.raid === "raid"
        ? `shows ${bus.disks.length === 1 ? "one volume" : `${bus.disks.length} disks, volumes among them,`} and hides the disks behind it`
        : "shows no disk, though some may be plugged into it";
    return [`the RAID card at ${bus.address} (${bus.name}, ${bus.driver}) ${what}. To see its disks: ${how}`];
  });
  const remapped = pci
    .filter((device) => device.class === "0104" && device.driver === "ahci")
    .map(
      (device) =>
        `the SATA adapter at ${device.address} (${nameOf(device)}) is in RAID mode, which hides NVMe drives behind it. To see them: set SATA or storage mode to AHCI in the firmware`,
    );
  return [...cards, ...remapped];
}
