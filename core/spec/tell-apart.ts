// What singles one disk out among others that a selector fits.
import type { Disk } from "../inventory/inventory.ts";

/** ": only this one has serial: …", to put behind the disk's description; "" when nothing does. */
export function tellApart(disk: Disk, among: readonly Disk[]): string {
  const only = (get: (disk: Disk) => string) =>
    get(disk) !== "" && among.filter((other) => get(other) === get(disk)).length === 1;
  const ways = [
    only((one) => one.serial) ? `serial: "${disk.serial}"` : "",
    only((one) => one.wwn) ? `wwn: "${disk.wwn}"` : "",
    only((one) => one.model) ? `model: "${disk.model}"` : "",
    only((one) => one.bus) ? `bus: ${disk.bus}` : "",
    only((one) => String(one.size)) ? `size: "= ${disk.size} B"` : "",
  ].filter((way) => way !== "");
  return ways.length === 0 ? "" : `: only this one has ${ways.join(", ")}`;
}
