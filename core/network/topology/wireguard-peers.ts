// Parses what `wg show all` tells of peers without ever asking for a key that is secret (`dump` would print them).
import { scrub } from "../../inventory/scrub.ts";
import type { Argv } from "../../tools/run.ts";

export const WG_ENDPOINTS: Argv = ["wg", "show", "all", "endpoints"];
export const WG_HANDSHAKES: Argv = ["wg", "show", "all", "latest-handshakes"];
export const WG_KEEPALIVES: Argv = ["wg", "show", "all", "persistent-keepalive"];

export interface WireguardPeer {
  dev: string;
  /** "203.0.113.5:51820"; null of one that has yet to call. */
  endpoint: string | null;
  /** Seconds since 1970; null: never. */
  handshake: number | null;
  /** Seconds between packets that keep it alive; null: it may be quiet for as long as it likes. */
  keepalive: number | null;
}

/** The answers of the three commands: interface, public key and value, separated by tabs (wg(8)). */
export function parsePeers(endpoints: string, handshakes: string, keepalives: string): WireguardPeer[] {
  const [shaken, kept] = [handshakes, keepalives].map((answer) => new Map(rows(answer)));
  return rows(endpoints).map(([key, value]) => {
    const time = Number(shaken?.get(key));
    const seconds = Number(kept?.get(key));
    return {
      dev: key.split("\t")[0] ?? "",
      endpoint: value === "(none)" ? null : scrub(value),
      handshake: Number.isFinite(time) && time > 0 ? time : null,
      keepalive: Number.isFinite(seconds) && seconds > 0 ? seconds : null,
    };
  });
}

function rows(answer: string): (readonly [string, string])[] {
  return answer.split("\n").flatMap((line) => {
    const [dev, key, value] = line.split("\t");
    return dev === undefined || key === undefined || value === undefined ? [] : [[`${dev}\t${key}`, value] as const];
  });
}
