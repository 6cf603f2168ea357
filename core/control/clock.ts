// The two clocks and the timer that control uses; tests have their own.
export interface Clock {
  /** Milliseconds that nobody can set back (CLOCK_MONOTONIC). */
  monotonic(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** Calls `then` once after `ms`, unless the returned function is called before. */
  after(ms: number, then: () => void): () => void;
}

export const realClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
