// A resolved spec in the words of the YAML that people write, followed by where each value came from.
import type { ResolvedSpec } from "../core/spec/resolved.ts";
import type { Spec } from "../core/spec/schema.ts";
import { formatShare } from "../core/spec/share.ts";
import { rootAsData } from "./show-root.ts";

/** A hash is not the password, but a screen or a report is no place for it either. */
const HIDDEN = "(a hash, not shown)";

const HIDDEN_KEY = "(a key, not shown)";

/** A spec as it was read, without its hashes and keys. */
export function statedAsData(spec: Spec): Spec {
  const { users, network } = spec;
  return {
    ...spec,
    ...(users === undefined
      ? {}
      : { users: users.map((user) => (user?.password === undefined ? user : { ...user, password: HIDDEN })) }),
    ...(network === undefined
      ? {}
      : { network: Object.fromEntries(Object.entries(network).map(([name, link]) => [name, withoutKey(link)])) }),
  };
}

function withoutKey(link: NonNullable<Spec["network"]>[string]): typeof link {
  return link?.wifi?.psk === undefined ? link : { ...link, wifi: { ...link.wifi, psk: HIDDEN_KEY } };
}

/** The spec that would give the same result with no default; `origins` is for reading, not for writing. */
export function resolvedAsData(spec: ResolvedSpec): Record<string, unknown> {
  const { swap, boot } = spec;
  const { proxy, ntp, ...host } = spec.host;
  return {
    version: 1,
    target: "host",
    host: { ...host, ...(proxy === null ? {} : { proxy }), ...(ntp.length === 0 ? {} : { ntp }) },
    disks: Object.fromEntries(Object.entries(spec.disks).map(([name, ids]) => [name, ids.length === 1 ? ids[0] : ids])),
    root: rootAsData(spec.root),
    esp: { size: formatShare(spec.esp.size) },
    swap: swap.kind === "none" ? "none" : { kind: swap.kind, size: formatShare(swap.size) },
    source: spec.source.uri,
    boot,
    users: spec.users.map((user) => ({
      name: user.name,
      ...(user.password === null ? {} : { password: HIDDEN }),
      groups: user.groups,
      "ssh-keys": user.sshKeys,
    })),
    network: Object.fromEntries(spec.network.map((link) => [link.name, linkAsData(link)])),
    packages: { add: spec.packages.add, ...(spec.packages.mirror === null ? {} : { mirror: spec.packages.mirror }) },
    salt: spec.salt,
    confirm: { erase: spec.confirmErase },
    unattended: spec.unattended,
    origins: Object.fromEntries(
      spec.origins.map((origin) => [
        origin.path,
        origin.note === undefined ? origin.from : `${origin.from}: ${origin.note}`,
      ]),
    ),
  };
}

function linkAsData(link: ResolvedSpec["network"][number]): Record<string, unknown> {
  return {
    ...(link.macs.length === 0 ? {} : { match: { mac: link.macs.length === 1 ? link.macs[0] : link.macs } }),
    dhcp: link.dhcp,
    ...(link.addresses.length === 0 ? {} : { addresses: link.addresses }),
    ...(link.gateway === null ? {} : { gateway: link.gateway }),
    ...(link.dns.length === 0 ? {} : { dns: link.dns }),
    ...(link.wifi === undefined ? {} : { wifi: wifiAsData(link.wifi) }),
  };
}

function wifiAsData(wifi: NonNullable<ResolvedSpec["network"][number]["wifi"]>): Record<string, unknown> {
  const { ssid, security, hidden } = wifi;
  return { ssid, security, ...(wifi.security === "psk" ? { psk: HIDDEN_KEY } : {}), ...(hidden ? { hidden } : {}) };
}
