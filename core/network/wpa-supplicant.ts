// The configuration of wpa_supplicant for one wireless network.
import { scrubLine } from "../inventory/scrub.ts";
import type { Wifi } from "../spec/resolved.ts";

/**
 * The text of a `wpa_supplicant-<adapter>.conf`; it holds the key, so its file is for root alone (mode 0600).
 *
 * Name and key are written in hexadecimal, which needs no quoting (wpa_supplicant.conf(5), "ssid" and "psk").
 */
export function wpaSupplicantConf(wifi: Wifi): string {
  return `${[
    "# Written by multiverse.",
    // A name straight from the air may hold line breaks.
    `# ${scrubLine(wifi.ssid)}`,
    // wpa_cli finds it there; the group exists wherever the package is installed.
    "ctrl_interface=DIR=/run/wpa_supplicant GROUP=netdev",
    "p2p_disabled=1",
    "network={",
    `\tssid=${Buffer.from(wifi.ssid, "utf8").toString("hex")}`,
    ...(wifi.hidden ? ["\tscan_ssid=1"] : []),
    ...(wifi.security === "open"
      ? ["\tkey_mgmt=NONE"]
      : ["\tkey_mgmt=WPA-PSK WPA-PSK-SHA256", "\tieee80211w=1", `\tpsk=${wifi.psk}`]),
    "}",
  ].join("\n")}\n`;
}
