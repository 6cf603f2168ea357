// Which way a packet would go: the default routes, and the route to one address.
import type { NetworkFacts } from "./facts.ts";
import { inPrefix, parseAddress } from "./ip-address.ts";
import type { Route } from "./ip-json.ts";

type Routed = Pick<NetworkFacts, "routes">;

const isDefault = (route: Route): boolean => ["default", "0.0.0.0/0", "::/0"].includes(route.to);

/** The default routes of all tables, the preferred ones first, each interface and router once. */
export function defaultRoutes(facts: Routed): Route[] {
  const sorted = facts.routes.filter(isDefault).sort((one, other) => one.metric - other.metric);
  return [...new Map(sorted.map((route) => [`${route.family} ${route.dev} ${route.gateway}`, route])).values()];
}

/** The route with the longest prefix, then the lowest metric; null where none leads there. */
export function routeTo(facts: Routed, address: string): Route | null {
  const family = parseAddress(address)?.family;
  const zone = address.split("%")[1];
  const length = (route: Route) => (isDefault(route) ? 0 : Number(route.to.split("/")[1] ?? 128));
  const fitting = facts.routes.filter(
    (route) =>
      route.family === family &&
      (zone === undefined || route.dev === zone) &&
      (isDefault(route) || inPrefix(address, route.to)),
  );
  return fitting.sort((one, other) => length(other) - length(one) || one.metric - other.metric)[0] ?? null;
}
