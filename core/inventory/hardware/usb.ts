// USB devices out of udev's database, with their speeds from `lsusb -t`.
import { scrub } from "../scrub.ts";
import type { UdevDevice } from "../udev.ts";
import type { UsbDevice } from "./hardware.ts";
import { pciAddressOf } from "./pci.ts";

/** In the order of buses and ports. */
export function readUsb(udev: readonly UdevDevice[], tree: string): UsbDevice[] {
  const speeds = parseUsbTree(tree);
  return udev
    .filter((device) => {
      const { properties } = device;
      return properties.get("SUBSYSTEM") === "usb" && properties.get("DEVTYPE") === "usb_device";
    })
    .map((device): UsbDevice => {
      const word = (name: string) => device.properties.get(name);
      const port = device.devpath.split("/").at(-1) ?? "";
      const [, vendor = "", model = ""] = /^([0-9a-f]{1,4})\/([0-9a-f]{1,4})\//i.exec(word("PRODUCT") ?? "") ?? [];
      const number = `${Number(word("BUSNUM"))}/${Number(word("DEVNUM"))}`;
      return {
        port: scrub(port),
        id: `${vendor.padStart(4, "0")}:${model.padStart(4, "0")}`.toLowerCase(),
        ...{ name: namesOf(device), serial: scrub(word("ID_SERIAL_SHORT")) },
        kind: /^usb[0-9]+$/.test(port) ? "root-hub" : (word("TYPE") ?? "").startsWith("9/") ? "hub" : "device",
        // ":080650:030101:" lists class, subclass and protocol of each interface.
        classes: [
          ...new Set([...(word("ID_USB_INTERFACES") ?? "").matchAll(/[0-9a-f]{6}/g)].map(([all]) => all.slice(0, 2))),
        ],
        ...{ speed: speeds.get(number) ?? null, adapter: pciAddressOf(device.devpath) },
      };
    })
    .toSorted((a, b) => a.port.localeCompare(b.port, "en", { numeric: true }));
}

/** What the device says of itself, in which udev has put _ for spaces; or what the database says. */
function namesOf({ properties }: UdevDevice): string {
  const own = [properties.get("ID_VENDOR"), properties.get("ID_MODEL")].map((text) => scrub(text).replaceAll("_", " "));
  const known = [properties.get("ID_VENDOR_FROM_DATABASE"), properties.get("ID_MODEL_FROM_DATABASE")].map(scrub);
  const words = own.some((text) => /[A-Za-z]{2}/.test(text)) ? own : known;
  return words.filter((text) => text !== "").join(" ");
}

/**
 * Mb/s by "bus/device". usbutils before 016 writes "Bus 02.Port 1: Dev 1", later "Bus 002.Port 001: Dev 001", and the
 * speed as "480M", "5000M" or, over two lanes, "20000M/x2"; devices of a bus are indented below it.
 */
export function parseUsbTree(text: string): Map<string, number> {
  const speeds = new Map<string, number>();
  let bus = 0;
  for (const line of text.split("\n")) {
    bus = Number(/Bus ([0-9]+)\.Port/.exec(line)?.[1] ?? bus);
    const [, device, speed] = /\bDev ([0-9]+),.* ([0-9.]+)M(?:\/x[0-9])?$/.exec(line.trimEnd()) ?? [];
    if (device !== undefined && speed !== undefined) speeds.set(`${bus}/${Number(device)}`, Number(speed));
  }
  return speeds;
}
