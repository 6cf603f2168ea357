// Network addresses in a spec: MAC patterns, IP addresses, addresses with a prefix.
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { z } from "zod";

/** A MAC address or a pattern of one with * and ?. */
export const macPattern = z
  .string()
  .regex(/^[0-9A-Fa-f:*?]{1,17}$/, 'must be a MAC address or a pattern such as "52:54:00:*" (in quotes)');

const NAME_PART = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const SERVER_NAME = new RegExp(`^${NAME_PART}(\\.${NAME_PART})*$`);

/** A server on the network: a DNS name or an IP address. */
export const server = z.string().refine(
  (text) =>
    isIPv4(text) ||
    isIPv6(text) ||
    // A last part of digits only reads as an address, and would be a wrong one.
    (text.length <= 253 && SERVER_NAME.test(text) && !/(^|\.)[0-9]+$/.test(text)),
  "must be the name or the IP address of a server",
);

export const ipAddress = z.string().refine((text) => isIPv4(text) || isIPv6(text), "must be an IP address");

/** "192.168.1.10/24" or "fd00::10/64". */
export const addressWithPrefix = z
  .string()
  .refine(
    (text) => parseAddress(text) !== null,
    'must be an address with its prefix length, such as "192.168.1.10/24"',
  );

export interface AddressWithPrefix {
  address: string;
  prefix: number;
  family: "ipv4" | "ipv6";
}

/** The parts of "address/prefix"; null when it is none. */
export function parseAddress(text: string): AddressWithPrefix | null {
  const [, address = "", digits = ""] = /^([0-9A-Fa-f.:]{2,45})\/([0-9]{1,3})$/.exec(text) ?? [];
  const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : null;
  const prefix = Number(digits);
  if (family === null || prefix < 1 || prefix > (family === "ipv4" ? 32 : 128)) return null;
  return { address, prefix, family };
}

/** Whether a gateway can be reached directly from one of the addresses. */
export function isOnLink(gateway: string, addresses: readonly string[]): boolean {
  const family = isIPv4(gateway) ? "ipv4" : "ipv6";
  // Every router of IPv6 can be named by its link-local address.
  if (/^fe80:/i.test(gateway)) return true;
  const networks = new BlockList();
  for (const parsed of addresses.map(parseAddress)) {
    if (parsed !== null) networks.addSubnet(parsed.address, parsed.prefix, parsed.family);
  }
  return networks.check(gateway, family);
}
