// What the firmware's tables (SMBIOS) say of the machine.
import type { Inventory } from "./inventory.ts";
import { scrub } from "./scrub.ts";

/** What makers leave in a field that they did not fill; worse than nothing as an identity. */
export const FILLERS =
  /^(to be filled by o\.?e\.?m\.?|default string|not specified|none|system serial number|system product name|0+|-)$/i;

/** `grep -s "" FILES`: "path:value" lines. */
export function parseDmi(output: string): Inventory["machine"] {
  const field = (name: string) => {
    const value = scrub(new RegExp(`/${name}:(.*)$`, "m").exec(output)?.[1]);
    return FILLERS.test(value) ? "" : value;
  };
  return {
    vendor: field("sys_vendor"),
    product: field("product_name"),
    serial: field("product_serial"),
    uuid: field("product_uuid").toLowerCase(),
  };
}
