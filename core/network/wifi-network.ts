// A wireless network as it was heard in the air: what its access points say of it, and whether a spec can hold it.
import { scrubLine } from "../inventory/scrub.ts";

/** sae: WPA3 alone; a network that offers WPA2 beside it counts as psk. */
export type WifiSecurity = "open" | "psk" | "sae" | "enterprise" | "other";

export interface WifiNetwork {
  /** The name as it is, for the spec and for the key; it may hold anything that fits into 32 bytes. */
  ssid: string;
  /** The name for a screen: one line, without control characters. */
  label: string;
  /** Of the strongest access point, in dBm (about -30 beside it to -90); null where the adapter knows no dBm. */
  signal: number | null;
  security: WifiSecurity;
  /** Of the strongest access point; null for a frequency that is not known. */
  channel: number | null;
  /** Why the installed host cannot be told to join it; empty when it can. */
  unusable: string[];
}

/** One access point's word. */
export interface Heard {
  ssid: Buffer;
  signal: number | null;
  security: WifiSecurity;
  channel: number | null;
}

const NOT_YET: Readonly<Record<WifiSecurity, string | null>> = {
  open: null,
  psk: null,
  sae: "WPA3 alone is not supported yet: it needs the passphrase itself, and a spec holds no secret in clear text",
  enterprise:
    "a network with a login of one's own (WPA Enterprise) is not supported yet: it needs certificates or passwords",
  other: "how it is protected is not supported: WEP is broken, and the rest is not known here",
};

/**
 * Access points of one network become one entry with the strongest signal, strongest first; those that hide their name
 * are left out. A name that is offered both open and with a key stays two entries: one of them may be an impostor.
 */
export function mergeHeard(heard: readonly Heard[]): WifiNetwork[] {
  const strongest = new Map<string, Heard>();
  for (const one of heard) {
    // A hidden network sends an empty name, or as many zero bytes as its name is long.
    if (one.ssid.every((byte) => byte === 0)) continue;
    const name = `${one.security} ${one.ssid.toString("hex")}`;
    const known = strongest.get(name);
    if (known === undefined || strength(one) > strength(known)) strongest.set(name, one);
  }
  return [...strongest.values()].map(asNetwork).sort((a, b) => strength(b) - strength(a) || compare(a.ssid, b.ssid));
}

const strength = ({ signal }: { signal: number | null }): number => signal ?? Number.NEGATIVE_INFINITY;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function asNetwork({ ssid: bytes, signal, security, channel }: Heard): WifiNetwork {
  const ssid = bytes.toString("utf8");
  const notYet = NOT_YET[security];
  return {
    ssid,
    label: scrubLine(ssid),
    signal,
    security,
    channel,
    unusable: [
      ...(notYet === null ? [] : [notYet]),
      // The key is computed from the bytes of the name: a name that changes on its way gives another key.
      ...(Buffer.from(ssid, "utf8").equals(bytes) ? [] : ["its name is not UTF-8 text"]),
      ...(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(ssid) ? ["its name has control characters"] : []),
    ],
  };
}
