// A resolved spec in the words of the YAML that people write, followed by where each value came from.
import { formatSize } from "../core/spec/quantity.ts";
import type { ResolvedSpec } from "../core/spec/resolved.ts";
import type { Spec } from "../core/spec/schema.ts";

/** A hash is not the password, but a screen or a report is no place for it either. */
const HIDDEN = "(a hash, not shown)";

/** A spec as it was read, without its hashes. */
export function statedAsData(spec: Spec): Spec {
  const { users } = spec;
  if (users === undefined) return spec;
  return { ...spec, users: users.map((user) => (user?.password === undefined ? user : { ...user, password: HIDDEN })) };
}

/** The spec that would give the same result with no default; `origins` is for reading, not for writing. */
export function resolvedAsData(spec: ResolvedSpec): Record<string, unknown> {
  const { root, swap, boot } = spec;
  return {
    version: 1,
    target: "host",
    host: spec.host,
    disks: { system: spec.disk },
    root: {
      ...{ filesystem: root.filesystem, pool: root.pool, layout: "single", on: "system", system: root.system },
      encryption: root.encryption,
      generations: { keep: root.keep, "keep-releases": root.keepReleases },
    },
    esp: { size: formatSize(spec.esp.size) },
    swap: swap.kind === "none" ? "none" : { kind: swap.kind, size: formatSize(swap.size) },
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
  };
}
