// One part of what is known of a host: the last value, when it was read, and why there is no newer one.
import { z } from "zod";

/** Milliseconds of the daemon's monotonic clock (CLOCK_MONOTONIC, performance.now() plus an offset): setting the clock changes no age. */
export const monotonic = z.number();

/** Milliseconds since 1970. */
export const wallClock = z.number();

export function part<Value extends z.ZodType>(value: Value) {
  return z.strictObject({
    /** When `value` was read; null before the first one. */
    at: monotonic.nullable(),
    value: value.nullable(),
    /** Why the last attempt brought nothing, one sentence; null when it did, or none has ended yet. */
    failure: z.string().nullable(),
    /** The source tells changes as they happen, so that the value is not old however long ago it was read. */
    live: z.boolean(),
  });
}

export interface Part<Value> {
  at: number | null;
  value: Value | null;
  failure: string | null;
  live: boolean;
}
