// Rates from counters that only grow: the difference to the reading before, by the monotonic clock.

interface Reading {
  at: number;
  value: number;
}

export interface Rates {
  /** Units a second since the last reading of this counter; null at the first, and after the counter went back. */
  perSecond(key: string, value: number | null, at: number): number | null;
}

/** One for each run of a domain: a new one starts counting from nothing. */
export function createRates(): Rates {
  const before = new Map<string, Reading>();
  const rates = new Map<string, number>();
  return {
    perSecond(key, value, at) {
      if (value === null) {
        before.delete(key);
        rates.delete(key);
        return null;
      }
      const last = before.get(key);
      // Two readings within a moment (an event after a poll) would make a rate of nothing but rounding.
      if (last !== undefined && at - last.at < SHORTEST_MS && value >= last.value) return rates.get(key) ?? null;
      before.set(key, { at, value });
      rates.delete(key);
      if (last === undefined || value < last.value) return null;
      const rate = ((value - last.value) * 1000) / (at - last.at);
      rates.set(key, rate);
      return rate;
    },
  };
}

const SHORTEST_MS = 500;
