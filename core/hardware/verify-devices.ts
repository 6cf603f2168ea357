// PCI and USB devices that a template asks for, held against those of the machine.

import type { Inventory } from "../inventory/inventory.ts";
import { globMatches } from "../spec/glob.ts";
import { type Check, check } from "./check.ts";
import { countHolds, patternHolds, patternsInWords } from "./compare.ts";
import type { HardwareTemplate } from "./schema.ts";

type Peripherals = NonNullable<HardwareTemplate["peripherals"]>;

export function verifyDevices({ pci, usb }: Peripherals, { hardware }: Inventory): Check[] {
  return [
    ...(pci ?? []).map((stated, at) => {
      const there = hardware.pci.filter(
        (device) =>
          (stated.id === undefined || globMatches(stated.id, device.id)) &&
          (stated.class === undefined || stated.class === device.class) &&
          (stated.driver === undefined || patternHolds(stated.driver, [device.driver ?? ""])),
      );
      const driver = stated.driver === undefined ? undefined : `driver ${patternsInWords(stated.driver)}`;
      const words = [stated.id, stated.class && `class ${stated.class}`, driver];
      return amount(["peripherals", "pci", at], "PCI device", { ...stated, words }, there.length);
    }),
    ...(usb ?? []).map((stated, at) => {
      const there = hardware.usb.filter(
        (device) =>
          device.kind !== "root-hub" &&
          (stated.id === undefined || globMatches(stated.id, device.id)) &&
          (stated.serial === undefined || globMatches(stated.serial, device.serial)),
      );
      const words = [stated.id, stated.serial && `serial ${stated.serial}`];
      return amount(["peripherals", "usb", at], "USB device", { ...stated, words }, there.length);
    }),
  ];
}

interface Asked {
  name?: string | undefined;
  count?: number | string | undefined;
  words: (string | undefined)[];
}

function amount(path: (string | number)[], kind: string, stated: Asked, is: number): Check {
  const words = stated.words.filter((word) => word !== undefined).join(" ");
  const named = [stated.name, stated.name === undefined ? words : words && `(${words})`].filter(Boolean).join(" ");
  const count = stated.count ?? 1;
  return check(path, `the ${kind} ${named || "of any kind"}`, {
    says: count === 1 ? "one" : String(count),
    has: is === 0 ? "none" : String(is),
    holds: countHolds(count, is),
  });
}
