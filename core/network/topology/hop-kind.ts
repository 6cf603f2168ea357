// What an interface is: an adapter, a bridge, a tap of a controller, a tunnel.
import type { HopKind } from "../../status/network-facts.ts";
import type { Link } from "./ip-json.ts";

/** The kernel's kinds (`ip link help`) that have a name of their own here. */
const KINDS: Readonly<Record<string, HopKind>> = {
  bond: "bond",
  team: "bond",
  vlan: "vlan",
  bridge: "bridge",
  openvswitch: "bridge",
  tap: "tap",
  macvtap: "tap",
  ipvtap: "tap",
  veth: "veth",
  wireguard: "wireguard",
};

const TUNNELS = new Set([
  ...["tun", "ppp", "gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan", "ipip", "sit", "ip6tnl"],
  ...["vti", "vti6", "xfrm", "vxlan", "geneve", "gtp", "bareudp", "ovpn"],
]);

/** `hardware`: sysfs has a device for it. `wireless`: sysfs has a radio for it. */
export function kindOf(link: Pick<Link, "kind" | "type">, hardware: boolean, wireless: boolean): HopKind {
  if (wireless) return "wireless";
  if (link.kind !== null) return KINDS[link.kind] ?? (TUNNELS.has(link.kind) ? "tunnel" : "other");
  if (link.type === "ether" || link.type === "infiniband") return hardware ? "nic" : "other";
  // Without a link layer: ppp, a modem's raw IP, ipip's first device.
  return ["none", "ppp", "rawip", "ipip", "sit", "gre", "tunnel6", "gre6"].includes(link.type) ? "tunnel" : "other";
}

/** What can bring the outside in: an adapter and what is made of adapters. */
export const isWire = (kind: HopKind): boolean => ["nic", "wireless", "bond", "vlan"].includes(kind);

export const isTunnel = (kind: HopKind): boolean => kind === "wireguard" || kind === "tunnel";
