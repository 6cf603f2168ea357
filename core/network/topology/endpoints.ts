// The addresses that the host is reached by, and whether what lies behind each answers.
import { scrub } from "../../inventory/scrub.ts";
import type { Endpoint } from "../../status/network-facts.ts";
import { gatewayKey, type ReachOf } from "../reach/reach.ts";
import type { RegionOf } from "../regions.ts";
import type { Interface, NetworkFacts } from "./facts.ts";
import { forest } from "./forest.ts";
import { isHeard } from "./judge-peers.ts";
import { networksOf } from "./network-kind.ts";
import { defaultRoutes } from "./routes.ts";

const NOBODY: Endpoint["reach"] = { state: "unknown", target: null, latencyMs: null };

/** Without those that only the link itself sees, and those still being checked for duplicates; outward ones first. */
export function endpointsOf(facts: NetworkFacts, reachOf: ReachOf, regionOf: RegionOf): Endpoint[] {
  const networks = new Map(forest(facts).flatMap((root) => [...networksOf(root)]));
  const order = ["wan", "lan", "tunnel", "controllers", "none"];
  return facts.interfaces
    .flatMap((link) =>
      link.addresses
        .filter(({ scope, unusable }) => scope !== "link" && scope !== "host" && !unusable)
        .map(
          ({ address, prefix, family, scope }): Endpoint => ({
            ...{ address, prefix, family, scope },
            interface: scrub(link.name),
            network: networks.get(link.name) ?? "none",
            region: regionOf(address),
            reach: reachFrom(link, family, facts, reachOf),
          }),
        ),
    )
    .sort((one, other) => order.indexOf(one.network) - order.indexOf(other.network));
}

function reachFrom(link: Interface, family: 4 | 6, facts: NetworkFacts, reachOf: ReachOf): Endpoint["reach"] {
  if (link.hop === "wireguard") return peerOf(link, facts);
  const route = defaultRoutes(facts).find((one) => one.dev === link.name && one.family === family);
  if (route === undefined || route.gateway === null) return NOBODY;
  // A router's answer to a ping from before the cable was pulled says nothing of now.
  if (!link.up || !link.carrier) return { state: "silent", target: route.gateway, latencyMs: null };
  const { state, latencyMs } = reachOf(gatewayKey(link.name, route.gateway));
  return { state, target: route.gateway, latencyMs };
}

/** The peer that was heard last; one that may be quiet and is says nothing of whether it could be reached. */
function peerOf(link: Interface, facts: NetworkFacts): Endpoint["reach"] {
  const peers = (facts.peers ?? []).filter(({ dev, endpoint }) => dev === link.name && endpoint !== null);
  const [last] = peers.sort((one, other) => (other.handshake ?? 0) - (one.handshake ?? 0));
  if (last === undefined) return NOBODY;
  const state = isHeard(last, facts.time) ? "ok" : last.keepalive === null ? "unknown" : "silent";
  return { state, target: last.endpoint, latencyMs: null };
}
