// What the firmware's tables say besides names: what kind of machine it is, and whether it can be managed from afar.
import type { Inventory } from "../inventory.ts";
import { scrub } from "../scrub.ts";
import type { UdevDevice } from "../udev.ts";
import type { Hardware } from "./hardware.ts";
import { readFacts } from "./kernel.ts";

/** SMBIOS 7.4.1, chassis types, as hostnamectl(1) groups them. */
const CHASSIS: readonly (readonly [NonNullable<Hardware["chassis"]>, readonly number[]])[] = [
  ["laptop", [8, 9, 10, 11, 14, 30, 31, 32]],
  ["desktop", [3, 4, 5, 6, 7, 13, 15, 16, 24, 34, 35, 36]],
  ["server", [17, 23, 25, 28, 29]],
];

/** The kernel puts it into the modalias of /sys/class/dmi/id as "ct23". Without such tables a device tree describes the machine. */
export function readChassis(udev: readonly UdevDevice[], deviceTree: string): Hardware["chassis"] {
  const alias = udev.find((device) => device.devpath === "/devices/virtual/dmi/id")?.properties.get("MODALIAS") ?? "";
  const type = Number(/:ct([0-9]+):/.exec(alias)?.[1] ?? Number.NaN);
  if (Number.isNaN(type)) return readDeviceTree(deviceTree) === null ? null : "board";
  return CHASSIS.find(([, types]) => types.includes(type))?.[0] ?? "other";
}

/** Model and serial number of a board without DMI; the texts end with a zero byte. */
export function readDeviceTree(output: string): { model: string; serial: string } | null {
  const fact = readFacts(output.replaceAll("\0", ""));
  const at = (name: string) => scrub(fact(`/sys/firmware/devicetree/base/${name}`));
  return at("model") === "" ? null : { model: at("model"), serial: at("serial-number") };
}

const MANAGERS: readonly (readonly [RegExp, string])[] = [
  [/\bdell\b/i, "idrac"],
  [/^(hp|hpe|hewlett)/i, "ilo"],
  [/\b(lenovo|ibm)\b/i, "xcc"],
];

/** By the firmware's table of it (type 38), or by the device that its driver found. `tables` is null where only root may read them. */
export function readManagement(
  tables: string | null,
  udev: readonly UdevDevice[],
  machine: Inventory["machine"],
): string | null {
  const found =
    /^IPMI Device Information$/m.test(tables ?? "") ||
    udev.some(
      (device) => device.properties.get("SUBSYSTEM") === "ipmi" || /\/(dmi-ipmi-si|IPI0001)[.:]/.test(device.devpath),
    );
  if (!found) return tables === null ? null : "none";
  return MANAGERS.find(([vendor]) => vendor.test(machine.vendor))?.[1] ?? "bmc";
}
