// The two sources of status about the network: the trees of hops, and the addresses the host is reached by.
import type { MakeSource, SourcePorts, StatusSource, Trigger } from "../status/source.ts";
import { probeDns } from "./reach/probe-dns.ts";
import { probeGateway } from "./reach/probe-gateway.ts";
import { makeProber, type Prober, type Probes } from "./reach/prober.ts";
import { HOSTS_FILE, NO_REGIONS, REGIONS_FILE, type RegionOf, regionsOf } from "./regions.ts";
import { endpointsOf } from "./topology/endpoints.ts";
import type { NetworkFacts } from "./topology/facts.ts";
import { type NetworkMemory, remember } from "./topology/memory.ts";
import { readFacts } from "./topology/read-facts.ts";
import { topologyOf } from "./topology/topology.ts";
import { gatewaysOf, nameServersOf, targetsOf } from "./topology/ways-out.ts";

/**
 * `ip monitor` prints a line for each change of a link, address or route. Of neighbours, which come and go all day, only
 * one that has stopped to answer counts: it may be the router.
 */
export const NETWORK_TRIGGER: Trigger = {
  argv: ["ip", "monitor", "label", "link", "address", "route", "neigh"],
  lines: /^\[(LINK|ADDR|ROUTE)\]|^\[NEIGH\].*\bFAILED\b/,
};

const PATIENCE_MS = 8_000;
/** The net below the events; while something is suspected or was never measured, sooner. */
const CALM_MS = 10_000;
const SOON_MS = 1_000;
/** Both sources are asked at the same moment after a change: one reading serves both. */
const FRESH_MS = 500;

interface State {
  prober: Prober;
  memory: NetworkMemory;
  shape: string;
  last: { at: number; facts: Promise<NetworkFacts> } | null;
  regions: { of: RegionOf; made: string };
}

export interface NetworkSources {
  network: StatusSource<"network">;
  endpoints: StatusSource<"endpoints">;
}

/** Both sources with one prober and one memory between them, so that no router is asked twice. `probes` is for tests. */
export function makeNetworkSources(probes?: (ports: SourcePorts) => Probes): NetworkSources {
  let state: State | null = null;
  const listeners: (() => void)[] = [];

  const stateOf = (ports: SourcePorts): State => {
    if (state === null) {
      const prober = makeProber((probes ?? realProbes)(ports));
      prober.onNews(() => {
        for (const again of listeners) again();
      });
      state = { prober, memory: new Map(), shape: "", last: null, regions: { of: NO_REGIONS, made: "" } };
    }
    return state;
  };

  /** Reads, remembers, and starts the probes that are due; never waits for one. */
  async function take(ports: SourcePorts, signal: AbortSignal): Promise<{ own: State; facts: NetworkFacts }> {
    const own = stateOf(ports);
    const now = ports.monotonic();
    if (own.last === null || now - own.last.at > FRESH_MS) own.last = { at: now, facts: readFacts(ports, signal) };
    const mine = own.last;
    try {
      const facts = await mine.facts;
      own.memory = remember(own.memory, facts);
      const shape = shapeOf(facts);
      const targets = targetsOf(gatewaysOf(facts, own.memory), nameServersOf(facts));
      own.prober.probe(targets, shape !== own.shape);
      own.shape = shape;
      return { own, facts };
    } catch (error) {
      // The next one reads anew instead of failing with this one's failure.
      if (own.last === mine) own.last = null;
      throw error;
    }
  }

  // Two objects with the same getter: spreading one would read it once, for ever.
  const every = () => (state?.prober.restless() === true ? SOON_MS : CALM_MS);
  const onNews = (again: () => void) => void listeners.push(again);
  return {
    network: {
      part: "network",
      patience: PATIENCE_MS,
      triggers: [NETWORK_TRIGGER],
      onNews,
      get every() {
        return every();
      },
      async read(ports, signal) {
        const { own, facts } = await take(ports, signal);
        return topologyOf(facts, own.memory, own.prober.reachOf);
      },
    },
    endpoints: {
      part: "endpoints",
      patience: PATIENCE_MS,
      triggers: [NETWORK_TRIGGER],
      onNews,
      get every() {
        return every();
      },
      async read(ports, signal) {
        const { own, facts } = await take(ports, signal);
        return endpointsOf(facts, own.prober.reachOf, await readRegions(ports, own));
      },
    },
  };
}

/** The trees alone; where both are wanted, makeNetworkSources() asks everything once. */
export const makeNetworkSource: MakeSource<"network"> = () => makeNetworkSources().network;

/** The addresses alone; where both are wanted, makeNetworkSources() asks everything once. */
export const makeEndpointsSource: MakeSource<"endpoints"> = () => makeNetworkSources().endpoints;

function realProbes({ run, monotonic }: SourcePorts): Probes {
  return {
    gateway: (target, known) => probeGateway(run, target, known, monotonic),
    dns: (target) => probeDns(target, monotonic),
    // Waiting for a probe's turn keeps no program alive.
    pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref()),
    monotonic,
  };
}

/** What makes every probe due at once when it changes; a router that the kernel has just given up belongs to it. */
function shapeOf({ interfaces, routes, servers, neighbours }: NetworkFacts): string {
  const gateways = new Set(routes.map(({ gateway }) => gateway));
  return JSON.stringify([
    interfaces.map(({ name, up, carrier, master, addresses }) => [
      name,
      up,
      carrier,
      master,
      addresses.map((one) => one.address),
    ]),
    routes,
    servers,
    neighbours
      .filter(({ address, state }) => gateways.has(address) && state.includes("FAILED"))
      .map(({ address }) => address),
  ]);
}

/** YAML is loaded where there is such a file at all, and parsed again only when it has changed. */
async function readRegions(ports: SourcePorts, own: State): Promise<RegionOf> {
  const file = await ports.read(REGIONS_FILE);
  if (file === null) return NO_REGIONS;
  const hosts = (await ports.read(HOSTS_FILE)) ?? "";
  const made = `${file}\0${hosts}`;
  if (made !== own.regions.made) {
    const { parse } = await import("yaml");
    let of = NO_REGIONS;
    try {
      of = regionsOf(parse(file, { maxAliasCount: 0 }), hosts);
    } catch {
      // A file that cannot be read leaves the regions empty; the addresses are told all the same.
    }
    own.regions = { of, made };
  }
  return own.regions.of;
}
