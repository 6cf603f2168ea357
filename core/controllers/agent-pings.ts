// Asks the guest agents whether they live, several at once, so that one that hangs holds up nobody.
import { scrub } from "../inventory/scrub.ts";
import { isUuid, type Virsh, virshBatch } from "./virsh.ts";

export interface AgentSaid {
  /** When it last answered: the moment of asking, monotonic milliseconds. */
  at: number;
  /** "Debian GNU/Linux 13 (trixie)"; null where it does not say. */
  os: string | null;
  /** Addresses by MAC in small letters; loopback left out. */
  addresses: ReadonlyMap<string, readonly string[]>;
}

export interface AgentPings {
  /** Begins a round for those whose turn it is, unless one is under way; resolves when that round is over. Never rejects. */
  round(uuids: readonly string[], virsh: Virsh, now: () => number): Promise<void>;
  said(uuid: string): AgentSaid | null;
  /** Forgets whoever is not among these. */
  keep(uuids: ReadonlySet<string>): void;
}

interface Asked {
  said: AgentSaid | null;
  nextAt: number;
  /** Failures in a row. */
  failures: number;
  factsAt: number | null;
}

export const PING_EVERY_MS = 9_000;
const AGENT_SECONDS = 2;
const LANES = 4;
const LANE_MS = 20_000;
const SLOWEST_MS = 60_000;
const FACTS_EVERY_MS = 60_000;

const command = (uuid: string, name: string) =>
  `qemu-agent-command ${uuid} '{"execute":"${name}"}' --timeout ${AGENT_SECONDS}`;

export function createAgentPings(): AgentPings {
  const known = new Map<string, Asked>();
  let current: Promise<void> | null = null;

  async function askLane(lane: readonly string[], virsh: Virsh, now: () => number): Promise<void> {
    const commands = lane.flatMap((uuid) => {
      const facts = wantsFacts(known.get(uuid), now());
      return [command(uuid, "guest-ping"), ...(facts ? FACTS.map((name) => command(uuid, name)) : [])].map((text) => ({
        uuid,
        text,
        facts,
      }));
    });
    const at = now();
    let answers: string[] = [];
    try {
      const texts = commands.map(({ text }) => text);
      const batch = await virshBatch(virsh, texts, { readOnly: false, timeoutMs: LANE_MS, partial: true });
      answers = batch.answers;
      // Whoever the lane broke at goes last from now on.
      const broke = batch.cutShort ? known.get(commands[answers.length]?.uuid ?? "") : undefined;
      if (broke !== undefined) broke.failures++;
    } catch {
      // libvirt itself is silent: the read of the domains says that; here it just means that nobody answered.
    }
    for (const uuid of lane) {
      record(
        uuid,
        answers.filter((_, index) => commands[index]?.uuid === uuid),
        at,
      );
    }
  }

  function record(uuid: string, [ping, os, network]: readonly string[], at: number): void {
    const asked = known.get(uuid);
    if (asked === undefined) return;
    if (answerOf(ping) === undefined) {
      asked.failures++;
      asked.nextAt = at + Math.min(PING_EVERY_MS * 2 ** Math.min(asked.failures - 1, 8), SLOWEST_MS);
      return;
    }
    asked.failures = 0;
    asked.nextAt = at + PING_EVERY_MS;
    if (os !== undefined) asked.factsAt = at;
    asked.said = {
      at,
      os: osOf(answerOf(os)) ?? asked.said?.os ?? null,
      addresses: addressesOf(answerOf(network)) ?? asked.said?.addresses ?? new Map(),
    };
  }

  async function begin(uuids: readonly string[], virsh: Virsh, now: () => number): Promise<void> {
    const due: string[] = [];
    for (const uuid of uuids) {
      if (!isUuid(uuid)) continue;
      const asked = known.get(uuid) ?? { said: null, nextAt: Number.NEGATIVE_INFINITY, failures: 0, factsAt: null };
      known.set(uuid, asked);
      if (asked.nextAt <= now()) due.push(uuid);
    }
    const failures = (uuid: string) => known.get(uuid)?.failures ?? 0;
    await Promise.all(lanesOf(due, failures).map((lane) => askLane(lane, virsh, now)));
  }

  return {
    round(uuids, virsh, now) {
      current ??= begin(uuids, virsh, now).finally(() => {
        current = null;
      });
      return current;
    },
    said: (uuid) => known.get(uuid)?.said ?? null,
    keep(uuids) {
      for (const uuid of known.keys()) if (!uuids.has(uuid)) known.delete(uuid);
    },
  };
}

/** Those that failed the last time get a lane of their own, the worst last, so that the well ones wait for none of them. */
function lanesOf(due: readonly string[], failures: (uuid: string) => number): string[][] {
  const well = due.filter((uuid) => failures(uuid) === 0);
  const lanes = [due.filter((uuid) => failures(uuid) > 0).sort((a, b) => failures(a) - failures(b))];
  for (let lane = 0; lane < LANES - 1; lane++) lanes.push(well.filter((_, index) => index % (LANES - 1) === lane));
  return lanes.filter((lane) => lane.length > 0);
}

const FACTS = ["guest-get-osinfo", "guest-network-get-interfaces"];

/** Only of one that has answered already: three questions to a hung one would take three times as long. */
function wantsFacts(asked: Asked | undefined, now: number): boolean {
  if (asked === undefined || asked.said === null || asked.failures > 0) return false;
  return asked.factsAt === null || now - asked.factsAt >= FACTS_EVERY_MS;
}

/** What stands behind "return"; undefined where the agent did not answer. A guest may say anything here. */
function answerOf(text: string | undefined): unknown {
  if (text === undefined || text.trim() === "" || text.length > 1024 * 1024) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return member(parsed, "return");
  } catch {
    return undefined;
  }
}

function member(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null && Object.hasOwn(of, name) ? Reflect.get(of, name) : undefined;
}

function osOf(answer: unknown): string | null {
  const name = member(answer, "pretty-name") ?? member(answer, "name");
  return typeof name === "string" && name.trim() !== "" ? scrub(name) : null;
}

function addressesOf(answer: unknown): Map<string, string[]> | null {
  if (!Array.isArray(answer)) return null;
  const found = new Map<string, string[]>();
  for (const network of answer.slice(0, 64)) {
    const mac = member(network, "hardware-address");
    const addresses = member(network, "ip-addresses");
    if (typeof mac !== "string" || mac === "00:00:00:00:00:00" || !Array.isArray(addresses)) continue;
    const texts = addresses.slice(0, 16).map((address) => member(address, "ip-address"));
    found.set(
      mac.toLowerCase(),
      texts.filter((text): text is string => typeof text === "string" && /^[0-9a-f.:]{2,45}$/i.test(text)),
    );
  }
  return found;
}
