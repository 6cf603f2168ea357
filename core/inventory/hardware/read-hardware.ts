// Joins what the commands said into what the machine is made of.
import { type Answer, outputOf } from "../ask-program.ts";
import type { Disk, Inventory, Nic } from "../inventory.ts";
import { type BlockDevice, mountpointsOf, withHolders } from "../lsblk.ts";
import { scrub } from "../scrub.ts";
import type { UdevDevice } from "../udev.ts";
import type { HARDWARE_COMMANDS } from "./commands.ts";
import { readDriverNeeds } from "./driver-needs.ts";
import { readChassis, readManagement } from "./firmware-tables.ts";
import type { FileSystem, Hardware } from "./hardware.ts";
import { parsePoolSpace, readKernel, readVirtualMachines } from "./kernel.ts";
import { readMemoryModules } from "./memory-modules.ts";
import { readPorts } from "./network-ports.ts";
import { readPci } from "./pci.ts";
import { readProcessor } from "./processor.ts";
import { hiddenDisks, readStorageBuses } from "./storage-buses.ts";
import { readUsb } from "./usb.ts";

export interface HardwareSeen {
  machine: Inventory["machine"];
  udev: readonly UdevDevice[];
  /** `lscpu -J`. */
  cpu: string;
  /** The tree of lsblk. */
  devices: readonly BlockDevice[];
  disks: readonly Disk[];
  nics: readonly Nic[];
  /** What ethtool said of each adapter, by name. */
  ports: ReadonlyMap<string, string>;
  /** Gets which cards hide disks, and how to see them. */
  notes: string[];
}

export function readHardware(
  answers: Readonly<Record<keyof typeof HARDWARE_COMMANDS, Answer>>,
  seen: HardwareSeen,
): Hardware {
  const { machine, udev, disks } = seen;
  // dmidecode ends well and says nothing where there are no tables; grep and find fail when one of their files is not there.
  const tables = answers.tables.exit === 0 ? answers.tables.stdout : null;
  const pci = readPci(udev, answers.iommu.stdout);
  const storage = readStorageBuses(pci, udev, disks);
  const processor = readProcessor(seen.cpu, tables ?? "");
  const known = answers.kernel.stdout !== "";
  seen.notes.push(...hiddenDisks(storage, pci));
  return {
    chassis: readChassis(udev, answers.deviceTree.stdout),
    ...{ processor, memory: readMemoryModules(udev), pci, storage },
    needs: readDriverNeeds(udev),
    usb: readUsb(udev, outputOf(answers.usbTree)),
    ports: readPorts(seen.nics, udev, seen.ports),
    management: readManagement(tables, udev, machine),
    kernel: readKernel(answers.kernel.stdout),
    virtual: known
      ? readVirtualMachines(
          {
            ...{ kernel: answers.kernel.stdout, devices: answers.devices.stdout },
            domains: answers.domains.exit === 0 ? answers.domains.stdout : null,
          },
          processor,
        )
      : null,
    fileSystems: readFileSystems(seen.devices),
    poolSpace: answers.poolSpace.exit === 0 ? parsePoolSpace(answers.poolSpace.stdout) : null,
  };
}

/** lsblk knows the space of what is mounted; of several places the first. */
function readFileSystems(devices: readonly BlockDevice[]): FileSystem[] {
  const all = new Map(devices.flatMap(withHolders).map((device) => [device.kname, device]));
  return [...all.values()].flatMap((device) => {
    const [mountpoint] = mountpointsOf(device).filter((point) => point.startsWith("/"));
    const { fssize, fsused, fsavail } = device;
    if (mountpoint === undefined || typeof fssize !== "number") return [];
    return [
      {
        ...{ device: scrub(device.path), type: scrub(device.fstype), mountpoint: scrub(mountpoint), size: fssize },
        ...{ used: fsused ?? 0, free: fsavail ?? 0 },
      },
    ];
  });
}
