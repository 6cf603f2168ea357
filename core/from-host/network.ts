// `network:` of a running system: one link for each adapter that has an address. A wireless network's key is asked for.
import { z } from "zod";
import { LONGEST_SSID } from "../network/psk.ts";
import { addressWithPrefix, ipAddress, isOnLink } from "../spec/addresses.ts";
import { line } from "../spec/names.ts";
import { asked } from "./asked.ts";
import type { HostFacts } from "./facts.ts";

const addressesSchema = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z
      .array(
        z.object({
          ...{ local: z.string().optional(), prefixlen: z.number().optional(), scope: z.string().optional() },
          dynamic: z.boolean().optional(),
        }),
      )
      .default([]),
  }),
);
const routesSchema = z.array(z.object({ gateway: z.string().optional(), dev: z.string().optional() }));

function parse<Data>(schema: z.ZodType<Data>, text: string): Data | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export function networkOf(facts: HostFacts): unknown {
  const { inventory, answers, wireless } = facts;
  const addresses = parse(addressesSchema, answers.addresses);
  if (addresses === null) return asked("The running system does not show its addresses.");
  const routes = parse(routesSchema, answers.routes) ?? [];
  const links = inventory.nics
    .filter((nic) => nic.physical)
    .flatMap((nic) => {
      const known = addresses.find((one) => one.ifname === nic.name)?.addr_info ?? [];
      const global = known.filter((one) => one.scope === "global" && one.local !== undefined);
      if (global.length === 0) return [];
      const fixed = global
        .filter((one) => one.dynamic !== true)
        .map((one) => `${one.local}/${one.prefixlen}`)
        .filter((one) => addressWithPrefix.safeParse(one).success);
      const gateway = routes.find((route) => route.dev === nic.name)?.gateway;
      const usable =
        gateway !== undefined && fixed.length > 0 && ipAddress.safeParse(gateway).success && isOnLink(gateway, fixed);
      const dhcp = global.some((one) => one.dynamic === true);
      return [
        {
          match: { mac: nic.mac },
          ...(nic.wireless ? { wifi: wifiOf(wireless.get(nic.name) ?? "") } : {}),
          ...(fixed.length === 0 || dhcp ? { dhcp: true } : {}),
          ...(fixed.length === 0 ? {} : { addresses: fixed }),
          ...(usable ? { gateway } : {}),
          ...(fixed.length === 0 || dhcp ? {} : dnsOf(answers.resolvers)),
        },
      ];
    });
  if (links.length === 0) return asked("No adapter of the running system has an address.");
  return Object.fromEntries(links.map((link, at) => [`lan${at}`, link]));
}

/** systemd-resolved's own address is no server of the network. */
function dnsOf(text: string): Record<string, unknown> {
  const servers = [...text.matchAll(/^nameserver (\S+)$/gm)].map(([, one = ""]) => one);
  const usable = [...new Set(servers)].filter((one) => one !== "127.0.0.53" && ipAddress.safeParse(one).success);
  return usable.length === 0 ? {} : { dns: usable };
}

function wifiOf(said: string): Record<string, unknown> {
  const name = /^\s*SSID: (.+)$/m.exec(said)?.[1] ?? "";
  return {
    ssid:
      line.safeParse(name).success && Buffer.byteLength(name) <= LONGEST_SSID
        ? name
        : asked("The name of the wireless network."),
    psk: asked("The key of the wireless network: `wpa_passphrase NAME` computes it."),
  };
}
