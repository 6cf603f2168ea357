// Judges a WireGuard interface by when its peers were last heard.
import type { Interface, NetworkFacts } from "./facts.ts";
import { ageInWords, broken, fine, unmeasured, unused, type Verdict } from "./verdict.ts";
import type { WireguardPeer } from "./wireguard-peers.ts";

/** After this a session is dead: REJECT_AFTER_TIME of the protocol, in seconds; a new handshake comes before. */
const DEAD_AFTER = 180;

export const isHeard = (peer: WireguardPeer, time: number): boolean =>
  peer.handshake !== null && time - peer.handshake <= DEAD_AFTER;

/**
 * The tunnel works when any peer was heard. Silence is a fault only of a peer that is called and kept alive: WireGuard
 * says nothing when nothing is sent (wg(8), PersistentKeepalive), so that another one is just not used.
 */
export function judgePeers(link: Interface, facts: NetworkFacts): Verdict {
  if (facts.peers === null) return unmeasured;
  const peers = facts.peers.filter(({ dev }) => dev === link.name);
  if (peers.length === 0) return unused("no peers");
  if (peers.some((peer) => isHeard(peer, facts.time))) return fine;
  const called = peers.find((peer) => peer.endpoint !== null && peer.keepalive !== null);
  if (called !== undefined) return broken("peer-silent", `${called.endpoint}: ${silence(called, facts.time)}`);
  const last = [...peers].sort((one, other) => (other.handshake ?? 0) - (one.handshake ?? 0))[0];
  return unused(last === undefined ? "no peers" : silence(last, facts.time));
}

function silence(peer: WireguardPeer, time: number): string {
  return peer.handshake === null ? "no handshake yet" : `no handshake for ${ageInWords(time - peer.handshake)}`;
}
