// The status of a host as text: a line for each part with how old it is, and lines for what is in it.
import { scrubLine } from "../core/inventory/scrub.ts";
import { sizeInWords } from "../core/size-in-words.ts";
import type { Hop } from "../core/status/network-facts.ts";
import type { Part } from "../core/status/part.ts";
import type { PartName, ValueOf } from "../core/status/snapshot.ts";
import { ageOf, type StatusView } from "../core/status/view.ts";

const WIDTH = 13;

/** What is in each part; the first line stands beside its name. */
const LINES: { [Name in PartName]: (value: ValueOf<Name>) => readonly string[] } = {
  host: (host) => [
    `${host.name}, Multiverse ${host.version}, Linux ${host.kernel}`,
    `runs ${host.root.generation} of ${host.root.release ?? "no release"}; current ${host.root.current ?? "none"}, safe ${host.root.safe ?? "none"}`,
    ...(host.root.trial === null ? [] : [`on trial, ${host.root.trial.tries} starts begun`]),
    ...(host.root.fellBack === null ? [] : [`fell back from ${host.root.fellBack.from}: ${host.root.fellBack.why}`]),
    `${host.firmware.kind}, Secure Boot ${host.firmware.secureBoot}; up since ${timeOf(host.bootedAt)}`,
    ...(host.hostKey === null ? [] : [`host key ${host.hostKey.sha256}`]),
  ],
  network: (network) => ["", ...network.roots.flatMap((root) => hopLines(root, ""))],
  endpoints: (endpoints) => [
    "",
    ...endpoints.map(
      (one) =>
        `${one.address}/${one.prefix} on ${one.interface}, ${one.network}, ${one.scope}${one.region === null ? "" : `, ${one.region}`}: ${one.reach.state}${latency(one.reach.latencyMs)}`,
    ),
  ],
  controllers: (controllers) => [
    countOf(controllers.length, "controller"),
    ...controllers.map(
      (one) =>
        `${one.name}: ${one.state}${one.reason === null ? "" : `, ${one.reason.text}`}; ${countOf(one.cpu.count, "processor")}${one.cpu.percent === null ? "" : ` at ${Math.round(one.cpu.percent)} %`}, ${sizeInWords(one.memory.bytes)}`,
    ),
  ],
  pools: (pools) => [
    countOf(pools.length, "pool"),
    ...pools.flatMap((one) => [
      `${one.name}: ${one.state}, ${one.capacityPercent} % of ${sizeInWords(Number(one.size))} used, ${countOf(one.errors, "error")}`,
      ...one.trouble.map(({ device, state }) => `  ${device} ${state}`),
    ]),
  ],
  disks: (disks) => [
    countOf(disks.length, "disk"),
    ...disks.map(
      (one) =>
        `${one.kname}: ${one.state}${one.why === null ? "" : `, ${one.why}`}; ${one.name}, ${sizeInWords(one.bytes)}${one.celsius === null ? "" : `, ${one.celsius} °C`}`,
    ),
  ],
  sensors: (sensors) => [sensors.map((one) => `${one.name} ${Math.round(one.celsius)} °C`).join(", ")],
  load: (load) => [
    `${load.cores} cores${load.busyPercent === null ? "" : ` at ${Math.round(load.busyPercent)} %`}, ${sizeInWords(load.memory.available)} of ${sizeInWords(load.memory.total)} memory free`,
  ],
  units: (units) => [units.state, ...units.failed.map((one) => `${one.unit} failed: ${one.description}`)],
  update: (update) => [
    `${countOf(update.packages, "package")}, ${update.security} for security${update.kernel === null ? "" : `, kernel ${update.kernel}`}`,
  ],
  unfinished: (unfinished) => [
    unfinished.length === 0 ? "none" : unfinished.map((one) => `${one.host ?? "unknown"} on ${one.disk}`).join(", "),
  ],
  control: (control) => [
    control.admins.length === 0 ? "nobody may command" : `commanded by ${control.admins.join(", ")}`,
    `audit log ${control.audit.state}${control.audit.why === null ? "" : `: ${control.audit.why}`}`,
    ...control.inDoubt.map((one) => `in doubt: ${one.op} by ${one.by}, ${timeOf(one.at)}`),
    ...control.pending.map((one) => `reverts unless confirmed: ${one.op}, ${timeOf(one.revertsAt)}`),
  ],
};

/** Every part that is known, in the order of its message. `now` is performance.now(). Ends with a newline. */
export function showStatus(view: StatusView, now: number): string {
  const names = Object.keys(LINES) as PartName[];
  return names.flatMap((name) => partLines(view, name, now)).join("");
}

/** The lines of one part; none where nothing is known of it. */
export function showPart(view: StatusView, name: PartName, now: number): string {
  return partLines(view, name, now).join("");
}

function partLines<Name extends PartName>(view: StatusView, name: Name, now: number): string[] {
  const part: Part<ValueOf<Name>> | undefined = view.parts[name];
  if (part === undefined) return [];
  const [first = "", ...rest] = part.value === null ? ["not known"] : LINES[name](part.value);
  const age = ageOf(view, name, now);
  const when = part.value === null || age === null ? "" : part.live ? " (live)" : ` (${inWords(age)} ago)`;
  const indented = [...rest, ...(part.failure === null ? [] : [`! ${part.failure}`])];
  const head = `${name.padEnd(WIDTH)}${first}${when}`.replace(/ {2,}\(/, " (");
  return [head, ...indented.map((line) => `${" ".repeat(WIDTH)}${line}`)].map((line) => `${scrubLine(line)}\n`);
}

function hopLines(hop: Hop, indent: string): string[] {
  const addresses = hop.addresses.map(({ address, prefix }) => ` ${address}/${prefix}`).join("");
  const trouble = hop.state === "broken" ? ` (${hop.trouble ?? "?"}${hop.seen === null ? "" : `: ${hop.seen}`})` : "";
  const line = `${indent}${hop.kind} ${hop.name}${addresses}: ${hop.state}${trouble}${latency(hop.latencyMs)}`;
  return [line, ...hop.next.flatMap((next) => hopLines(next, `${indent}  `))];
}

function latency(ms: number | null): string {
  return ms === null ? "" : `, ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Whole units, rounded down: "0 s", "59 s", "3 min", "26 h", "4 d". */
function inWords(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
