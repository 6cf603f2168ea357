// The controllers of the status: existing libvirt domains, read by a fixed small number of programs however many there are.
import type { Controller } from "../status/controller-facts.ts";
import type { SourcePorts, StatusSource } from "../status/source.ts";
import { type AgentPings, createAgentPings } from "./agent-pings.ts";
import { assemble } from "./assemble.ts";
import { consoleLines } from "./console-lines.ts";
import { createDeviceNames } from "./device-names.ts";
import { lifeOf } from "./domain-state.ts";
import { numberOf, parseDomstats, parseList, parseUuids } from "./domstats.ts";
import { type ConnectLine, createHeartbeatChannels, type HeartbeatChannels } from "./heartbeat-channels.ts";
import { type KnownDomain, newDomain, noteDetails, noteRun } from "./known-domain.ts";
import { createDetails, refreshXml } from "./read-details.ts";
import { type ReadTail, readTail } from "./tail-file.ts";
import { tellState } from "./tell-state.ts";
import { SYSTEM_URI, type Virsh, virshBatch } from "./virsh.ts";

export interface ControllersOptions {
  /** Of libvirt; the system's QEMU by default. */
  uri?: string;
  /** Where libvirt keeps QEMU's logs; /var/log/libvirt/qemu by default. */
  logFolder?: string;
  tail?: ReadTail;
  connectLine?: ConnectLine;
  /** Resolves after so many milliseconds: how long a read waits for the agents. */
  rest?: (ms: number) => Promise<void>;
}

export interface ControllersSource extends StatusSource<"controllers"> {
  /** Lets go of the heartbeat channels. */
  close(): void;
}

const EVERY_MS = 10_000;
const PATIENCE_MS = 20_000;
const ASK_MS = 8_000;
/** Well agents answer within milliseconds; what comes later is told by the next read. */
const WAIT_FOR_AGENTS_MS = 300;
const CONSOLE_BYTES = 16_384;
/** Of the events that virsh event(1) knows, those that change what is told here. A guest can cause some as often as it likes: the rest is left out. */
const EVENTS =
  /event '(?:(?:agent-)?lifecycle|reboot|watchdog|io-error(?:-reason)?|device-(?:added|removed)|disk-change|metadata-change)'/;

/** Reads states, figures and XML of all domains through `virsh`, and remembers what rates and heartbeats need. */
export function makeControllersSource(options: ControllersOptions = {}): ControllersSource {
  const uri = options.uri ?? SYSTEM_URI;
  const logFolder = options.logFolder ?? "/var/log/libvirt/qemu";
  const tail = options.tail ?? readTail;
  const rest = options.rest ?? ((ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref()));
  const domains = new Map<string, KnownDomain>();
  const pings: AgentPings = createAgentPings();
  const details = createDetails();
  const deviceNames = createDeviceNames();
  let channels: HeartbeatChannels | null = null;
  let firstRead = true;

  async function read(ports: SourcePorts, signal: AbortSignal): Promise<Controller[]> {
    const virsh: Virsh = { run: ports.run, uri };
    const { answers } = await virshBatch(
      virsh,
      [
        "list --all --id --uuid --name",
        "list --all --autostart --uuid",
        // Just these two groups need no answer of QEMU; without --nowait one that hangs would still cost half a minute.
        "domstats --raw --state --interface --nowait",
      ],
      { readOnly: true, timeoutMs: ASK_MS, signal },
    );
    const now = ports.monotonic();
    const autostart = parseUuids(answers[1] ?? "");
    takeOver(answers[0] ?? "", answers[2] ?? "", now);
    const all = [...domains.values()];
    const on = all.filter(({ listed }) => listed.id !== null);

    // A QEMU that hangs must not keep the guests from being heard, so its figures are waited for last.
    const asked = on.length === 0 ? Promise.resolve(null) : details.read(virsh, { now, signal });
    // Until it is waited for, its failure is nobody's.
    asked.catch(() => {});
    await refreshXml(virsh, all, { now, signal });
    await listen(ports, virsh, all);
    const figures = await asked;
    if (figures !== null) for (const domain of on) noteDetails(domain, figures.get(domain.listed.name), now);
    await Promise.all(all.map((domain) => readConsole(domain)));
    const controllers: Controller[] = [];
    for (const domain of all.sort((a, b) => (a.listed.name < b.listed.name ? -1 : 1))) {
      const agent = domain.listed.id === null ? null : pings.said(domain.listed.uuid);
      const heardAt = channels?.heardAt(domain.listed.uuid) ?? null;
      const told = await tellState(domain, { agent, heardAt, ports, tail, logFolder });
      const names = await deviceNames.of(domain.xml?.devices ?? [], ports);
      const rest = { agent, autostart: autostart.has(domain.listed.uuid), deviceName: names };
      controllers.push(assemble(domain, { ...told, ...rest }, now));
    }
    firstRead = false;
    return controllers;
  }

  function takeOver(list: string, stats: string, now: number): void {
    const figures = parseDomstats(stats);
    const listed = parseList(list).filter(({ name }) => figures.has(name));
    const uuids = new Set(listed.map(({ uuid }) => uuid));
    for (const uuid of domains.keys()) if (!uuids.has(uuid)) domains.delete(uuid);
    pings.keep(uuids);
    for (const entry of listed) {
      const own = figures.get(entry.name);
      const domain = domains.get(entry.uuid) ?? newDomain(entry, now, firstRead);
      domains.set(entry.uuid, domain);
      noteRun(domain, entry, lifeOf(numberOf(own, "state.state"), numberOf(own, "state.reason")), now);
      domain.figures = own;
    }
  }

  async function listen(ports: SourcePorts, virsh: Virsh, all: readonly KnownDomain[]): Promise<void> {
    channels ??= createHeartbeatChannels({
      now: () => ports.monotonic(),
      ...(options.connectLine === undefined ? {} : { connectLine: options.connectLine }),
    });
    const on = all.filter(({ listed }) => listed.id !== null);
    const paths = on.flatMap(({ listed, xml }) => (xml?.heartbeat ? [[listed.uuid, xml.heartbeat] as const] : []));
    channels.keep(new Map(paths));
    const withAgent = on.filter(({ life, xml }) => life.kind === "running" && xml?.agent === true);
    if (withAgent.length === 0) return;
    const round = pings.round(
      withAgent.map(({ listed }) => listed.uuid),
      virsh,
      () => ports.monotonic(),
    );
    await Promise.race([round, rest(WAIT_FOR_AGENTS_MS)]);
  }

  async function readConsole(domain: KnownDomain): Promise<void> {
    const path = domain.xml?.consoleLog ?? null;
    if (path === null) {
      domain.console = null;
      return;
    }
    const newer = await tail(path, CONSOLE_BYTES, domain.console).catch(() => null);
    if (newer === null) return;
    const { text, size, changedAt } = newer;
    domain.console = { lines: consoleLines(text, size > CONSOLE_BYTES), size, changedAt };
  }

  return {
    part: "controllers",
    read,
    every: EVERY_MS,
    patience: PATIENCE_MS,
    triggers: [{ argv: ["virsh", "-r", "-q", "-c", uri, "event", "--all", "--loop"], lines: EVENTS }],
    close: () => channels?.close(),
  };
}
