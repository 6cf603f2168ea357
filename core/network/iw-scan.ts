// Reads what `iw dev X scan` prints. Everything in it was sent by strangers.
import { type Heard, mergeHeard, type WifiNetwork, type WifiSecurity } from "./wifi-network.ts";

/** "BSS 00:11:22:33:44:55(on wlan0)", also "… -- associated". */
const BSS = /^BSS [0-9a-f]{2}(:[0-9a-f]{2}){5}\(on /;

/**
 * The networks in the text, merged (wifi-network.ts). Never fails: a line that is not understood says nothing.
 *
 * iw indents what belongs to an access point by one tab and prints names with everything but plain ASCII as \xNN
 * (iw, util.c, print_ssid_escaped); names of devices and models it prints raw, so a line may be anything.
 */
export function parseIwScan(text: string): WifiNetwork[] {
  const blocks: string[][] = [];
  for (const line of text.split("\n")) {
    if (BSS.test(line)) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return mergeHeard(blocks.flatMap(heardIn));
}

function heardIn(lines: readonly string[]): Heard[] {
  const value = (name: string) => lines.find((line) => line.startsWith(`\t${name}: `))?.slice(name.length + 3);
  const name = value("SSID");
  if (name === undefined) return [];
  const ssid = unescapeSsid(name);
  if (ssid === null || ssid.length > 32) return [];
  // Some adapters say "70/100", which compares with nothing.
  const signal = /^(-?[0-9]{1,3})(\.[0-9]+)? dBm$/.exec(value("signal") ?? "")?.[1];
  return [
    {
      ssid,
      signal: signal === undefined ? null : Number(signal),
      security: securityOf(lines),
      channel: channelOf(Number.parseFloat(value("freq") ?? "")),
    },
  ];
}

/** The bytes of a name; null when it is not what iw prints. */
export function unescapeSsid(text: string): Buffer | null {
  // iw leaves printable ASCII and turns everything else, the backslash too, into \xNN.
  if (!/^(?:[\u0020-\u005b\u005d-\u007e]|\\x[0-9a-f]{2})*$/.test(text)) return null;
  return Buffer.from(
    text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}

/** The lines of a part such as "RSN:", which has deeper lines below it. */
function part(lines: readonly string[], name: string): string[] | null {
  const start = lines.findIndex((line) => line.startsWith(`\t${name}:`));
  if (start < 0) return null;
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => !line.startsWith("\t\t"));
  return [lines[start] ?? "", ...(end < 0 ? after : after.slice(0, end))];
}

function securityOf(lines: readonly string[]): WifiSecurity {
  const protectedBy = [part(lines, "RSN"), part(lines, "WPA")].filter((found) => found !== null);
  if (protectedBy.length === 0) {
    const capability = lines.find((line) => line.startsWith("\tcapability: ")) ?? "";
    // Without RSN and WPA, privacy is WEP. A line that is missing is no proof of an open network.
    return capability === "" || /\bPrivacy\b/.test(capability) ? "other" : "open";
  }
  const suites = protectedBy
    .flat()
    .flatMap((line) => /Authentication suites: (.*)$/.exec(line)?.[1] ?? [])
    .join(" ");
  // "PSK", "PSK/SHA-256"; not "FT/PSK" alone, which wpa_supplicant would have to be told.
  if (/(^| )PSK(\/SHA-256)?( |$)/.test(suites)) return "psk";
  // 24 and 25 are SAE with a key of variable length (IEEE 802.11-2024), which iw does not know by name.
  if (/(^|[ /])SAE( |$)|00-0f-ac:2[45]( |$)/.test(suites)) return "sae";
  return /802\.1X/.test(suites) ? "enterprise" : "other";
}

/** MHz to channel (IEEE 802.11-2020 annex E, 802.11ax §27.3.23.2); null outside the bands for Wi-Fi. */
function channelOf(frequency: number): number | null {
  const mhz = Math.floor(frequency);
  if (mhz === 2484) return 14;
  if (mhz === 5935) return 2;
  if (mhz >= 2412 && mhz <= 2472) return (mhz - 2407) / 5;
  if (mhz >= 5160 && mhz <= 5885) return (mhz - 5000) / 5;
  if (mhz >= 5955 && mhz <= 7115) return (mhz - 5950) / 5;
  return null;
}
