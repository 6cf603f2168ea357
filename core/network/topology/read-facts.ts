// Reads the facts: one `ip`, a few files of sysfs and networkd, and `wg` where there is a WireGuard interface.
import { ProgramError } from "../../errors.ts";
import { ask, outputOf } from "../../inventory/ask-program.ts";
import type { SourcePorts } from "../../status/source.ts";
import type { Argv } from "../../tools/run.ts";
import type { Interface, NetworkFacts } from "./facts.ts";
import { kindOf } from "./hop-kind.ts";
import { IP_BATCH, type IpAnswer, type Link, parseIp } from "./ip-json.ts";
import { parseNameServers, RESOLV_CONF } from "./name-servers.ts";
import { networkdLinkPath, parseNetworkdLink } from "./networkd-link.ts";
import { parsePeers, WG_ENDPOINTS, WG_HANDSHAKES, WG_KEEPALIVES, type WireguardPeer } from "./wireguard-peers.ts";

/** One process for all three questions: each start of a program costs as much as parsing a hundred interfaces. */
export const IP_ARGV: Argv = ["ip", "-j", "-d", "-batch", "-"];

const TIMEOUT_MS = 4_000;
const WG_MS = 2_000;

/** @throws Error with one sentence when the kernel's interfaces could not be listed */
export async function readFacts(ports: SourcePorts, signal: AbortSignal): Promise<NetworkFacts> {
  const answer = await askIp(ports, signal);
  const links = answer.links.filter((link) => link.type !== "loopback");
  const interfaces = await Promise.all(links.map((link) => describe(ports, link)));
  return {
    interfaces,
    routes: answer.routes,
    neighbours: answer.neighbours,
    servers: await readNameServers(ports),
    peers: interfaces.some(({ hop }) => hop === "wireguard") ? await readPeers(ports, signal) : null,
    time: ports.wall() / 1000,
  };
}

async function askIp(ports: SourcePorts, signal: AbortSignal): Promise<IpAnswer> {
  const { stdout } = await ports.run(IP_ARGV, { stdin: IP_BATCH, timeoutMs: TIMEOUT_MS, signal }).catch(inWords);
  try {
    return parseIp(stdout);
  } catch (cause) {
    throw new Error("The answer of `ip` could not be read.", { cause });
  }
}

/** What one that did not finish had printed so far is no reason, and full of addresses. */
function inWords(cause: unknown): never {
  if (!(cause instanceof ProgramError) || cause.reason !== "timeout") throw cause;
  throw new Error(`ip did not answer within ${TIMEOUT_MS / 1000} s`, { cause });
}

async function describe(ports: SourcePorts, link: Link): Promise<Interface> {
  const folder = `/sys/class/net/${link.name}`;
  // Hundreds of taps and veths have a kind, and nothing in sysfs that would be worth the reading.
  const adapter = link.kind === null;
  const files = adapter ? await ports.list(folder) : [];
  const hop = kindOf(
    link,
    link.device !== null || files.includes("device"),
    files.includes("wireless") || files.includes("phy80211"),
  );
  const fast = link.carrier && ["nic", "wireless", "bond"].includes(hop);
  const [driver, speed, networkd] = await Promise.all([
    files.includes("device") ? ports.link(`${folder}/device/driver`) : null,
    fast ? ports.read(`${folder}/speed`).catch(() => null) : null,
    ports.read(networkdLinkPath(link.index)),
  ]);
  return {
    ...link,
    hop,
    driver: driver?.split("/").at(-1) ?? link.kind,
    speed: speedOf(speed),
    networkd: networkd === null ? null : parseNetworkdLink(networkd),
  };
}

/** sysfs writes -1 or 4294967295 where nobody knows (Documentation/ABI/testing/sysfs-class-net). */
function speedOf(content: string | null): number | null {
  const speed = Number(content?.trim() || "-1");
  return Number.isInteger(speed) && speed > 0 && speed < 4_294_967_295 ? speed : null;
}

async function readNameServers(ports: SourcePorts): Promise<string[]> {
  for (const path of RESOLV_CONF) {
    const content = await ports.read(path);
    if (content !== null) return parseNameServers(content);
  }
  return [];
}

/** What hangs or is not installed takes no more with it than the tunnels' own state. */
async function readPeers(ports: SourcePorts, signal: AbortSignal): Promise<WireguardPeer[] | null> {
  const own = AbortSignal.any([signal, AbortSignal.timeout(WG_MS)]);
  const asked = [WG_ENDPOINTS, WG_HANDSHAKES, WG_KEEPALIVES].map((argv) => ask(ports.run, argv, own));
  const answers = await Promise.all(asked).catch(() => []);
  if (answers.length === 0 || answers.some(({ exit }) => exit !== 0)) return null;
  const [endpoints = "", handshakes = "", keepalives = ""] = answers.map(outputOf);
  return parsePeers(endpoints, handshakes, keepalives);
}
