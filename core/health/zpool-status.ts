// Parses `zpool status -p`: the last scrub, the devices that are in trouble, what is advised. The text, because it is the same from OpenZFS 2.1 to 2.4.
import { scrub, scrubLine } from "../inventory/scrub.ts";
import type { PoolHealth } from "../status/health-facts.ts";

export type PoolStatus = Pick<PoolHealth, "errors" | "scrub" | "trouble" | "advice"> & { name: string; state: string };

/** Pools in the order they were printed; text that is none gives none. Times are in this machine's time zone, as zpool prints them. */
export function parseZpoolStatus(output: string): PoolStatus[] {
  return output
    .split(/^(?= *pool: )/m)
    .filter((text) => /^ *pool: \S/.test(text))
    .map(parsePool);
}

function parsePool(text: string): PoolStatus {
  const fields = fieldsOf(text);
  const state = scrub(fields.get("state"));
  const devices = parseDevices(text);
  const [root] = devices;
  const leaves = devices.filter(({ depth }, at) => at > 0 && (devices[at + 1]?.depth ?? 0) <= depth);
  const errors = leaves.reduce((sum, leaf) => sum + leaf.errors, 0);
  return {
    ...{ name: scrub(fields.get("pool")), state, scrub: parseScan(fields.get("scan") ?? "") },
    // What redundancy has mended is counted at the disk only, and what it could not at the pool as well.
    errors: Math.max(errors, root?.errors ?? 0),
    trouble: leaves
      .filter((leaf) => !/^(ONLINE|AVAIL|INUSE)$/.test(leaf.state))
      .map((leaf) => ({ device: leaf.name, state: leaf.state })),
    advice: advice(state, fields),
  };
}

/** "status: …" with the lines that go on below it, which begin with a tab; not the table of devices. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let name = "";
  for (const line of text.split("\n")) {
    const [, key, value = ""] = /^ {0,6}([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (key !== undefined) {
      name = key;
      fields.set(key, value);
    } else if (/^\t/.test(line) && name !== "" && name !== "config")
      fields.set(name, `${fields.get(name)}\n${line.trim()}`);
  }
  return fields;
}

/** A pool that is well and only older than the tools is well. */
const HARMLESS = /features are not enabled|older on-disk format|requested compatibility/i;

function advice(state: string, fields: ReadonlyMap<string, string>): string | null {
  const status = fields.get("status") ?? "";
  if (status === "" || (state === "ONLINE" && HARMLESS.test(status.replace(/\s+/g, " ")))) return null;
  // Two or three sentences, which `scrub` would cut off.
  const words = scrubLine(`${status} ${fields.get("action") ?? ""}`.replace(/\s+/g, " ").trim());
  return words.length > 600 ? `${words.slice(0, 599)}…` : words;
}

interface Row {
  depth: number;
  name: string;
  state: string;
  errors: number;
}

/** The rows of all tables: devices, logs, caches, spares; names of groups stand alone and are no rows. */
function parseDevices(text: string): Row[] {
  const table = text.split(/^config:\s*$/m)[1]?.split(/^errors:/m)[0] ?? "";
  return table.split("\n").flatMap((line) => {
    const [, indent = "", name = "", state = "", numbers = ""] = /^\t( *)(\S+) +([A-Z_]+)(?: +(.*))?$/.exec(line) ?? [];
    if (name === "" || name === "NAME") return [];
    const [, read = "0", write = "0", checksum = "0"] = /^([0-9]+) +([0-9]+) +([0-9]+)/.exec(numbers) ?? [];
    // A device that is gone is called by its number; what it was stands at the end of the line.
    const was = /\bwas \S*\/(\S+)/.exec(numbers)?.[1];
    return [
      {
        ...{ depth: indent.length, name: scrub(was ?? name), state },
        errors: Number(read) + Number(write) + Number(checksum),
      },
    ];
  });
}

/** The first line says what and when, one of the next how far (cmd/zpool/zpool_main.c, print_scan_scrub_resilver_status). */
export function parseScan(scan: string): PoolHealth["scrub"] {
  const [first = "", ...rest] = scan.split("\n");
  const nothing = { what: null, endedAt: null, percent: null, errors: 0 };
  const [, kind] = /^(scrub|resilver)/.exec(first) ?? [];
  if (kind === undefined) return { state: "never", ...nothing };
  const what = kind === "scrub" ? "scrub" : "resilver";
  if (/ in progress | paused /.test(`${first} `)) {
    const percent = /([0-9]+(?:\.[0-9]+)?)% done/.exec(rest.join("\n"))?.[1];
    return { state: "running", ...nothing, what, percent: percent === undefined ? null : Number(percent) };
  }
  const endedAt = parseTime(/ on ([A-Z][a-z]{2} .*)$/.exec(first)?.[1] ?? "");
  if (/ canceled on /.test(first)) return { state: "cancelled", ...nothing, what, endedAt };
  const errors = Number(/ with ([0-9]+) errors/.exec(first)?.[1] ?? 0);
  return { state: "done", what, endedAt, percent: null, errors };
}

/** ctime(3), local time: "Sun Nov  8 00:24:02 2026". */
function parseTime(text: string): number | null {
  const time = Date.parse(text);
  return Number.isFinite(time) ? time : null;
}
