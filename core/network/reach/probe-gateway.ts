// Asks a router whether it is there: one ping, and where it says nothing, the kernel's neighbour entry.
import { ask } from "../../inventory/ask-program.ts";
import type { Argv, Run } from "../../tools/run.ts";
import { number, objects, text, texts } from "../topology/json-fields.ts";
import { knock } from "./knock.ts";
import type { Attempt, Known } from "./prober.ts";
import type { Target } from "./reach.ts";

const PING_MS = 1_000;

/** One echo request with a second to come back, by the router's own interface, without looking names up (ping(8)). */
export function pingArgv({ address, family, dev }: Target): Argv {
  const to = family === 6 && dev !== null && /^fe[89ab]/i.test(address) ? `${address}%${dev}` : address;
  const by = family === 4 && dev !== null ? ["-I", dev] : [];
  return ["ping", `-${family}`, "-n", "-c1", "-W1", ...by, "--", to];
}

/** Of "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.045 ms". Null where nothing came back. */
export function pingTime(stdout: string): number | null {
  const time = /\btime[=<]([\d.]+) ms/.exec(stdout)?.[1];
  return time === undefined ? null : rounded(Number(time));
}

/** A tenth below ten milliseconds, whole ones above: more is noise, and each change is sent to every screen. */
export const rounded = (ms: number): number => (ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms));

/** Where ping is not installed, a datagram to a closed port brings an ICMP error back: just as good a sign of life. */
export async function probeGateway(run: Run, target: Target, known: Known, now: () => number): Promise<Attempt> {
  const ping = await ask(run, pingArgv(target), AbortSignal.timeout(3 * PING_MS));
  const latencyMs = ping.missing ? await knock(target, PING_MS, now) : ping.exit === 0 ? pingTime(ping.stdout) : null;
  if (latencyMs !== null) return { outcome: "answer", latencyMs: rounded(latencyMs) };
  return await askNeighbour(run, target, known, now);
}

async function askNeighbour(run: Run, target: Target, known: Known, now: () => number): Promise<Attempt> {
  const on = target.dev === null ? [] : ["dev", target.dev];
  const argv: Argv = ["ip", "-j", "-s", "neigh", "show", "to", target.address, ...on];
  const answer = await ask(run, argv, AbortSignal.timeout(3 * PING_MS));
  return judgeNeighbour(answer.stdout, target.family, known, now());
}

/**
 * What `ip -j -s neigh` says after a ping without an answer. REACHABLE is proof only where it was confirmed since: the
 * kernel believes in a neighbour for up to 45 s after its last sign (arp(7), base_reachable_time). Of a router that
 * never answers pings it is all there is, so there it counts.
 */
export function judgeNeighbour(stdout: string, family: 4 | 6, known: Known, now: number): Attempt {
  const asked = `no answer to pings, and none to ${family === 4 ? "ARP" : "neighbour discovery"}`;
  const entry = parse(stdout);
  if (entry === null || entry.state.some((one) => ["FAILED", "INCOMPLETE", "NONE"].includes(one)))
    return { outcome: "none", seen: asked };
  // Permanent entries and links without neighbours prove nothing: there the ping has the last word.
  const decided = entry.state.some((one) => ["PERMANENT", "NOARP"].includes(one));
  const reachable = entry.state.includes("REACHABLE");
  const silent = known.silentSince === null ? 0 : (now - known.silentSince) / 1000;
  // ip counts whole seconds, rounded down: what says 0 may have been almost one ago, before the silence.
  const since = entry.confirmed !== null && entry.confirmed + 1 < silent;
  if (reachable && (!known.measured || since)) return { outcome: "answer", latencyMs: null };
  return decided || known.measured ? { outcome: "none", seen: "no answer to pings" } : { outcome: "unsure" };
}

function parse(stdout: string): { state: string[]; confirmed: number | null } | null {
  try {
    const entry = objects(JSON.parse(stdout)).find((one) => text(one, "dst") !== null);
    return entry === undefined ? null : { state: texts(entry, "state"), confirmed: number(entry, "confirmed") };
  } catch {
    return null;
  }
}
