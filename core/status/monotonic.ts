// The clock of every age: CLOCK_MONOTONIC of this boot, which goes on where a daemon that was started again left off.

/** performance.now() counts from the start of this process; process.hrtime() is clock_gettime(CLOCK_MONOTONIC). */
const [seconds, nanoseconds] = process.hrtime();
const OFFSET = seconds * 1e3 + nanoseconds / 1e6 - performance.now();

/** Milliseconds, whole. */
export function monotonicNow(): number {
  return Math.round(performance.now() + OFFSET);
}
