// What is remembered of a domain between two readings: its run, its XML, its counters, its console.
import type { ReasonFact } from "./assemble.ts";
import type { Life } from "./domain-state.ts";
import type { DomainXml } from "./domain-xml.ts";
import type { Figures, Listed } from "./domstats.ts";
import { createRates, type Rates } from "./rates.ts";

export interface KnownDomain {
  listed: Listed;
  life: Life;
  /** When this run was first seen, monotonic. */
  begunAt: number;
  /** When it last began to run or was let go on. */
  since: number;
  foundRunning: boolean;
  rates: Rates;
  xml: DomainXml | null;
  /** When the XML was last asked for, and of which run it is; null before the first time. */
  xmlAsked: { at: number; id: string | null } | null;
  figures: Figures | undefined;
  /** The last figures that QEMU itself must give; kept while it is too busy for them. */
  details: Figures | undefined;
  /** When they were read, monotonic. */
  detailsAt: number | null;
  /** Since when QEMU has given none. */
  unansweredSince: number | null;
  console: { lines: string[]; size: number; changedAt: number } | null;
  /** Said again unchanged as long as the state lasts. */
  reason: ReasonFact | null;
  /** What the log says of an end that libvirt has forgotten; undefined while it was not read, null where it says nothing. */
  forgotten: Life | null | undefined;
}

export function newDomain(listed: Listed, now: number, foundRunning: boolean): KnownDomain {
  return {
    ...{ listed, life: { kind: "off" as const }, begunAt: now, since: now, foundRunning, rates: createRates() },
    ...{ xml: null, xmlAsked: null, figures: undefined, details: undefined, detailsAt: null, unansweredSince: null },
    ...{ console: null, reason: null, forgotten: undefined },
  };
}

/** Takes over what a reading says of its run; a new run (another id, or on again) starts its counters and its wait anew. */
export function noteRun(domain: KnownDomain, listed: Listed, life: Life, now: number): void {
  const before = domain.life.kind;
  if (domain.listed.id !== listed.id) {
    Object.assign(domain, { begunAt: now, since: now, foundRunning: false, rates: createRates() });
    Object.assign(domain, { details: undefined, detailsAt: null, unansweredSince: null, reason: null });
  } else if (life.kind === "running" && before === "paused") {
    // One that was paused while it started goes on with its start.
    domain.since = now;
  }
  if (life.kind !== before) Object.assign(domain, { reason: null, forgotten: undefined });
  Object.assign(domain, { listed, life });
}

/** QEMU itself answered if it told what its disks do; with --nowait libvirt leaves that out for one that hangs. */
export function noteDetails(domain: KnownDomain, figures: Figures | undefined, now: number): void {
  const answered = figures?.get("block.count") === "0" || figures?.has("block.0.rd.reqs") === true;
  if (answered) {
    Object.assign(domain, { details: figures, detailsAt: now, unansweredSince: null });
  } else if (figures !== undefined) {
    domain.unansweredSince ??= now;
  }
}
