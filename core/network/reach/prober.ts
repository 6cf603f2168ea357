// Probes routers and name servers at a calm rate, apart from the readings: whoever reads gets what is known so far.
import { type Reach, type ReachOf, type Target, UNKNOWN } from "./reach.ts";

/** What one attempt brought. `unsure`: nothing was heard, but the neighbour entry is not decided yet. */
export type Attempt =
  | { outcome: "answer"; latencyMs: number | null }
  | { outcome: "none"; seen: string }
  | { outcome: "unsure" };

/** Each attempt ends by itself within some seconds; none throws. */
export interface Probes {
  gateway(target: Target, before: Known): Promise<Attempt>;
  dns(target: Target): Promise<Attempt>;
  /** Waits; for an attempt that failed at once, so that the next is not the same moment. */
  pause(ms: number): Promise<void>;
  /** Milliseconds of the monotonic clock. */
  monotonic(): number;
}

/** What earlier attempts tell of how to ask. */
export interface Known {
  /** It has answered with a time before, so that silence means something even where its address is still cached. */
  measured: boolean;
  /** Milliseconds of the monotonic clock: when the present silence began; null: none. */
  silentSince: number | null;
}

export interface Prober {
  /**
   * Starts what is due, and returns at once. `changed`: addresses, routes or carriers are others than before, so that
   * all are due; `doubted`: the keys of those that the kernel has given up, due if they were thought to live.
   */
  probe(targets: readonly Target[], changed: boolean, doubted?: ReadonlySet<string>): void;
  reachOf: ReachOf;
  /** Milliseconds after which to call probe() again: sooner while something is suspected or has just fallen silent. */
  soon(): number;
  /** Called whenever a target's state has become another. */
  onNews(again: () => void): void;
}

/** Milliseconds between attempts. */
export interface Pace {
  /** Of what is well. */
  calm: number;
  /** Of what has just fallen silent: that it is back should be seen promptly. */
  silent: number;
  /** At least, of the attempts that decide whether something is silent. */
  gap: number;
}

export const PACE: Pace = { calm: 10_000, silent: 3_000, gap: 1_000 };
/** For how long something has just fallen silent. */
const JUST_MS = 120_000;
/** Misses in a row that make it silent. A name server's attempts last twice as long. */
const MISSES = { gateway: 3, dns: 2 } as const;
/** The kernel decides on a neighbour within 8 s: 5 s of delay, then three requests (arp(7)). */
const MOST_UNSURE = 10;
const MOST_IN_FLIGHT = 6;

interface Entry {
  target: Target;
  reach: Reach;
  known: Known;
  busy: boolean;
  /** When it was last asked; null: never, or it is to be asked at once. */
  asked: number | null;
  misses: number;
}

export function makeProber(probes: Probes, pace: Pace = PACE): Prober {
  const entries = new Map<string, Entry>();
  const listeners: (() => void)[] = [];

  async function attempt(entry: Entry): Promise<Attempt> {
    const { target, known } = entry;
    try {
      return await (target.kind === "dns" ? probes.dns(target) : probes.gateway(target, known));
    } catch {
      // A probe that broke has measured nothing; what is known stays.
      return { outcome: "unsure" };
    }
  }

  function settle(entry: Entry, reach: Reach): void {
    const before = entry.reach.state;
    entry.reach = reach;
    if (before !== reach.state && entries.get(entry.target.key) === entry) for (const again of listeners) again();
  }

  /** Asks until it is known whether the target answers: once when all is well, some times in a row when not. */
  async function round(entry: Entry): Promise<void> {
    let unsure = 0;
    while (entries.get(entry.target.key) === entry) {
      const began = probes.monotonic();
      entry.asked = began;
      const result = await attempt(entry);
      if (result.outcome === "answer") {
        entry.misses = 0;
        entry.known = { measured: result.latencyMs !== null, silentSince: null };
        return settle(entry, { state: "ok", latencyMs: result.latencyMs, seen: null });
      }
      entry.known = { ...entry.known, silentSince: entry.known.silentSince ?? began };
      if (result.outcome === "none") {
        entry.misses += 1;
        const enough = entry.misses >= MISSES[entry.target.kind];
        if (enough) return settle(entry, { state: "silent", latencyMs: null, seen: result.seen });
      } else if (++unsure >= MOST_UNSURE) return;
      const lasted = probes.monotonic() - began;
      if (lasted < pace.gap) await probes.pause(pace.gap - lasted);
    }
  }

  async function run(entry: Entry): Promise<void> {
    entry.busy = true;
    try {
      await round(entry);
    } finally {
      entry.busy = false;
    }
  }

  const dueAt = (entry: Entry): number =>
    entry.asked === null
      ? Number.NEGATIVE_INFINITY
      : entry.asked + (isJustSilent(entry, probes.monotonic()) ? pace.silent : pace.calm);

  return {
    probe(targets, changed, doubted = new Set()) {
      const wanted = new Set(targets.map(({ key }) => key));
      for (const key of [...entries.keys()]) if (!wanted.has(key)) entries.delete(key);
      for (const target of targets) {
        const known = entries.get(target.key);
        if (known === undefined) entries.set(target.key, fresh(target));
        else if (changed || (doubted.has(target.key) && known.reach.state === "ok")) known.asked = null;
      }
      const all = [...entries.values()];
      const free = MOST_IN_FLIGHT - all.filter(({ busy }) => busy).length;
      const now = probes.monotonic();
      const due = all
        .filter((entry) => !entry.busy && dueAt(entry) <= now)
        .sort((one, other) => dueAt(one) - dueAt(other));
      for (const entry of due.slice(0, Math.max(0, free))) void run(entry);
    },
    reachOf: (key) => entries.get(key)?.reach ?? UNKNOWN,
    soon() {
      const now = probes.monotonic();
      return Math.min(pace.calm, ...[...entries.values()].map((entry) => soonOf(entry, now, pace)));
    },
    onNews: (again) => void listeners.push(again),
  };
}

function isJustSilent({ reach, known }: Entry, now: number): boolean {
  return reach.state === "silent" && known.silentSince !== null && now - known.silentSince < JUST_MS;
}

function soonOf(entry: Entry, now: number, pace: Pace): number {
  if (entry.asked === null || (entry.busy && entry.reach.state !== "silent")) return pace.gap;
  return isJustSilent(entry, now) ? pace.silent : pace.calm;
}

const fresh = (target: Target): Entry => ({
  target,
  reach: UNKNOWN,
  known: { measured: false, silentSince: null },
  busy: false,
  asked: null,
  misses: 0,
});
