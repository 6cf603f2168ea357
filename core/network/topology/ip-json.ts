// Parses what `ip -j -d -batch -` prints: interfaces with their addresses, routes and neighbours, an array a line.
import type { HopAddress } from "../../status/network-facts.ts";
import { parseAddress, scopeOf } from "./ip-address.ts";
import { type Fields, number, object, objects, text, texts } from "./json-fields.ts";

/** One line for each array of the answer. Without a family `route show table all` lists IPv4 and IPv6 (ip-route(8)). */
export const IP_BATCH = "addr show\nroute show table all\nneigh show\n";

export interface LinkAddress extends HopAddress {
  /** Still being checked for duplicates, or found to be one: not to be used (RFC 4862). */
  unusable: boolean;
}

/** An interface as the kernel has it. */
export interface Link {
  index: number;
  name: string;
  /** "ether", "none", "ppp", "loopback", … */
  type: string;
  /** The driver's kind: "bridge", "veth", "tap" and "tun" told apart; null of an adapter. */
  kind: string | null;
  up: boolean;
  carrier: boolean;
  mac: string | null;
  /** The name of the bridge, bond or vrf that it is a member of. */
  master: string | null;
  /** The interface below (VLAN, macvlan) or the other end (veth), where it is in this network namespace. */
  lower: string | null;
  /** Hardware: "0000:00:03.0", "virtio2". */
  device: string | null;
  addresses: LinkAddress[];
}

export interface Route {
  /** "default" or a prefix. */
  to: string;
  family: 4 | 6;
  gateway: string | null;
  dev: string;
  metric: number;
}

export interface Neighbour {
  address: string;
  dev: string;
  mac: string | null;
  state: string[];
}

export interface IpAnswer {
  links: Link[];
  routes: Route[];
  neighbours: Neighbour[];
}

/** @throws SyntaxError when it is not the JSON that was asked for */
export function parseIp(stdout: string): IpAnswer {
  // An empty answer is "[ ]" or "[]" depending on the version; each array is a line of its own.
  const arrays = stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): unknown => JSON.parse(line));
  const [links, routes, neighbours] = arrays;
  if (!Array.isArray(links)) throw new SyntaxError("ip gave no list of interfaces");
  return {
    links: objects(links).flatMap(linkOf),
    routes: objects(routes).flatMap(routesOf),
    neighbours: objects(neighbours).flatMap(neighbourOf),
  };
}

function linkOf(fields: Fields): Link[] {
  const name = text(fields, "ifname");
  const index = number(fields, "ifindex");
  // Those without a name are what -batch leaves of interfaces that were filtered out: "{}".
  if (name === null || index === null) return [];
  const info = object(fields, "linkinfo");
  const flags = texts(fields, "flags");
  const kind = text(info, "info_kind");
  return [
    {
      index,
      name,
      type: text(fields, "link_type") ?? "none",
      kind: kind === "tun" ? (text(object(info, "info_data"), "type") ?? kind) : kind,
      up: flags.includes("UP"),
      carrier: flags.includes("LOWER_UP"),
      mac: text(fields, "link_type") === "ether" ? (text(fields, "address")?.toLowerCase() ?? null) : null,
      master: text(fields, "master"),
      lower: fields.link_netnsid === undefined ? text(fields, "link") : null,
      device: text(fields, "parentdev"),
      addresses: objects(fields.addr_info).flatMap(addressOf),
    },
  ];
}

function addressOf(fields: Fields): LinkAddress[] {
  const address = text(fields, "local");
  const parsed = address === null ? null : parseAddress(address);
  if (address === null || parsed === null) return [];
  const prefix = number(fields, "prefixlen") ?? (parsed.family === 4 ? 32 : 128);
  return [
    {
      address,
      prefix,
      family: parsed.family,
      scope: scopeOf(address),
      origin: originOf(fields, address, parsed.family, prefix),
      unusable: fields.tentative === true || fields.dadfailed === true,
    },
  ];
}

/**
 * Where an address comes from: a lease has an end ("dynamic"); a router's advertisement gives the prefix only, so that
 * the kernel or networkd makes the rest, while DHCPv6 gives single addresses (/128).
 */
function originOf(fields: Fields, address: string, family: 4 | 6, prefix: number): HopAddress["origin"] {
  if (scopeOf(address) === "link") return "link-local";
  if (fields.dynamic !== true) return "fixed";
  if (family === 4) return "dhcp";
  return prefix === 128 ? "dhcp" : "router";
}

function routesOf(fields: Fields): Route[] {
  const to = text(fields, "dst");
  const type = text(fields, "type");
  if (to === null || (type !== null && type !== "unicast") || text(fields, "table") === "local") return [];
  const hops = fields.nexthops === undefined ? [fields] : objects(fields.nexthops);
  return hops.flatMap((hop): Route[] => {
    const dev = text(hop, "dev");
    // An IPv4 route by an IPv6 router (RFC 5549) has "via" instead of "gateway".
    const gateway = text(hop, "gateway") ?? text(object(hop, "via"), "host");
    if (dev === null) return [];
    const known = parseAddress(to.split("/")[0] ?? "")?.family;
    // Only IPv6 routes have a preference (RFC 4191).
    const family = known ?? (fields.pref !== undefined ? 6 : 4);
    return [{ to, family, gateway, dev, metric: number(fields, "metric") ?? 0 }];
  });
}

function neighbourOf(fields: Fields): Neighbour[] {
  const address = text(fields, "dst");
  const dev = text(fields, "dev");
  if (address === null || dev === null) return [];
  return [{ address, dev, mac: text(fields, "lladdr")?.toLowerCase() ?? null, state: texts(fields, "state") }];
}
