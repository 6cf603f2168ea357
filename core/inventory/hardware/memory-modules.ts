// Memory modules and error correction, out of udev's database: dmi_memory_id(8) reads the firmware's tables there as root, for everybody.
import { FILLERS } from "../dmi.ts";
import { scrub } from "../scrub.ts";
import type { UdevDevice } from "../udev.ts";
import type { MemoryModule, MemoryModules } from "./hardware.ts";

/** Null where the firmware has no tables, or udev is older than systemd 249. */
export function readMemoryModules(udev: readonly UdevDevice[]): MemoryModules | null {
  const all = udev.find((device) => device.devpath === "/devices/virtual/dmi/id")?.properties;
  const slots = Number(all?.get("MEMORY_ARRAY_NUM_DEVICES") ?? 0);
  // Nobody builds so many slots: a table that says so is broken.
  if (all === undefined || !(slots > 0 && slots <= 1024)) return null;
  const modules = Array.from({ length: slots }, (_, at): MemoryModule => {
    const word = (name: string) => {
      const text = scrub(all.get(`MEMORY_DEVICE_${at}_${name}`));
      return FILLERS.test(text) || /^(unknown|no dimm)$/i.test(text) ? "" : text;
    };
    const size = word("PRESENT") === "0" ? 0 : Number(word("SIZE"));
    const speed = Number(word("SPEED_MTS"));
    return {
      slot: word("LOCATOR") || `slot ${at}`,
      size: Number.isSafeInteger(size) ? size : 0,
      ...{ type: word("TYPE"), vendor: word("MANUFACTURER"), part: word("PART_NUMBER") },
      speed: Number.isFinite(speed) && speed > 0 ? speed : null,
    };
  });
  const correction = scrub(all.get("MEMORY_ARRAY_EC_TYPE"));
  return {
    ...{ slots, modules, correction },
    installed: modules.reduce((sum, one) => sum + one.size, 0),
    ecc: eccOf(correction),
  };
}

/** SMBIOS 7.17.3: Other, Unknown, None, Parity, Single-bit ECC, Multi-bit ECC, CRC. */
function eccOf(correction: string): boolean | null {
  if (/ECC/.test(correction)) return true;
  return /^(None|Parity|CRC)$/.test(correction) ? false : null;
}
