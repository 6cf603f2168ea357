// Which devices need a driver for a system to start on this machine and be reached there.
import { scrub } from "../scrub.ts";
import type { UdevDevice } from "../udev.ts";
import type { DriverNeed } from "./hardware.ts";

/** Storage, network, USB adapters and card readers, by PCI class. */
const PCI = /bc(01|02)sc|bc0Csc03|bc08sc05/;

/** Network, disk and SCSI adapters of virtio (virtio 1.2, chapter 5): the PCI device below has a driver of its own. */
const VIRTIO = /^virtio:d0000000[128]v/;

/** One for each kind of device: two equal adapters need one driver. */
export function readDriverNeeds(udev: readonly UdevDevice[]): DriverNeed[] {
  const needs = udev.flatMap((device): DriverNeed[] => {
    const word = (name: string) => scrub(device.properties.get(name));
    const modalias = word("MODALIAS");
    const wanted = modalias.startsWith("pci:") ? PCI.test(modalias) : VIRTIO.test(modalias);
    // The lookup takes it for a pattern.
    if (!wanted || !/^[A-Za-z0-9:_-]+$/.test(modalias)) return [];
    const known = [word("ID_VENDOR_FROM_DATABASE"), word("ID_MODEL_FROM_DATABASE")].filter((text) => text !== "");
    return [{ what: known.join(" ") || modalias, modalias }];
  });
  return [...new Map(needs.map((need) => [need.modalias, need])).values()];
}
