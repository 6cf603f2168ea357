// What was seen since the daemon started: an address or a router that is gone is a fault, one that never was is none.
import type { NetworkFacts } from "./facts.ts";
import { defaultRoutes } from "./routes.ts";

export interface Seen {
  /** The last addresses that others could reach, by family. */
  addresses: Readonly<Record<4 | 6, readonly string[]>>;
  /** The last router of a default route, by family; "" where the route needs none. */
  gateways: Readonly<Record<4 | 6, string | null>>;
}

/** By the interface's name. */
export type NetworkMemory = ReadonlyMap<string, Seen>;

const NOTHING: Seen = { addresses: { 4: [], 6: [] }, gateways: { 4: null, 6: null } };

export const seenOf = (memory: NetworkMemory, name: string): Seen => memory.get(name) ?? NOTHING;

/**
 * The memory after `facts`. An interface that is gone is forgotten, and so are the addresses of one that has become a
 * member of a bridge or bond, and a router whose work another one does now.
 */
export function remember(memory: NetworkMemory, facts: NetworkFacts): NetworkMemory {
  const routes = defaultRoutes(facts);
  return new Map(
    facts.interfaces.map((one) => {
      const before = one.master === null ? seenOf(memory, one.name) : NOTHING;
      const addresses = (family: 4 | 6) => {
        const now = one.addresses.filter((each) => each.family === family && each.scope !== "link");
        return now.length > 0 ? now.map(({ address }) => address) : before.addresses[family];
      };
      const gateways = (family: 4 | 6) => {
        const own = routes.find((route) => route.dev === one.name && route.family === family);
        if (own !== undefined) return own.gateway ?? "";
        return routes.some((route) => route.family === family) ? null : before.gateways[family];
      };
      return [
        one.name,
        { addresses: { 4: addresses(4), 6: addresses(6) }, gateways: { 4: gateways(4), 6: gateways(6) } },
      ];
    }),
  );
}
