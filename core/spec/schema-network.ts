// `network:` and `packages:`: how the host reaches the world, and what it gets from there.
import { z } from "zod";
import { addressWithPrefix, ipAddress, isOnLink, macPattern } from "./addresses.ts";
import { mirrorUrl, packageName } from "./names.ts";
import { key, later } from "./question-meta.ts";
import { wifiSchema } from "./schema-wifi.ts";

const linkSchema = z
  .strictObject({
    match: key(
      z.strictObject({
        mac: key(macPattern, 'A MAC address, with * and ? as wildcards, such as "52:54:00:*".'),
        driver: later("selecting by the driver."),
        pci: later("selecting by the PCI address."),
        name: later("selecting by the kernel's name."),
      }),
      "Which adapter. Default: every wired one; with wifi: the one wireless adapter.",
    ),
    dhcp: key(
      z.boolean(),
      "Whether the addresses come from the network. Default: true without addresses:, else false.",
    ),
    addresses: key(
      z.array(addressWithPrefix).min(1, "must not be empty"),
      'Fixed addresses with their prefix, such as "192.168.1.10/24".',
    ),
    gateway: key(ipAddress, "The router."),
    dns: key(z.array(ipAddress), "Name servers."),
    wifi: key(wifiSchema, "The wireless network that this link joins; the link is then a wireless adapter."),
    vlan: later("VLANs."),
    bridge: later("bridges."),
    bond: later("bonded adapters."),
    mtu: later("an MTU."),
    routes: later("further routes."),
  })
  .refine((link) => link.dhcp !== false || link.addresses !== undefined, "has neither dhcp: true nor addresses:")
  .refine((link) => link.gateway === undefined || link.addresses !== undefined, {
    path: ["gateway"],
    error: "goes with addresses: only; DHCP brings its own",
  })
  .refine(
    (link) => link.gateway === undefined || link.addresses === undefined || isOnLink(link.gateway, link.addresses),
    {
      path: ["gateway"],
      error: "is not in the network of any of the addresses",
    },
  );

/** systemd-networkd takes the name for a file name. */
export const networkSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be a word of lower-case letters, digits and hyphens"),
  key(linkSchema, "One network link, under a name of your choice.").unwrap(),
);

export const packagesSchema = z.strictObject({
  set: key(
    z.enum(["minimal", "hypervisor"]),
    "What the host has: hypervisor (QEMU, libvirt, OVMF, swtpm, WireGuard, firmware), for controllers, or minimal. Default: hypervisor where the medium has it.",
  ),
  add: key(z.array(packageName), "Debian packages to install besides the host's own."),
  mirror: key(
    mirrorUrl,
    "The Debian mirror that the installed host uses. Default: the one that the rescue image was built with.",
  ),
  remove: later("packages to leave out."),
  sources: later("further package sources."),
});
