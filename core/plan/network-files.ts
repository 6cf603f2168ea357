// The configuration of an installed root's network: links, wireless networks, proxy, time servers.
import { wpaSupplicantConf } from "../network/wpa-supplicant.ts";
import type { NetworkLink, ResolvedSpec } from "../spec/resolved.ts";
import type { FileToWrite, Link } from "./step.ts";
import { textFile } from "./text-file.ts";

export function networkFiles(spec: ResolvedSpec): FileToWrite[] {
  return [
    ...spec.network.map((link, index) => networkFile(link, index)),
    ...wirelessLinks(spec).flatMap(wirelessFiles),
    ...proxyFiles(spec),
    ...timeFiles(spec),
  ];
}

/**
 * Starts wpa_supplicant where the spec has a wireless network, and nowhere else. The adapter's device wants it: started
 * from multi-user.target, a host without the adapter would wait for it at every boot.
 */
export function networkLinks(spec: ResolvedSpec): Link[] {
  return wirelessLinks(spec).map(({ adapter }) => ({
    path: `/etc/systemd/system/sys-subsystem-net-devices-${adapter}.device.wants/wpa_supplicant@${adapter}.service`,
    to: "/usr/lib/systemd/system/wpa_supplicant@.service",
  }));
}

function networkFile(link: NetworkLink, index: number): FileToWrite {
  const address = link.macs.length > 0 ? [`PermanentMACAddress=${link.macs.join(" ")}`] : [];
  const wireless = link.wifi !== undefined;
  const match = wireless ? ["Type=wlan", ...address] : address.length > 0 ? address : ["Type=ether", "Kind=!*"];
  return textFile(`/etc/systemd/network/${10 + index}-${link.name}.network`, [
    "[Match]",
    ...match,
    "",
    "[Network]",
    `DHCP=${link.dhcp ? "yes" : "no"}`,
    // Changing from one access point to the next drops the carrier for a moment (systemd.network(5)).
    ...(wireless ? ["IgnoreCarrierLoss=3s"] : []),
    ...link.addresses.map((address) => `Address=${address}`),
    ...(link.gateway === null ? [] : [`Gateway=${link.gateway}`]),
    ...link.dns.map((server) => `DNS=${server}`),
    // networkd's own metric is 1024: a host with a cable plugged in uses the cable.
    ...(wireless ? ["", "[DHCPv4]", "RouteMetric=2048", "", "[IPv6AcceptRA]", "RouteMetric=2048"] : []),
  ]);
}

interface WirelessLink {
  link: NetworkLink;
  wifi: NonNullable<NetworkLink["wifi"]>;
  /** The adapter's name on the host, which we give: the kernel's changes with every card that is plugged in or out. */
  adapter: string;
}

function wirelessLinks(spec: ResolvedSpec): WirelessLink[] {
  return spec.network
    .flatMap((link) => (link.wifi === undefined ? [] : [{ link, wifi: link.wifi }]))
    .map((one, index) => ({ ...one, adapter: `wlm${index}` }));
}

function wirelessFiles({ link, wifi, adapter }: WirelessLink): FileToWrite[] {
  return [
    textFile(`/etc/systemd/network/10-${adapter}.link`, [
      "[Match]",
      "Type=wlan",
      `PermanentMACAddress=${link.macs.join(" ")}`,
      "",
      "[Link]",
      `Name=${adapter}`,
      "AlternativeNamesPolicy=database onboard slot path mac",
    ]),
    {
      path: `/etc/wpa_supplicant/wpa_supplicant-${adapter}.conf`,
      content: wpaSupplicantConf(wifi),
      mode: "0600",
    },
  ];
}

/** For apt, for whoever logs in, and for services, which read neither. */
function proxyFiles(spec: ResolvedSpec): FileToWrite[] {
  const { proxy, name, locale } = spec.host;
  if (proxy === null) return [];
  const variables = [`http_proxy=${proxy}`, `https_proxy=${proxy}`, `no_proxy=localhost,127.0.0.1,::1,${name}`];
  return [
    textFile("/etc/apt/apt.conf.d/91multiverse-proxy", [
      `Acquire::http::Proxy "${proxy}/";`,
      `Acquire::https::Proxy "${proxy}/";`,
    ]),
    // The image's own /etc/environment has the language, too.
    textFile("/etc/environment", [`LANG=${locale}`, ...variables]),
    textFile("/etc/systemd/system.conf.d/10-multiverse-proxy.conf", [
      "[Manager]",
      `DefaultEnvironment=${variables.map((variable) => `"${variable}"`).join(" ")}`,
    ]),
  ];
}

function timeFiles(spec: ResolvedSpec): FileToWrite[] {
  const { ntp } = spec.host;
  if (ntp.length === 0) return [];
  return [textFile("/etc/systemd/timesyncd.conf.d/10-multiverse.conf", ["[Time]", `NTP=${ntp.join(" ")}`])];
}
