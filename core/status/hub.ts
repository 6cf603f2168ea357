// Runs every source of status on its own: one that hangs or fails says so in its part and holds up no other.
import type { Follow } from "../tools/run.ts";
import type { Board } from "./board.ts";
import { PART_NAMES } from "./board.ts";
import { type Reading, startReading } from "./read-source.ts";
import type { PartName } from "./snapshot.ts";
import type { MakeSource, SourcePorts, StatusSource } from "./source.ts";
import { followTrigger } from "./trigger.ts";

/** One source of any part, its value being that part's. */
export type AnySource = { [Name in PartName]: StatusSource<Name> }[PartName];
export type MakeAnySource = { [Name in PartName]: MakeSource<Name> }[PartName];

export interface Hub {
  /** Reads a part again, as a trigger would. */
  refresh(name: PartName): void;
  /** Ends all reads and triggers; what comes after is dropped. */
  stop(): void;
}

export interface HubOptions {
  /** At most one for each part. */
  sources: readonly AnySource[];
  ports: SourcePorts;
  follow: Follow;
  board: Board;
}

/** @throws Error when two sources are for the same part: that is a bug. */
export function startHub({ sources, ports, follow, board }: HubOptions): Hub {
  const stopped = new AbortController();
  const readings = new Map<PartName, Reading>();
  const twice = sources.find(({ part }, at) => sources.findIndex((other) => other.part === part) !== at);
  if (twice !== undefined) throw new Error(`two sources read ${twice.part}`);
  for (const source of sources) readings.set(source.part, startSource(source));
  for (const name of PART_NAMES) {
    if (!readings.has(name)) board.failed(name, "this version does not read it");
  }
  return {
    refresh: (name) => readings.get(name)?.again(),
    stop: () => stopped.abort(),
  };

  function startSource<Name extends PartName>(source: StatusSource<Name>): Reading {
    // What hung hung them as well, as a rule: they would look as if they listened, and be deaf.
    const recovered = () => {
      for (const trigger of triggers) trigger.anew();
    };
    const reading = startReading({ source, ports, board, signal: stopped.signal, recovered });
    source.onNews?.(() => reading.again());
    const running = source.triggers.map(() => false);
    const triggers = source.triggers.map((trigger, index) =>
      followTrigger({
        ...{ trigger, follow, signal: stopped.signal, monotonic: ports.monotonic, fired: () => reading.again() },
        upOrDown(up) {
          running[index] = up;
          // One that does not tell every change makes nothing live.
          reading.triggersRun(running.every((one) => one) && !source.triggers.some(({ partial }) => partial));
          // Whatever happened while nobody listened was not heard.
          if (up) reading.again();
        },
      }),
    );
    return reading;
  }
}
