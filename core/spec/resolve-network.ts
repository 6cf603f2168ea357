// Which adapters each link of `network:` means on this machine; nothing is picked arbitrarily.
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory, Nic } from "../inventory/inventory.ts";
import { globMatches } from "./glob.ts";
import type { LoadedSpec } from "./load.ts";
import type { NetworkLink } from "./resolved.ts";

/** @throws ActionableError exit 4: `no-adapter-matches`, `ambiguous-adapter`, `adapter-twice` */
export function resolveNetwork(loaded: LoadedSpec, inventory: Inventory): NetworkLink[] {
  const stated = loaded.spec.network;
  if (stated === undefined) return [{ name: "wired", macs: [], dhcp: true, addresses: [], gateway: null, dns: [] }];
  const wired = inventory.nics.filter((nic) => nic.physical && !nic.wireless);
  const links = Object.entries(stated).map(([name, link]): NetworkLink => {
    const addresses = link.addresses ?? [];
    const matching = macsOf(name, link.match?.mac, wired, loaded);
    // A fixed address belongs to one adapter; with several, "every wired one" would put it on each.
    const macs = addresses.length > 0 && matching.length === 0 ? wired.map((nic) => nic.mac) : matching;
    if (addresses.length > 0 && macs.length !== 1) throw ambiguous(name, macs, wired, loaded);
    return {
      name,
      macs,
      dhcp: link.dhcp ?? addresses.length === 0,
      addresses,
      gateway: link.gateway ?? null,
      dns: link.dns ?? [],
    };
  });
  refuseSharedAdapters(links, loaded);
  return links;
}

/** Empty when the link does not say which: every wired adapter. */
function macsOf(name: string, pattern: string | undefined, wired: readonly Nic[], loaded: LoadedSpec): string[] {
  if (pattern === undefined) return [];
  const macs = wired.filter((nic) => globMatches(pattern, nic.mac)).map((nic) => nic.mac);
  if (macs.length > 0) return macs;
  throw new ActionableError({
    code: "no-adapter-matches",
    exit: EXIT.refused,
    message: `No wired network adapter of this machine is what \`network.${name}\` means.`,
    evidence: [
      `${loaded.place(["network", name, "match", "mac"])}: ${pattern}`,
      ...wired.map(describe),
      ...(wired.length === 0 ? ["this machine has no wired adapter"] : []),
    ],
    hint: "Change `match:`, or leave it out for every wired adapter.",
  });
}

function ambiguous(name: string, macs: readonly string[], wired: readonly Nic[], loaded: LoadedSpec): ActionableError {
  const found = wired.filter((nic) => macs.includes(nic.mac));
  return new ActionableError({
    code: "ambiguous-adapter",
    exit: EXIT.refused,
    message: `\`network.${name}\` has a fixed address, which needs exactly one adapter; ${found.length} fit.`,
    evidence: [`${loaded.place(["network", name])}: addresses go to one adapter`, ...found.map(describe)],
    hint: found.length === 0 ? "This machine has no wired adapter." : `Say which: match: {mac: "${found[0]?.mac}"}`,
  });
}

function refuseSharedAdapters(links: readonly NetworkLink[], loaded: LoadedSpec): void {
  for (const [at, link] of links.entries()) {
    const earlier = links
      .slice(0, at)
      .find(
        (other) =>
          other.macs.length === 0 || link.macs.length === 0 || other.macs.some((mac) => link.macs.includes(mac)),
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
