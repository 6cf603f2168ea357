// Parses `ip -j -d link` and `ip -j addr`, with udev for what is hardware and which driver.
import { z } from "zod";
import type { Nic } from "./inventory.ts";
import { scrub, scrubOrNull } from "./scrub.ts";
import type { UdevDevice } from "./udev.ts";

const linksSchema = z.array(
  z.object({
    ifname: z.string(),
    address: z.string().optional(),
    permaddr: z.string().optional(),
    link_type: z.string().optional(),
    flags: z.array(z.string()).default([]),
    parentbus: z.string().optional(),
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  }),
);

const addressesSchema = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z.array(z.object({ local: z.string().optional(), prefixlen: z.number().optional() })).default([]),
  }),
);

/** The adapters in the kernel's order, without the loopback. */
export function parseNics(links: string, addresses: string, udev: readonly UdevDevice[]): Nic[] {
  const addressed = addresses.trim() === "" ? [] : addressesSchema.parse(JSON.parse(addresses));
  const known = new Map(
    udev.flatMap((device) =>
      device.properties.get("SUBSYSTEM") === "net" ? [[device.properties.get("INTERFACE") ?? "", device] as const] : [],
    ),
  );
  return linksSchema
    .parse(JSON.parse(links))
    .filter((link) => link.link_type === "ether")
    .map((link) => {
      const device = known.get(link.ifname);
      const own = addressed.find((entry) => entry.ifname === link.ifname)?.addr_info ?? [];
      return {
        name: scrub(link.ifname),
        // The burnt-in address: the one in use may have been changed by a bridge or for privacy.
        mac: scrub(link.permaddr ?? link.address).toLowerCase(),
        driver: scrubOrNull(device?.properties.get("ID_NET_DRIVER")),
        physical: isPhysical(link, device),
        wireless: device?.properties.get("DEVTYPE") === "wlan",
        up: link.flags.includes("UP"),
        carrier: link.flags.includes("LOWER_UP"),
        addresses: own.flatMap((one) =>
          one.local === undefined ? [] : [`${scrub(one.local)}/${one.prefixlen ?? ""}`],
        ),
      };
    });
}

function isPhysical(
  link: { parentbus?: string | undefined; linkinfo?: unknown },
  device: UdevDevice | undefined,
): boolean {
  if (device !== undefined) return !device.devpath.startsWith("/devices/virtual/");
  return link.parentbus !== undefined && link.linkinfo === undefined;
}
