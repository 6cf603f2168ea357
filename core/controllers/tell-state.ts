// The state of one controller with its heartbeat and its reason, from libvirt's word, what was heard, and QEMU's log.
import type { SourcePorts } from "../status/source.ts";
import type { AgentSaid } from "./agent-pings.ts";
import type { ReasonFact, Told } from "./assemble.ts";
import { type Life, lifeOfWord } from "./domain-state.ts";
import { type Heard, judge } from "./judge.ts";
import type { KnownDomain } from "./known-domain.ts";
import { type LastEnd, lastEnd } from "./qemu-log.ts";
import type { ReadTail } from "./tail-file.ts";

export interface Evidence {
  agent: AgentSaid | null;
  /** When a line last came on the heartbeat channel. */
  heardAt: number | null;
  ports: SourcePorts;
  tail: ReadTail;
  logFolder: string;
}

type State = Pick<Told, "state" | "heartbeat" | "reason">;

const LOG_BYTES = 16_384;

export async function tellState(domain: KnownDomain, evidence: Evidence): Promise<State> {
  const life = domain.life.kind === "off-unknown" ? await forgottenEnd(domain, evidence) : domain.life;
  switch (life.kind) {
    case "off":
    case "off-unknown":
      return { state: "off", heartbeat: null, reason: null };
    case "paused":
      return { state: "paused", heartbeat: null, reason: null };
    case "failed":
      domain.reason ??= await failure(domain, life.why, evidence);
      return { state: "failed", heartbeat: null, reason: domain.reason };
    case "ending":
      return { state: "running", heartbeat: heardInThisRun(domain, evidence), reason: null };
    case "running":
      return tellRunning(domain, evidence);
  }
}

function tellRunning(domain: KnownDomain, evidence: Evidence): State {
  const { ports } = evidence;
  const now = ports.monotonic();
  const { state, heartbeat, silence } = judge({
    now,
    ...{ since: domain.since, foundRunning: domain.foundRunning, unansweredSince: domain.unansweredSince },
    expected: [
      ...(domain.xml?.heartbeat ? (["virtio-serial"] as const) : []),
      ...(domain.xml?.agent === true ? (["guest-agent"] as const) : []),
    ],
    heard: heardInThisRun(domain, evidence),
    // The log's time is of the wall clock: only how long ago it was can be compared.
    consoleAt: domain.console === null ? null : now - Math.max(0, ports.wall() - domain.console.changedAt),
  });
  if (silence === null) domain.reason = null;
  else if (domain.reason?.text !== silence.text) {
    domain.reason = { text: silence.text, at: Math.round(ports.wall() - (now - silence.since)) };
  }
  return { state, heartbeat, reason: domain.reason };
}

function heardInThisRun(domain: KnownDomain, { agent, heardAt }: Evidence): Heard | null {
  const heard: Heard[] = [];
  if (agent !== null) heard.push({ at: agent.at, by: "guest-agent" });
  if (heardAt !== null) heard.push({ at: heardAt, by: "virtio-serial" });
  return heard.filter(({ at }) => at >= domain.begunAt).sort((a, b) => b.at - a.at)[0] ?? null;
}

/** Log files are named after the domain; a name cannot have "/" in it, and one that has is none of libvirt's. */
async function readLog(domain: KnownDomain, { tail, logFolder }: Evidence): Promise<LastEnd | null> {
  const { name } = domain.listed;
  if (name.includes("/")) return null;
  const log = await tail(`${logFolder}/${name}.log`, LOG_BYTES, null).catch(() => null);
  return log === null ? null : lastEnd(log.text);
}

/** libvirt forgets why a domain ended when it is restarted; its log does not. */
async function forgottenEnd(domain: KnownDomain, evidence: Evidence): Promise<Life> {
  if (domain.forgotten === undefined) {
    const end = await readLog(domain, evidence);
    domain.forgotten = end === null ? null : lifeOfWord(end.why);
  }
  return domain.forgotten ?? { kind: "off" };
}

async function failure(domain: KnownDomain, why: string, evidence: Evidence): Promise<ReasonFact> {
  const end = domain.listed.id === null ? await readLog(domain, evidence) : null;
  const sentence = `${why.slice(0, 1).toUpperCase()}${why.slice(1)}`;
  return {
    text: end?.said ? `${sentence}; its last words: ${end.said}` : sentence,
    at: end?.at ?? evidence.ports.wall(),
  };
}
