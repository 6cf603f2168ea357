// Reads one source again and again: one attempt at a time, each with an end to our patience.
import { scrub } from "../inventory/scrub.ts";
import type { Board } from "./board.ts";
import type { PartName, ValueOf } from "./snapshot.ts";
import type { SourcePorts, StatusSource } from "./source.ts";

/** Between the beginnings of two reads, however often a trigger fires. */
export const LEAST_MS = 500;
/** A value that was to be read again because something happened is not current once that takes this long. */
export const LATE_MS = 2_000;

export interface Reading {
  /** Reads again, now or as soon as may be. Any number of calls during a read lead to one read more. */
  again(): void;
  /** Whether all triggers run. */
  triggersRun(run: boolean): void;
}

export interface ReadingOptions<Name extends PartName> {
  source: StatusSource<Name>;
  ports: SourcePorts;
  board: Board;
  signal: AbortSignal;
  /** The source has answered again after a failure. */
  recovered?(): void;
}

/**
 * Reads at once. A read that outlives the source's patience is aborted, and what it brings after that is dropped; but
 * another begins only when it has really ended: a program in uninterruptible sleep cannot be killed, and must not pile up.
 */
export function startReading<Name extends PartName>(options: ReadingOptions<Name>): Reading {
  const { source, ports, board, signal } = options;
  const { part } = source;
  let began = Number.NEGATIVE_INFINITY;
  let reading = false;
  /** Something has happened since the last read began. */
  let asked = false;
  let listening = false;
  /** What is known is what there is: the last read was good, and none is late. */
  let current = false;
  let timer: NodeJS.Timeout | undefined;
  const tellLive = () => board.live(part, listening && current);

  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  read();
  return {
    again() {
      if (signal.aborted || asked) return;
      asked = true;
      if (!reading) readWhenDue();
    },
    triggersRun(run) {
      listening = run;
      tellLive();
    },
  };

  function readWhenDue(): void {
    const left = began + LEAST_MS - ports.monotonic();
    if (left <= 0) read();
    else waitFor(left);
  }

  function waitFor(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(read, ms);
  }

  function read(): void {
    const because = asked;
    [asked, reading, began] = [false, true, ports.monotonic()];
    const given = new AbortController();
    const attempt = { over: false };
    const stop = () => given.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const giveUp = () => {
      attempt.over = true;
      fail(`it has not answered for ${Math.round(source.patience / 1000)} s`);
      given.abort(new Error("it took too long"));
    };
    const late = () => {
      current = false;
      tellLive();
      timer = setTimeout(giveUp, source.patience - LATE_MS);
    };
    clearTimeout(timer);
    timer = because && source.patience > LATE_MS ? setTimeout(late, LATE_MS) : setTimeout(giveUp, source.patience);
    void settle(given.signal).then((outcome) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) return;
      reading = false;
      clearTimeout(timer);
      if (!attempt.over) take(outcome);
      if (asked) readWhenDue();
      else waitFor(Math.max(source.every, LEAST_MS));
    });
  }

  /** A source that throws at once is no other than one that rejects. */
  async function settle(given: AbortSignal): Promise<{ value: ValueOf<Name> } | { error: unknown }> {
    try {
      return { value: await source.read(ports, given) };
    } catch (error) {
      return { error };
    }
  }

  function take(outcome: { value: ValueOf<Name> } | { error: unknown }): void {
    if ("error" in outcome) {
      fail(sentence(outcome.error));
      return;
    }
    try {
      // The value may be of any moment since the read began: the oldest of them is the honest one.
      const failed = board.part(part).failure !== null;
      board.read(part, began, outcome.value);
      current = true;
      if (failed) options.recovered?.();
      tellLive();
    } catch (error) {
      fail(sentence(error));
    }
  }

  function fail(why: string): void {
    current = false;
    board.failed(part, why);
    tellLive();
  }
}

function sentence(error: unknown): string {
  return scrub(error instanceof Error ? error.message : String(error)) || "it failed without saying why";
}
