// What `multiverse profile` shows of a machine besides the host file: one function a section, each as text for people and as data.
import { nameOf } from "../../core/inventory/hardware/pci.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import { pairs, table } from "../tables.ts";

export interface Section {
  lines: string[];
  data: unknown;
}

/** Megabits as people say them: "10 Gb/s". */
function speedInWords(megabits: number | null): string {
  if (megabits === null) return "";
  return megabits < 1000 ? `${megabits} Mb/s` : `${megabits / 1000} Gb/s`;
}

/** In the order of the addresses, as lspci(8) lists them. */
export function pciSection({ hardware: { pci } }: Inventory): Section {
  const groups = pci.some((device) => device.iommuGroup !== null);
  return {
    data: pci,
    lines: [
      ...table(
        ["PCI", "ID", "CLASS", "GROUP", "DRIVER", "WHAT"],
        pci.map((device) => [
          ...[device.address, device.id, device.class, device.iommuGroup === null ? "-" : String(device.iommuGroup)],
          ...[device.driver ?? "-", nameOf(device)],
        ]),
      ),
      ...(groups || pci.length === 0
        ? []
        : [
            "",
            "No IOMMU groups: devices cannot be given to virtual machines. Switch VT-d or AMD-Vi on in the firmware, and on Intel add intel_iommu=on to boot.options.",
          ]),
    ],
  };
}

export function usbSection({ hardware: { usb } }: Inventory): Section {
  return {
    data: usb,
    lines: table(
      ["PORT", "ID", "SPEED", "ADAPTER", "WHAT", "SERIAL"],
      usb.map((device) => [
        ...[device.port, device.id, speedInWords(device.speed), device.adapter ?? "-"],
        ...[device.name, device.kind === "root-hub" ? "" : device.serial],
      ]),
    ),
  };
}

export function networkSection({ hardware: { ports }, nics }: Inventory): Section {
  const nic = (name: string) => nics.find((one) => one.name === name);
  return {
    data: ports.map((port) => ({ ...port, carrier: nic(port.name)?.carrier ?? false })),
    lines: table(
      ["ADAPTER", "MAC", "DRIVER", "PORT", "CAN DO", "LINK", "PCI"],
      ports.map((port) => [
        ...[port.name, port.mac, port.driver ?? "-", port.kind ?? "-", speedInWords(port.speed)],
        nic(port.name)?.carrier === true ? speedInWords(port.linkSpeed) || "up" : "no carrier",
        port.address ?? "-",
      ]),
    ),
  };
}

export function kernelSection({ hardware: { kernel, processor, memory }, firmware, machine }: Inventory): Section {
  const slots = processor?.slots;
  return {
    data: { machine, firmware, kernel, processor, memory },
    lines: pairs([
      ["kernel", kernel === null ? "not known" : `${kernel.release} (${kernel.build})`],
      ["hostname", kernel?.hostname ?? ""],
      ["zfs", kernel?.zfs ?? "not loaded"],
      ["lockdown", kernel?.lockdown ?? "not known"],
      ["tainted", kernel === null ? "not known" : kernel.tainted === 0 ? "no" : `yes (${kernel.tainted})`],
      [
        "processor",
        processor === null
          ? "not known"
          : `${processor.sockets}${slots == null ? "" : ` of ${slots}`} × ${processor.model}, ${processor.coresPerSocket} cores, ${processor.coresPerSocket * processor.threadsPerCore} threads each`,
      ],
      ["memory", memory === null ? "modules not known" : memoryInWords(memory)],
      ["firmware", firmware.kind === "uefi" ? "UEFI" : "BIOS"],
    ]),
  };
}

function memoryInWords(memory: NonNullable<Inventory["hardware"]["memory"]>): string {
  const filled = memory.modules.filter((one) => one.size > 0).length;
  const ecc = memory.ecc === null ? "ECC not known" : memory.ecc ? "ECC" : "no ECC";
  return `${sizeInWords(memory.installed)} in ${filled} of ${memory.slots} slots, ${ecc}`;
}

export function machinesSection({ hardware: { virtual } }: Inventory): Section {
  const yes = (is: boolean) => (is ? "yes" : "no");
  return {
    data: virtual,
    lines:
      virtual === null
        ? ["not known"]
        : [
            ...pairs([
              [
                "kvm",
                virtual.kvm ? "yes" : "no: virtual machines are emulated; switch VT-x or AMD-V on in the firmware",
              ],
              ["nested", yes(virtual.nested)],
              ["vfio", yes(virtual.vfio)],
              ["is one", yes(virtual.guest)],
            ]),
            "",
            ...(virtual.domains === null
              ? ["libvirt is not installed here, or does not answer"]
              : table(
                  ["MACHINE", "STATE"],
                  virtual.domains.map((domain) => [domain.name, domain.state]),
                )),
          ],
  };
}
