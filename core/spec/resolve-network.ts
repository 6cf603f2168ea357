// Which adapters each link of `network:` means on this machine; nothing is picked arbitrarily.
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory, Nic } from "../inventory/inventory.ts";
import { globMatches } from "./glob.ts";
import type { LoadedSpec } from "./load.ts";
import type { NetworkLink, Wifi } from "./resolved.ts";
import type { Spec } from "./schema.ts";

type StatedLink = NonNullable<Spec["network"]>[string];

/** The adapters that a link can mean, and what they are called. */
interface Kind {
  word: "wired" | "wireless";
  nics: readonly Nic[];
}

/** @throws ActionableError exit 4: `no-adapter-matches`, `ambiguous-adapter`, `adapter-twice` */
export function resolveNetwork(loaded: LoadedSpec, inventory: Inventory): NetworkLink[] {
  const stated = loaded.spec.network;
  if (stated === undefined) return [{ name: "wired", macs: [], dhcp: true, addresses: [], gateway: null, dns: [] }];
  const links = Object.entries(stated).map(([name, link]): NetworkLink => {
    const addresses = link.addresses ?? [];
    const wireless = link.wifi !== undefined;
    const kind: Kind = {
      word: wireless ? "wireless" : "wired",
      nics: inventory.nics.filter((nic) => nic.physical && nic.wireless === wireless),
    };
    return {
      name,
      macs: adaptersOf(name, link, kind, loaded),
      dhcp: link.dhcp ?? addresses.length === 0,
      addresses,
      gateway: link.gateway ?? null,
      dns: link.dns ?? [],
      ...(link.wifi === undefined ? {} : { wifi: resolveWifi(link.wifi) }),
    };
  });
  refuseSharedAdapters(links, loaded);
  return links;
}

function adaptersOf(name: string, link: StatedLink, kind: Kind, loaded: LoadedSpec): string[] {
  const pattern = link.match?.mac;
  const fitting = kind.nics.filter((nic) => pattern === undefined || globMatches(pattern, nic.mac));
  if (pattern !== undefined && fitting.length === 0) throw noneMatches(name, pattern, kind, loaded);
  // A fixed address and a wireless network belong to one adapter; with several, "every one" would put it on each.
  const why = link.wifi !== undefined ? "joins a wireless network" : "has a fixed address";
  const needsOne = link.wifi !== undefined || link.addresses !== undefined;
  if (needsOne && fitting.length !== 1) throw ambiguous(name, why, fitting, kind, loaded);
  return pattern === undefined && !needsOne ? [] : fitting.map((nic) => nic.mac);
}

function resolveWifi(wifi: NonNullable<StatedLink["wifi"]>): Wifi {
  const common = { ssid: wifi.ssid, hidden: wifi.hidden ?? false };
  if (wifi.security === "open") return { ...common, security: "open" };
  if (wifi.psk === undefined) throw new Error("an open question was not listed");
  return { ...common, security: "psk", psk: wifi.psk.toLowerCase() };
}

/** Linux lists a wireless adapter only when its driver has found its firmware. */
const NO_WIRELESS =
  "If this machine has one, Linux has no driver or firmware for it here. Otherwise take this link out of the spec.";

function noneMatches(name: string, pattern: string, { word, nics }: Kind, loaded: LoadedSpec): ActionableError {
  return new ActionableError({
    code: "no-adapter-matches",
    exit: EXIT.refused,
    message: `No ${word} network adapter of this machine is what \`network.${name}\` means.`,
    evidence: [
      `${loaded.place(["network", name, "match", "mac"])}: ${pattern}`,
      ...nics.map(describe),
      ...(nics.length === 0 ? [`this machine has no ${word} adapter`] : []),
    ],
    hint:
      word === "wired"
        ? "Change `match:`, or leave it out for every wired adapter."
        : nics.length === 0
          ? NO_WIRELESS
          : "Change `match:`, or leave it out where there is only one.",
  });
}

function ambiguous(
  name: string,
  why: string,
  found: readonly Nic[],
  { word }: Kind,
  loaded: LoadedSpec,
): ActionableError {
  const none = word === "wired" ? "This machine has no wired adapter." : NO_WIRELESS;
  return new ActionableError({
    code: "ambiguous-adapter",
    exit: EXIT.refused,
    message: `\`network.${name}\` ${why}, which needs exactly one adapter; ${found.length} fit.`,
    evidence: [`${loaded.place(["network", name])}: this goes to one ${word} adapter`, ...found.map(describe)],
    hint: found.length === 0 ? none : `Say which: match: {mac: "${found[0]?.mac}"}`,
  });
}

function refuseSharedAdapters(links: readonly NetworkLink[], loaded: LoadedSpec): void {
  for (const [at, link] of links.entries()) {
    const earlier = links
      .slice(0, at)
      .find(
        (other) =>
          (other.wifi === undefined) === (link.wifi === undefined) &&
          (other.macs.length === 0 || link.macs.length === 0 || other.macs.some((mac) => link.macs.includes(mac))),
      );
    if (earlier === undefined) continue;
    throw new ActionableError({
      code: "adapter-twice",
      exit: EXIT.refused,
      message: `\`network.${earlier.name}\` and \`network.${link.name}\` both mean the same adapter.`,
      evidence: [earlier, link].map(
        (one) =>
          `${loaded.place(["network", one.name])}: ${one.macs.length === 0 ? "every wired adapter" : one.macs.join(", ")}`,
      ),
      hint: "Give each link a `match:` of its own.",
    });
  }
}

function describe(nic: Nic): string {
  return `${nic.name}: ${nic.mac}${nic.driver === null ? "" : `, ${nic.driver}`}${nic.carrier ? "" : ", no carrier"}`;
}
