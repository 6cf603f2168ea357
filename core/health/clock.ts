// The host's clock: its time zone, whether a server keeps it right, and how far off it was when last compared.
import { scrubOrNull } from "../inventory/scrub.ts";
import type { HostFacts } from "../status/host-facts.ts";
import type { SourcePorts } from "../status/source.ts";
import type { AskBriefly } from "./ask-briefly.ts";
import { keyValues } from "./text-fields.ts";

const CLOCK_MS = 4_000;

/** Milliseconds of systemd's time spans (systemd.time(7)). */
const UNITS: Readonly<Record<string, number>> = {
  ...{ us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 },
  ...{ month: 2_629_800_000, y: 31_557_600_000 },
};

/** "+316us", "-1min 2.5s", "0" in milliseconds; null where it is no time span. */
export function parseTimeSpan(text: string): number | null {
  const [, sign = "", rest = ""] = /^([+-]?)(.*)$/.exec(text.trim()) ?? [];
  if (rest === "0") return 0;
  if (!/^([0-9]+(\.[0-9]+)?(us|ms|s|min|h|d|w|month|y)( |$))+$/.test(rest)) return null;
  const sum = [...rest.matchAll(/([0-9.]+)(us|ms|month|min|s|h|d|w|y)/g)].reduce(
    (total, [, number = "", unit = ""]) => total + Number(number) * (UNITS[unit] ?? 0),
    0,
  );
  return sign === "-" ? -sum : sum;
}

/** `timedatectl timesync-status`: the only place where systemd says the offset; show-timesync has no such property. */
export function parseTimesyncStatus(output: string): { server: string | null; offsetMs: number | null } {
  const field = (name: string) => new RegExp(`^ *${name}: (.*)$`, "m").exec(output)?.[1]?.trim() ?? "";
  // "192.0.2.7 (ntp.example.net)": the name is what a person has written. "n/a" before the first answer.
  const [, address = "", name = ""] = /^(\S+)(?: \(([^)]+)\))?$/.exec(field("Server")) ?? [];
  const server = name === "" ? address : name;
  return { server: scrubOrNull(server === "n/a" ? "" : server), offsetMs: parseTimeSpan(field("Offset")) };
}

export async function readClock(ports: SourcePorts, ask: AskBriefly, signal: AbortSignal): Promise<HostFacts["clock"]> {
  const shown = await ask(
    ports.run,
    ["timedatectl", "show", "-p", "Timezone", "-p", "NTP", "-p", "NTPSynchronized"],
    CLOCK_MS,
    signal,
  );
  const values = keyValues(shown.exit === 0 ? shown.stdout : "");
  const synchronized = values.get("NTPSynchronized");
  // Without systemd-timesyncd (chrony, or none) it says nothing, and nothing is known of a server.
  const timesync = await ask(ports.run, ["timedatectl", "timesync-status"], CLOCK_MS, signal);
  return {
    timezone: scrubOrNull(values.get("Timezone")) ?? (await linkedZone(ports)),
    synchronized: synchronized === undefined ? null : synchronized === "yes",
    ...(timesync.exit === 0 ? parseTimesyncStatus(timesync.stdout) : { server: null, offsetMs: null }),
  };
}

/** localtime(5): the link leads to the zone's file; without it, it is UTC. */
async function linkedZone(ports: SourcePorts): Promise<string> {
  return scrubOrNull(/zoneinfo\/(.+)$/.exec((await ports.link("/etc/localtime")) ?? "")?.[1]) ?? "UTC";
}
