// Names for the devices that a controller has been given: what sysfs knows of them.
import { scrub } from "../inventory/scrub.ts";
import type { SourcePorts } from "../status/source.ts";

interface Device {
  kind: "pci" | "usb";
  id: string;
}

export interface DeviceNames {
  /** A device's name once its files were read; a device is looked up once. */
  of(devices: readonly Device[], ports: SourcePorts): Promise<(device: Device) => string>;
}

const PCI = "/sys/bus/pci/devices";

export function createDeviceNames(): DeviceNames {
  const known = new Map<string, string>();
  return {
    async of(devices, ports) {
      for (const device of devices) {
        if (!known.has(device.id)) known.set(device.id, await nameOf(device, ports));
      }
      return ({ id }) => known.get(id) ?? id;
    },
  };
}

/** "10de:2684" of a PCI device, as lspci -n shows it; a USB device is already named so. */
async function nameOf({ kind, id }: Device, ports: SourcePorts): Promise<string> {
  if (kind !== "pci") return id;
  const parts = await Promise.all(["vendor", "device"].map((file) => ports.read(`${PCI}/${id}/${file}`)));
  const [vendor, device] = parts.map((text) => text?.trim().replace(/^0x/, ""));
  return vendor && device ? scrub(`${vendor}:${device}`) : id;
}
