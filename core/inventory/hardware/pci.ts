// PCI devices out of udev's database, with the IOMMU groups of the kernel.
import { scrub, scrubOrNull } from "../scrub.ts";
import type { UdevDevice } from "../udev.ts";
import type { PciDevice } from "./hardware.ts";

const ADDRESS = /[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/;

/** In the order of their addresses. `groups` is what `find /sys/kernel/iommu_groups` printed. */
export function readPci(udev: readonly UdevDevice[], groups: string): PciDevice[] {
  const groupOf = new Map(
    [...groups.matchAll(/^\/sys\/kernel\/iommu_groups\/([0-9]+)\/devices\/(\S+)$/gm)].map(
      ([, group = "", address = ""]) => [address, Number(group)] as const,
    ),
  );
  return udev
    .filter((device) => device.properties.get("SUBSYSTEM") === "pci")
    .flatMap((device) => {
      const word = (name: string) => device.properties.get(name);
      const address = word("PCI_SLOT_NAME") ?? "";
      const [, vendor, model] = /^([0-9A-F]{1,4}):([0-9A-F]{1,4})$/i.exec(word("PCI_ID") ?? "") ?? [];
      if (!new RegExp(`^${ADDRESS.source}$`).test(address) || vendor === undefined || model === undefined) return [];
      return [
        {
          ...{ address, id: idOf(vendor, model), subsystem: subsystemOf(word("PCI_SUBSYS_ID")) },
          // The kernel prints class, subclass and interface as one number, without zeros in front.
          class: (/^[0-9A-F]{1,6}$/i.exec(word("PCI_CLASS") ?? "")?.[0] ?? "0")
            .toLowerCase()
            .padStart(6, "0")
            .slice(0, 4),
          ...{ vendor: scrub(word("ID_VENDOR_FROM_DATABASE")), model: scrub(word("ID_MODEL_FROM_DATABASE")) },
          ...{ driver: scrubOrNull(word("DRIVER")), iommuGroup: groupOf.get(address) ?? null },
        },
      ];
    })
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

function idOf(vendor: string, model: string): string {
  return `${vendor.padStart(4, "0")}:${model.padStart(4, "0")}`.toLowerCase();
}

/** 0000:0000 is what a board has that names nobody. */
function subsystemOf(text: string | undefined): string | null {
  const [, vendor, model] = /^([0-9A-F]{1,4}):([0-9A-F]{1,4})$/i.exec(text ?? "") ?? [];
  if (vendor === undefined || model === undefined) return null;
  const id = idOf(vendor, model);
  return id === "0000:0000" ? null : id;
}

/** The PCI device nearest to a device: the last address in its path below /devices. */
export function pciAddressOf(devpath: string): string | null {
  return devpath.match(new RegExp(`(?<=/)${ADDRESS.source}(?=/|$)`, "g"))?.at(-1) ?? null;
}

/** "Broadcom / LSI MegaRAID SAS-3 3108 [Invader]", or its numbers where nobody knows it. */
export function nameOf(device: PciDevice): string {
  return [device.vendor, device.model].filter((text) => text !== "").join(" ") || device.id;
}
