// Which network an interface is in, as the address plan tells them apart (docs/network-topology.md).
import type { HopAddress, NetworkKind } from "../../status/network-facts.ts";
import type { Interface } from "./facts.ts";
import { type Branch, branchAndAbove } from "./forest.ts";
import { isTunnel, isWire } from "./hop-kind.ts";
import { inPrefix } from "./ip-address.ts";

/**
 * A wired adapter, and what is made of it: LAN if its address is private, else WAN. IPv4 decides where there is any,
 * because a machine behind a router that translates has public IPv6 addresses, too.
 */
export function wiredNetwork(addresses: readonly Pick<HopAddress, "address" | "family" | "scope">[]): NetworkKind {
  const far = addresses.filter(({ scope }) => scope !== "link" && scope !== "host");
  const v4 = far.filter(({ family }) => family === 4);
  // What a provider gives out behind its own translation (RFC 6598) is no network of ours.
  const isPrivate = (one: (typeof far)[number]) =>
    (one.scope === "private" && !inPrefix(one.address, "100.64.0.0/10")) || one.scope === "unique-local";
  const deciding = v4.length > 0 ? v4 : far;
  if (deciding.length === 0) return "none";
  return deciding.some(isPrivate) ? "lan" : "wan";
}

/** The network of every interface of a tree, by name. */
export function networksOf(root: Branch): Map<string, NetworkKind> {
  const networks = new Map<string, NetworkKind>();
  const visit = (branch: Branch, inherited: NetworkKind | null): void => {
    const network = inherited ?? ownNetwork(branch, root);
    networks.set(branch.link.name, network);
    for (const above of branch.above) {
      const guest = ["tap", "veth"].includes(above.link.hop);
      const next = network === "tunnel" ? "tunnel" : guest || network === "controllers" ? "controllers" : null;
      visit(above, next);
    }
  };
  visit(root, null);
  return networks;
}

function ownNetwork(branch: Branch, root: Branch): NetworkKind {
  const { hop } = branch.link;
  if (isTunnel(hop)) return "tunnel";
  const rootKind = root.link.hop;
  if (rootKind === "wireless") return "lan";
  const addresses = ownOrCarried(branch);
  if (isWire(rootKind)) return wiredNetwork(addresses);
  if (hop === "bridge" || hop === "tap" || isSwitch(branch.link))
    return rootKind === "veth" ? wiredNetwork(addresses) : "controllers";
  // Neither an adapter nor a bridge: the plan's tunnels are 10.0.0.0/8, its controllers 192.168.0.0/16.
  if (hop !== "veth" && addresses.some(({ address }) => inPrefix(address, "10.0.0.0/8"))) return "tunnel";
  return wiredNetwork(addresses);
}

const isSwitch = (link: Interface): boolean => link.kind === "openvswitch";

/** An adapter in a bridge or bond has no address of its own: those of what it carries count, guests' ends aside. */
function ownOrCarried(branch: Branch): HopAddress[] {
  if (branch.link.addresses.some(({ scope }) => scope !== "link")) return branch.link.addresses;
  return branchAndAbove(branch)
    .filter(({ link }) => !["tap", "veth"].includes(link.hop) || link === branch.link)
    .flatMap(({ link }) => link.addresses);
}
