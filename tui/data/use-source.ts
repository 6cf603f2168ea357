// What a source knows, for drawing: the value, how old it is now, and why there is no newer one.
import { useEffect, useState } from "react";
import type { DataSource, Known } from "./data-source.ts";

export interface Sourced<Value> {
  /** null until the first value comes. */
  value: Value | null;
  /** Whole seconds since it was read; grows while nothing new comes. */
  age: number | null;
  failure: string | null;
}

/** Runs the source while it is on the screen. The same source object must not be used in two places at once. */
export function useSource<Value>(source: DataSource<Value>): Sourced<Value> {
  const [known, setKnown] = useState<Known<Value>>({ reading: null, failure: null });
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    source.start((next) => {
      setKnown(next);
      setNow(Date.now());
    });
    const clock = setInterval(() => setNow(Date.now()), 1000);
    return () => {
      clearInterval(clock);
      source.stop();
    };
  }, [source]);
  const { reading, failure } = known;
  // The clock may be set back while the machine runs (NTP): nothing is younger than now.
  const age = reading === null ? null : Math.max(0, Math.floor((now - reading.at) / 1000));
  return { value: reading?.value ?? null, age, failure };
}
