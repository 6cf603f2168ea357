// The addresses that the host is reached by, and whether what lies behind each answers.
import { scrub } from "../../inventory/scrub.ts";
import type { Endpoint, Hop, Topology } from "../../status/network-facts.ts";
import type { RegionOf } from "../regions.ts";
import type { Interface, NetworkFacts } from "./facts.ts";
import { forest } from "./forest.ts";
import { isHeard } from "./judge-peers.ts";
import { networksOf } from "./network-kind.ts";
import { defaultRoutes } from "./routes.ts";
import { gatewayName } from "./ways-out.ts";

const NOBODY: Endpoint["reach"] = { state: "unknown", target: null, latencyMs: null };

/** Without those that only the link itself sees, and those still being checked for duplicates; outward ones first. */
export function endpointsOf(facts: NetworkFacts, topology: Topology, regionOf: RegionOf): Endpoint[] {
  const networks = new Map(forest(facts).flatMap((root) => [...networksOf(root)]));
  const gateways = new Map(topology.roots.flatMap((root) => gatewaysIn(root, false)));
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
            reach: reachFrom(link, family, facts, gateways),
          }),
        ),
    )
    .sort((one, other) => order.indexOf(one.network) - order.indexOf(other.network));
}

type Gateways = ReadonlyMap<string, Pick<Endpoint["reach"], "state" | "latencyMs">>;

/** By their names; behind a broken hop they are silent, whatever they answered before it broke. */
function gatewaysIn(hop: Hop, cut: boolean): (readonly [string, Pick<Endpoint["reach"], "state" | "latencyMs">])[] {
  const broken = cut || hop.state === "broken";
  const state = broken ? "silent" : hop.state === "ok" ? "ok" : "unknown";
  const own = hop.kind === "gateway" ? [[hop.name, { state, latencyMs: hop.latencyMs }] as const] : [];
  return [...own, ...hop.next.flatMap((next) => gatewaysIn(next, broken))];
}

function reachFrom(link: Interface, family: 4 | 6, facts: NetworkFacts, gateways: Gateways): Endpoint["reach"] {
  if (link.hop === "wireguard") return peerOf(link, facts);
  const routes = defaultRoutes(facts);
  const route = routes.find((one) => one.dev === link.name && one.family === family);
  if (route === undefined || route.gateway === null) return NOBODY;
  const known = gateways.get(gatewayName({ dev: link.name, address: route.gateway }, routes));
  return { state: known?.state ?? "unknown", target: route.gateway, latencyMs: known?.latencyMs ?? null };
}

/** The peer that was heard last; one that may be quiet and is says nothing of whether it could be reached. */
function peerOf(link: Interface, facts: NetworkFacts): Endpoint["reach"] {
  const peers = (facts.peers ?? []).filter(({ dev, endpoint }) => dev === link.name && endpoint !== null);
  const [last] = peers.sort((one, other) => (other.handshake ?? 0) - (one.handshake ?? 0));
  if (last === undefined) return NOBODY;
  const state = isHeard(last, facts.time) ? "ok" : last.keepalive === null ? "unknown" : "silent";
  return { state, target: last.endpoint, latencyMs: null };
}
