// The values of a spec that the review shows, as text.
import type { ResolvedSpec } from "../../core/spec/resolved.ts";
import { shareInWords } from "../../core/spec/share.ts";

/** What a person would want to see before confirming, in the order of the file. */
export function shownValues(spec: ResolvedSpec): { path: string; text: string }[] {
  const links = spec.network.map(({ name, dhcp, addresses, wifi }) => {
    const how = dhcp ? "DHCP" : addresses.join(" ");
    return `${name}: ${wifi === undefined ? "" : `Wi-Fi ${wifi.ssid}, `}${how}`;
  });
  const swap =
    spec.swap.kind === "none"
      ? "none"
      : `${shareInWords(spec.swap.size)}${spec.swap.kind === "partition" ? "" : ` (${spec.swap.kind})`}`;
  return [
    { path: "host.name", text: spec.host.name },
    { path: "host.timezone", text: spec.host.timezone },
    { path: "host.locale", text: spec.host.locale },
    { path: "host.keyboard", text: spec.host.keyboard },
    ...Object.entries(spec.disks).map(([name, ids]) => ({ path: `disks.${name}`, text: ids.join(" ") })),
    { path: "root.filesystem", text: "zfs" },
    ...(spec.root.filesystem === "zfs"
      ? [
          { path: "root.layout", text: spec.root.layout },
          { path: "root.pool", text: spec.root.pool },
        ]
      : [{ path: "root.install", text: spec.root.pool }]),
    { path: "root.system", text: spec.root.system },
    { path: "root.encryption", text: spec.root.encryption },
    ...(spec.root.filesystem === "zfs-existing" ? [] : [{ path: "esp.size", text: shareInWords(spec.esp.size) }]),
    { path: spec.swap.kind === "none" ? "swap" : "swap.size", text: swap },
    { path: "source", text: spec.source.uri },
    { path: "packages.add", text: spec.packages.add.join(" ") || "-" },
    { path: "users", text: spec.users.map(({ name }) => name).join(" ") },
    { path: "network", text: links.join("; ") || "DHCP" },
    { path: "host.proxy", text: spec.host.proxy ?? "-" },
    { path: "host.ntp", text: spec.host.ntp.join(" ") || "-" },
    { path: "boot.timeout", text: String(spec.boot.timeout) },
    { path: "boot.consoles", text: spec.boot.consoles.join(" ") },
  ];
}
