// Puts the trees together: interfaces, routers, name servers; and marks the first broken hop of every chain.
import { scrub } from "../../inventory/scrub.ts";
import type { Hop, NetworkKind, Topology } from "../../status/network-facts.ts";
import { dnsKey, gatewayKey, type ReachOf } from "../reach/reach.ts";
import type { NetworkFacts } from "./facts.ts";
import { type Branch, forest } from "./forest.ts";
import { judgeLink, type Surroundings } from "./judge-link.ts";
import { judgePeers } from "./judge-peers.ts";
import type { NetworkMemory } from "./memory.ts";
import { networksOf } from "./network-kind.ts";
import { broken, fine, unmeasured, type Verdict } from "./verdict.ts";
import { type Gateway, gatewayName, gatewaysOf, type NameServer, nameServersOf } from "./ways-out.ts";

interface Everything extends Surroundings {
  gateways: readonly Gateway[];
  servers: readonly NameServer[];
  reachOf: ReachOf;
  ids: Set<string>;
}

/**
 * The trees as the status tells them. `memory` is of before or after `facts`, with the same result: an interface that
 * has an address is never judged by the one it had.
 */
export function topologyOf(facts: NetworkFacts, memory: NetworkMemory, reachOf: ReachOf): Topology {
  const roots = forest(facts);
  const gateways = gatewaysOf(facts, memory);
  const all: Everything = { facts, memory, roots, gateways, servers: nameServersOf(facts), reachOf, ids: new Set() };
  const hops = roots.map((root) => linkHop(root, networksOf(root), all));
  const marked = hops.map((hop) => firstBrokenOnly(hop, false));
  const cutOff = marked.some(hasFault) && !marked.some(hasWorkingGateway);
  return { roots: cutOff ? marked.map(blameWayOut) : marked };
}

function linkHop(branch: Branch, networks: ReadonlyMap<string, NetworkKind>, all: Everything): Hop {
  const { link } = branch;
  const network = networks.get(link.name) ?? "none";
  const own = judgeLink(branch, all);
  const verdict = own.state === "ok" && link.hop === "wireguard" ? judgePeers(link, all.facts) : own;
  const id = unique(scrub(link.name) || `#${link.index}`, link.index, all.ids);
  return {
    ...hopOf(id, link.hop, scrub(link.name), network, verdict),
    mac: link.mac,
    speed: link.speed,
    driver: link.driver === null ? null : scrub(link.driver),
    addresses: link.addresses.map(({ unusable: _, ...address }) => address),
    next: [
      ...branch.above.map((above) => linkHop(above, networks, all)),
      ...all.gateways.filter(({ dev }) => dev === link.name).map((gateway) => gatewayHop(gateway, network, all)),
      ...all.servers
        .filter(({ behind }) => behind?.dev === link.name && !all.gateways.some((one) => isBehind(one, behind)))
        .map((server) => dnsHop(server, network, all)),
    ],
  };
}

const isBehind = (gateway: Gateway, behind: NameServer["behind"]): boolean =>
  gateway.lost === null && behind?.dev === gateway.dev && behind.gateway === gateway.address;

function gatewayHop(gateway: Gateway, network: NetworkKind, all: Everything): Hop {
  const { address, dev, lost } = gateway;
  const behind = all.servers.filter((server) => isBehind(gateway, server.behind));
  const reach = all.reachOf(gatewayKey(dev, address));
  // What answers from behind a router proves that it forwards, whatever it thinks of pings.
  const proven = behind.some((server) => !server.local && all.reachOf(dnsKey(server.address)).state === "ok");
  const verdict =
    lost !== null
      ? broken(
          lost,
          lost === "no-address" ? `no IPv${gateway.family} address any more` : `the route by ${address} is gone`,
        )
      : proven && reach.state !== "ok"
        ? fine
        : reached(reach.state, "gateway-silent", reach.seen);
  const name = gatewayName(gateway, all.gateways);
  const known = all.facts.neighbours.find((one) => one.dev === dev && one.address === address);
  return {
    ...hopOf(unique(`gateway:${name}`, 0, all.ids), "gateway", name, network, verdict),
    mac: known?.mac ?? null,
    latencyMs: reach.latencyMs,
    next: behind.map((server) => dnsHop(server, network, all)),
  };
}

function dnsHop(server: NameServer, network: NetworkKind, all: Everything): Hop {
  const reach = all.reachOf(dnsKey(server.address));
  return {
    ...hopOf(
      unique(`dns:${server.address}`, 0, all.ids),
      "dns",
      server.address,
      network,
      reached(reach.state, "dns-fails", reach.seen),
    ),
    latencyMs: reach.latencyMs,
  };
}

function reached(
  state: "ok" | "silent" | "unknown",
  trouble: NonNullable<Hop["trouble"]>,
  seen: string | null,
): Verdict {
  if (state === "silent") return broken(trouble, seen ?? "no answer");
  return state === "ok" ? fine : unmeasured;
}

function hopOf(id: string, kind: Hop["kind"], name: string, network: NetworkKind, verdict: Verdict): Hop {
  return {
    ...{ id, kind, name, network, ...verdict },
    ...{ mac: null, speed: null, driver: null, addresses: [], latencyMs: null, controller: null, next: [] },
  };
}

/** Two interfaces may look alike once their names are safe to show. */
function unique(id: string, index: number, ids: Set<string>): string {
  let free = id;
  for (let count = index; ids.has(free); count++) free = `${id}#${count}`;
  ids.add(free);
  return free;
}

/** Behind a broken hop nothing can be told. */
function firstBrokenOnly(hop: Hop, behind: boolean): Hop {
  const own: Hop = behind ? { ...hop, ...unmeasured, latencyMs: null } : hop;
  const stop = behind || own.state === "broken";
  return { ...own, latencyMs: stop ? null : own.latencyMs, next: own.next.map((next) => firstBrokenOnly(next, stop)) };
}

const hasWorkingGateway = (hop: Hop): boolean =>
  (hop.kind === "gateway" && hop.state === "ok") || hop.next.some(hasWorkingGateway);

/** Of the way out itself: not of a tunnel, nor of a name server. */
const hasFault = (hop: Hop): boolean =>
  (hop.kind !== "wireguard" && hop.kind !== "dns" && hop.state === "broken") || hop.next.some(hasFault);

/** Where no way out works, a silent peer is no fault of the tunnel. */
function blameWayOut(hop: Hop): Hop {
  const silent = hop.trouble === "peer-silent";
  const next = hop.next.map(blameWayOut);
  return silent ? { ...hop, ...unmeasured, seen: "no way out works", next } : { ...hop, next };
}
