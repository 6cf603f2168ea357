// The two sources of status about the network: the trees of hops, and the addresses the host is reached by.
import type { Controller } from "../status/controller-facts.ts";
import type { MakeSource, SourcePorts, StatusSource, Trigger } from "../status/source.ts";
import { probeDns } from "./reach/probe-dns.ts";
import { probeGateway } from "./reach/probe-gateway.ts";
import { makeProber, type Pace, type Prober, type Probes } from "./reach/prober.ts";
import { gatewayKey } from "./reach/reach.ts";
import { HOSTS_FILE, NO_REGIONS, REGIONS_FILE, type RegionOf, regionsOf } from "./regions.ts";
import { endpointsOf } from "./topology/endpoints.ts";
import type { NetworkFacts } from "./topology/facts.ts";
import { type NetworkMemory, remember } from "./topology/memory.ts";
import { readFacts } from "./topology/read-facts.ts";
import { topologyOf } from "./topology/topology.ts";
import { gatewaysOf, nameServersOf, targetsOf } from "./topology/ways-out.ts";
import { withControllers } from "./topology/with-controllers.ts";

/**
 * `ip monitor` prints a line for each change of a link, address or route. Of neighbours, which come and go all day, only
 * one that has stopped to answer counts: it may be the router.
 */
export const NETWORK_TRIGGER: Trigger = {
  argv: ["ip", "monitor", "label", "link", "address", "route", "neigh"],
  lines: /^\[(LINK|ADDR|ROUTE)\]|^\[NEIGH\].*\bFAILED\b/,
};

const PATIENCE_MS = 8_000;
/** Before anything was read; afterwards the prober says when it wants to be asked again. */
const FIRST_MS = 1_000;
/**
 * Both sources are asked at nearly the same moment after a change: a reading waits that long for the other one. Joining
 * one that has begun would be wrong: it may have been before the change.
 */
const TOGETHER_MS = 25;

interface State {
  prober: Prober;
  memory: NetworkMemory;
  shape: string;
  /** A reading that has yet to begin. */
  coming: Promise<NetworkFacts> | null;
  regions: { of: RegionOf; made: string };
}

export interface NetworkSources {
  network: StatusSource<"network">;
  endpoints: StatusSource<"endpoints">;
}

export interface NetworkOptions {
  /** How to ask routers and name servers; default: by ping and by a question of DNS. */
  probes?: (ports: SourcePorts) => Probes;
  pace?: Pace;
  /** Whose taps there may be, as they are known now. */
  controllers?: () => readonly Controller[];
}

/** Both sources with one prober and one memory between them, so that no router is asked twice. */
export function makeNetworkSources(options: NetworkOptions = {}): NetworkSources {
  let state: State | null = null;
  const listeners: (() => void)[] = [];

  const stateOf = (ports: SourcePorts): State => {
    if (state === null) {
      const prober = makeProber((options.probes ?? realProbes)(ports), options.pace);
      prober.onNews(() => {
        for (const again of listeners) again();
      });
      state = { prober, memory: new Map(), shape: "", coming: null, regions: { of: NO_REGIONS, made: "" } };
    }
    return state;
  };

  /** Reads, remembers, and starts the probes that are due; never waits for one. */
  async function take(ports: SourcePorts, signal: AbortSignal): Promise<{ own: State; facts: NetworkFacts }> {
    const own = stateOf(ports);
    own.coming ??= pause(TOGETHER_MS).then(() => {
      own.coming = null;
      // Of its own: whoever asked first may give up while the other one waits.
      return readFacts(ports, AbortSignal.timeout(PATIENCE_MS));
    });
    const facts = await own.coming;
    signal.throwIfAborted();
    own.memory = remember(own.memory, facts);
    const shape = shapeOf(facts);
    const targets = targetsOf(gatewaysOf(facts, own.memory), nameServersOf(facts));
    own.prober.probe(targets, shape !== own.shape, givenUp(facts));
    own.shape = shape;
    return { own, facts };
  }

  // Two objects with the same getter: spreading one would read it once, for ever.
  const every = () => state?.prober.soon() ?? FIRST_MS;
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
        const topology = topologyOf(facts, own.memory, own.prober.reachOf);
        return withControllers(topology, options.controllers?.() ?? []);
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
        const topology = topologyOf(facts, own.memory, own.prober.reachOf);
        return endpointsOf(facts, topology, await readRegions(ports, own));
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
    pause,
    monotonic,
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** What makes every probe due at once when it changes. */
function shapeOf({ interfaces, routes, servers }: NetworkFacts): string {
  const shapes = interfaces.map(({ name, up, carrier, master, addresses }) => [
    ...[name, up, carrier, master],
    ...addresses.map(({ address }) => address),
  ]);
  return JSON.stringify([shapes, routes, servers]);
}

/** The routers that did not answer the kernel's own requests. */
function givenUp({ neighbours }: NetworkFacts): Set<string> {
  return new Set(
    neighbours.filter(({ state }) => state.includes("FAILED")).map(({ dev, address }) => gatewayKey(dev, address)),
  );
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
