// Everything the trees are made of, as plain data: interfaces, routes, neighbours, name servers, peers.
import type { HopKind } from "../../status/network-facts.ts";
import type { Link, Neighbour, Route } from "./ip-json.ts";
import type { NetworkdLink } from "./networkd-link.ts";
import type { WireguardPeer } from "./wireguard-peers.ts";

export interface Interface extends Link {
  hop: HopKind;
  driver: string | null;
  /** Mb/s; null where the driver does not say or there is no carrier. */
  speed: number | null;
  /** Null where networkd does not run or knows nothing of it. */
  networkd: NetworkdLink | null;
}

export interface NetworkFacts {
  /** In the kernel's order, without the loopback. */
  interfaces: Interface[];
  routes: Route[];
  neighbours: Neighbour[];
  /** Addresses of name servers, in the order in which they are asked. */
  servers: string[];
  /** Null: no WireGuard interface, or `wg` is not installed. */
  peers: WireguardPeer[] | null;
  /** Seconds since 1970. */
  time: number;
}
