// The routers and name servers behind the interfaces: where they hang, and what is to be probed.
import { scrub } from "../../inventory/scrub.ts";
import { dnsKey, gatewayKey, type Target } from "../reach/reach.ts";
import type { NetworkFacts } from "./facts.ts";
import { parseAddress } from "./ip-address.ts";
import { type NetworkMemory, seenOf } from "./memory.ts";
import { defaultRoutes, routeTo } from "./routes.ts";

export interface Gateway {
  dev: string;
  address: string;
  family: 4 | 6;
  /** It was there, and neither its route nor another has come since: why. */
  lost: "no-address" | "no-route" | null;
}

export interface NameServer {
  address: string;
  /** Behind which router or interface it is; null: no route, or this machine itself. */
  behind: { dev: string; gateway: string | null } | null;
  local: boolean;
}

/** Those of the default routes, and those that were lost while the interface still has an address of the other family. */
export function gatewaysOf(facts: NetworkFacts, memory: NetworkMemory): Gateway[] {
  const routes = defaultRoutes(facts);
  const present = routes.flatMap(({ dev, gateway, family }): Gateway[] =>
    gateway === null ? [] : [{ dev, address: gateway, family, lost: null }],
  );
  if (routes.length === 0) return present;
  const lost = facts.interfaces.flatMap((link) =>
    ([4, 6] as const).flatMap((family): Gateway[] => {
      const address = seenOf(memory, link.name).gateways[family];
      if (address === null || address === "" || routes.some((route) => route.family === family)) return [];
      const addressed = link.addresses.some((one) => one.family === family && one.scope !== "link");
      const working = link.addresses.some(({ scope }) => scope !== "link");
      return working ? [{ dev: link.name, address, family, lost: addressed ? "no-route" : "no-address" }] : [];
    }),
  );
  const all = [...present, ...lost];
  return [...new Map(all.map((one) => [gatewayKey(one.dev, one.address), one])).values()];
}

/** How a router is called: its address, and the interface where that alone does not tell which one. */
export function gatewayName(
  { address, dev }: Pick<Gateway, "address" | "dev">,
  all: readonly { dev: string; gateway?: string | null; address?: string }[],
): string {
  const several = all.some((one) => (one.gateway ?? one.address) === address && one.dev !== dev);
  return several || /^fe[89ab]/i.test(address) ? `${address}%${scrub(dev)}` : address;
}

export function nameServersOf(facts: NetworkFacts): NameServer[] {
  const own = new Set(facts.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
  return facts.servers.map((server) => {
    const plain = server.split("%")[0] ?? server;
    // A resolver on this machine asks others by the default route: it stands behind the first router.
    const local = /^127\.|^::1$/.test(plain) || own.has(plain);
    const route = local ? (defaultRoutes(facts)[0] ?? null) : routeTo(facts, server);
    return { address: server, behind: route === null ? null : { dev: route.dev, gateway: route.gateway }, local };
  });
}

/** What to probe: routers by their interface, name servers by the routes. */
export function targetsOf(gateways: readonly Gateway[], servers: readonly NameServer[]): Target[] {
  return [
    ...gateways
      .filter(({ lost }) => lost === null)
      .map(({ dev, address }) => target("gateway", gatewayKey(dev, address), address, dev)),
    ...servers
      .filter(({ behind, local }) => behind !== null || local)
      .map(({ address }) => target("dns", dnsKey(address), address, address.split("%")[1] ?? null)),
  ];
}

function target(kind: Target["kind"], key: string, address: string, dev: string | null): Target {
  const plain = address.split("%")[0] ?? address;
  // An IPv4 route may go by an IPv6 router: what is asked is the address's own family.
  return { key, kind, address: plain, family: parseAddress(plain)?.family ?? 4, dev };
}
