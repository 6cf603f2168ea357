// Joins what the commands said into what the machine is made of.
import { type Answer, outputOf } from "../ask-program.ts";
import type { Disk, Inventory, Nic } from "../inventory.ts";
import type { UdevDevice } from "../udev.ts";
import type { HARDWARE_COMMANDS } from "./commands.ts";
import { readChassis, readManagement } from "./firmware-tables.ts";
import type { Hardware } from "./hardware.ts";
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
    poolSpace: answers.poolSpace.exit === 0 ? parsePoolSpace(answers.poolSpace.stdout) : null,
  };
}
