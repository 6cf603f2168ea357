// What every build stage is given: the repository, the cache, the pins and the door to programs.
import type { Run, RunOptions } from "../core/tools/run.ts";
import type { AptSource } from "./apt-sources.ts";
import type { Archive } from "./archive.ts";
import type { Cache } from "./cache.ts";
import type { Pins } from "./pins.ts";

export interface Context {
  run: Run;
  repo: string;
  cache: Cache;
  pins: Pins;
  sources: readonly AptSource[];
  /** Opened at first use: only a stage that installs packages needs it. */
  archive(): Promise<Archive>;
  say(line: string): void;
}

/** Long enough for a cold stage on two busy cores. */
const STAGE_TIMEOUT_MS = 45 * 60_000;

/** Runs a heavy program with low priority: the build machine has other work. */
export async function runNicely(run: Run, argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(["nice", "-n", "10", ...argv], { timeoutMs: STAGE_TIMEOUT_MS, ...options });
  return result.stdout;
}

/** Names of the suites that packages come from: part of the cache keys; the mirrors' names are not. */
export const suitesOf = (context: Context): string[] => context.sources.map((source) => source.suite).sort();
