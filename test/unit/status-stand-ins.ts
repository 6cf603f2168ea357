// Stand-ins for the tests of the status parts: a source whose reads end when the test says so, and programs to follow.
import type { SourcePorts, StatusSource, Trigger } from "../../core/status/source.ts";
import type { Argv, Ended, Follow, Run } from "../../core/tools/run.ts";

const NO_RUN: Run = Object.assign(
  async () => {
    throw new Error("this must not start a program");
  },
  { pipe: async () => {} },
);

/** Nothing is there; the clock is vitest's, where it is faked. */
export const PORTS: SourcePorts = {
  ...{ run: NO_RUN, read: async () => null, list: async () => [], link: async () => null },
  ...{ monotonic: () => performance.now(), wall: () => Date.now() },
};

export interface Attempt {
  /** Milliseconds of the clock. */
  at: number;
  signal: AbortSignal;
  answer(value: readonly Sensor[]): void;
  fail(error: unknown): void;
}

export interface Sensor {
  name: string;
  celsius: number;
  criticalCelsius: number | null;
}

export const sensor = (celsius: number): Sensor => ({ name: "cpu", celsius, criticalCelsius: null });

/** A source of the part "sensors": each attempt waits in the list until it is told what to bring. */
export function heldSource(options: { every?: number; patience?: number; triggers?: readonly Trigger[] } = {}): {
  source: StatusSource<"sensors">;
  attempts: Attempt[];
} {
  const attempts: Attempt[] = [];
  const source: StatusSource<"sensors"> = {
    part: "sensors",
    every: options.every ?? 60_000,
    patience: options.patience ?? 30_000,
    triggers: options.triggers ?? [],
    read: (ports, signal) =>
      new Promise((resolve, reject) => {
        const answer = (value: readonly Sensor[]) => resolve([...value]);
        attempts.push({ at: ports.monotonic(), signal, answer, fail: reject });
      }),
  };
  return { source, attempts };
}

export interface FollowedProgram {
  argv: Argv;
  at: number;
  signal: AbortSignal;
  line(text: string): void;
  end(reason?: Ended["reason"]): void;
}

/** Programs that print and end when the test says so. */
export function heldFollow(): { follow: Follow; programs: FollowedProgram[] } {
  const programs: FollowedProgram[] = [];
  const follow: Follow = (argv, { onLine, signal }) =>
    new Promise((resolve) => {
      const end = (reason: Ended["reason"] = "exit") =>
        resolve({ reason, exit: reason === "exit" ? 1 : null, said: "" });
      signal.addEventListener("abort", () => end("stopped"), { once: true });
      programs.push({ argv, at: performance.now(), signal, line: onLine, end });
    });
  return { follow, programs };
}
