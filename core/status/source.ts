// What a source of status is: how one part is read, what tells that it has changed, and how long it may take.
import type { Argv, Run } from "../tools/run.ts";
import type { PartName, ValueOf } from "./snapshot.ts";

/** What a source may use of the outside; all of it can be played back in tests. */
export interface SourcePorts {
  run: Run;
  /** A text file's content (sysfs, procfs, configuration), or null where there is none. Never blocks on devices. */
  read(path: string): Promise<string | null>;
  /** The names in a folder, sorted; empty where there is none. */
  list(path: string): Promise<readonly string[]>;
  /** Where a link points, or null. */
  link(path: string): Promise<string | null>;
  /** Milliseconds of the monotonic clock. */
  monotonic(): number;
  /** Milliseconds since 1970. */
  wall(): number;
}

/** A program that runs as long as the source does; each line it prints means: read again. */
export interface Trigger {
  argv: Argv;
  /** Only lines that match count; default: all. */
  lines?: RegExp;
  /** It tells of some changes only (a disk that is added, not its temperature): the part is not live by it, and shows its age. */
  partial?: true;
}

export interface StatusSource<Name extends PartName = PartName> {
  readonly part: Name;
  /** Reads once. Throws with one sentence of why; gives up when the signal is aborted. */
  read(ports: SourcePorts, signal: AbortSignal): Promise<ValueOf<Name>>;
  /** Milliseconds between reads while no trigger fires: the net below the events. May change; asked anew after each read. */
  readonly every: number;
  /** Milliseconds after which a read counts as hung: it is given up, and the part says so. */
  readonly patience: number;
  readonly triggers: readonly Trigger[];
  /** Called once, by whoever reads: a source that learns something between reads calls `again` to be read again. */
  onNews?(again: () => void): void;
}

/** Sources that remember (rates, heartbeats) are made anew for each daemon. */
export type MakeSource<Name extends PartName = PartName> = () => StatusSource<Name>;
