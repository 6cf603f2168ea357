// A host's network composed field by field as `ip -j -d` prints it, read by the real reader.
import { readFileSync } from "node:fs";
import { ProgramError } from "../../../core/errors.ts";
import { gatewayKey, type Reach, UNKNOWN } from "../../../core/network/reach/reach.ts";
import type { NetworkFacts } from "../../../core/network/topology/facts.ts";
import { type NetworkMemory, remember } from "../../../core/network/topology/memory.ts";
import { readFacts } from "../../../core/network/topology/read-facts.ts";
import { topologyOf } from "../../../core/network/topology/topology.ts";
import type { Hop, Topology } from "../../../core/status/network-facts.ts";
import type { SourcePorts } from "../../../core/status/source.ts";
import type { Argv, Run } from "../../../core/tools/run.ts";

export type Json = Record<string, unknown>;

export interface Composed {
  links: Json[];
  routes?: Json[];
  neighbours?: Json[];
  /** Files by their paths: networkd's, resolv.conf, sysfs. */
  files?: Record<string, string>;
  /** The output of other programs by their command lines; one that is not there is not installed. */
  programs?: Record<string, string>;
  /** Seconds since 1970. */
  time?: number;
}

let count = 0;

/** An interface that is up and has a carrier, unless `more` says otherwise; addresses as "192.0.2.2/24". */
export function link(name: string, kind: string | null, addresses: string[] = [], more: Json = {}): Json {
  count += 1;
  return {
    ifindex: count,
    ifname: name,
    flags: ["BROADCAST", "UP", "LOWER_UP"],
    link_type: "ether",
    address: `02:00:00:00:00:${(count % 256).toString(16).padStart(2, "0")}`,
    ...(kind === null ? { parentdev: `0000:00:${count}.0` } : { linkinfo: { info_kind: kind } }),
    addr_info: addresses.map((one) => ({ local: one.split("/")[0], prefixlen: Number(one.split("/")[1]) })),
    ...more,
  };
}

export const PULLED = { flags: ["NO-CARRIER", "UP"] };
export const OFF = { flags: ["BROADCAST"] };

export function portsOf(composed: Composed | string): SourcePorts {
  const stdout =
    typeof composed === "string"
      ? composed
      : [composed.links, composed.routes ?? [], composed.neighbours ?? []]
          .map((array) => `${JSON.stringify(array)}\n`)
          .join("");
  const { files = {}, programs = {}, time = 1_800_000_000 } = typeof composed === "string" ? {} : composed;
  const run = async (argv: Argv) => {
    const said = argv.includes("-batch") ? stdout : programs[argv.join(" ")];
    if (said === undefined) throw new ProgramError(argv, "missing", null, "");
    return { argv, exit: 0, stdout: said, stderr: "" };
  };
  return {
    run: Object.assign(run, { pipe: () => Promise.reject(new Error("no pipes")) }) satisfies Run,
    read: async (path) => files[path] ?? null,
    list: async (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""),
    link: async (path) => files[path] ?? null,
    monotonic: () => 0,
    wall: () => time * 1000,
  };
}

export const read = (composed: Composed | string): Promise<NetworkFacts> =>
  readFacts(portsOf(composed), new AbortController().signal);

export const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/network/${name}.jsonl`, import.meta.url), "utf8");

/** The trees after these readings, one after the other: what was seen before is remembered. */
export async function treesAfter(
  readings: readonly (Composed | string)[],
  reach: Record<string, Partial<Reach>> = {},
): Promise<Topology> {
  let memory: NetworkMemory = new Map();
  let topology: Topology = { roots: [] };
  for (const one of readings) {
    const facts = await read(one);
    memory = remember(memory, facts);
    topology = topologyOf(facts, memory, (key) => ({ ...UNKNOWN, ...reach[key] }));
  }
  return topology;
}

export const hopsOf = (topology: Topology): Hop[] => topology.roots.flatMap(flat);
const flat = (hop: Hop): Hop[] => [hop, ...hop.next.flatMap(flat)];

/** "eth0 no-carrier" of each broken hop. */
export const brokenOf = (topology: Topology): string[] =>
  hopsOf(topology).flatMap(({ id, state, trouble }) => (state === "broken" ? [`${id} ${trouble}`] : []));

/** "eth0>br0>(vnet0,gateway:192.0.2.1)" */
export function drawn({ roots }: Topology): string {
  const draw = (hop: Hop): string => {
    const next = hop.next.map(draw);
    return next.length === 0 ? hop.id : `${hop.id}>${next.length === 1 ? next[0] : `(${next.join(",")})`}`;
  };
  return roots.map(draw).join(" ");
}

export const hopIn = (topology: Topology, id: string): Hop | undefined => hopsOf(topology).find((hop) => hop.id === id);

export const silent = (dev: string, address: string): Record<string, Partial<Reach>> => ({
  [gatewayKey(dev, address)]: { state: "silent", seen: "no answer to pings" },
});
