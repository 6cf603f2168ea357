// Puts one controller of the status together from its figures and its XML.
import { scrub } from "../inventory/scrub.ts";
import type { Controller } from "../status/controller-facts.ts";
import type { AgentSaid } from "./agent-pings.ts";
import { indexOf, numberOf } from "./domstats.ts";
import type { KnownDomain } from "./known-domain.ts";

export type ReasonFact = NonNullable<Controller["reason"]>;

export interface Told {
  state: Controller["state"];
  heartbeat: Controller["heartbeat"];
  reason: ReasonFact | null;
  autostart: boolean;
  agent: AgentSaid | null;
  deviceName: (device: { kind: "pci" | "usb"; id: string }) => string;
}

/** `now` is the monotonic time of the figures. Rates are null while it is off, and at the first reading of a run. */
export function assemble(domain: KnownDomain, told: Told, now: number): Controller {
  const { listed, xml } = domain;
  return {
    name: scrub(listed.name),
    uuid: listed.uuid,
    os: told.agent?.os ?? xml?.os ?? null,
    ...{ state: told.state, heartbeat: told.heartbeat, reason: told.reason },
    cpu: { count: xml?.processors ?? 1, percent: percentOf(domain, now) },
    memory: memoryOf(domain),
    disks: xml?.disks.map((disk) => diskOf(domain, disk, now)) ?? [],
    networks: xml?.networks.map((network) => networkOf(domain, network, told.agent, now)) ?? [],
    devices: xml?.devices.map((device) => ({ ...device, name: told.deviceName(device) })) ?? [],
    console: domain.console?.lines ?? [],
    autostart: told.autostart,
  };
}

const isOn = (domain: KnownDomain) => domain.listed.id !== null;

/** Its QEMU gave its figures in this reading; old ones would make rates of nothing. */
const isFresh = (domain: KnownDomain, now: number) => isOn(domain) && domain.detailsAt === now;

/** cpu.time counts nanoseconds of all processors together. */
function percentOf(domain: KnownDomain, now: number): number | null {
  if (!isFresh(domain, now)) return null;
  const perSecond = domain.rates.perSecond("cpu", numberOf(domain.details, "cpu.time"), now);
  return perSecond === null ? null : Math.round(perSecond / 1e6) / 10;
}

function kib(domain: KnownDomain, name: string): number | null {
  const figure = isOn(domain) ? numberOf(domain.details, name) : null;
  return figure === null ? null : figure * 1024;
}

/**
 * Used: as the guest's balloon driver tells it; where it tells nothing, what QEMU occupies on the host. Once that is more
 * than the guest was given, it is QEMU's own as well, and says nothing of the guest.
 */
function memoryOf(domain: KnownDomain): Controller["memory"] {
  const bytes = kib(domain, "balloon.current") ?? domain.xml?.memory ?? 0;
  const available = kib(domain, "balloon.available");
  const free = kib(domain, "balloon.usable") ?? kib(domain, "balloon.unused");
  if (available !== null && free !== null && free <= available) return { bytes, used: available - free };
  const occupied = kib(domain, "balloon.rss");
  return { bytes, used: occupied !== null && occupied <= bytes ? occupied : null };
}

function diskOf(
  domain: KnownDomain,
  disk: { target: string; source: string | null },
  now: number,
): Controller["disks"][number] {
  const { details, rates } = domain;
  const index = isOn(domain) ? indexOf(details, "block", disk.target) : null;
  const counter = (name: string) => {
    if (index === null || !isFresh(domain, now)) return null;
    return whole(rates.perSecond(`${disk.target} ${name}`, numberOf(details, `block.${index}.${name}.bytes`), now));
  };
  return {
    ...disk,
    bytes: index === null ? null : numberOf(details, `block.${index}.capacity`),
    ...{ read: counter("rd"), written: counter("wr") },
  };
}

/** libvirt counts from the guest's side: rx is what the guest received. */
function networkOf(
  domain: KnownDomain,
  network: { tap: string | null; bridge: string | null; mac: string },
  agent: AgentSaid | null,
  now: number,
): Controller["networks"][number] {
  const { figures, rates } = domain;
  const { tap } = network;
  const index = isOn(domain) && tap !== null ? indexOf(figures, "net", tap) : null;
  const counter = (name: string) =>
    index === null
      ? null
      : whole(rates.perSecond(`${tap} ${name}`, numberOf(figures, `net.${index}.${name}.bytes`), now));
  return {
    ...network,
    addresses: isOn(domain) ? [...(agent?.addresses.get(network.mac) ?? [])] : [],
    ...{ received: counter("rx"), sent: counter("tx") },
  };
}

const whole = (rate: number | null) => (rate === null ? null : Math.round(rate));
