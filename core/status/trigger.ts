// Keeps one trigger's program running: started again when it ends, later and later while it keeps ending.
import type { Follow } from "../tools/run.ts";
import type { Trigger } from "./source.ts";

/** A program that has been up for so long listens to what it is there for. */
const UP_AFTER_MS = 2_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface TriggerOptions {
  trigger: Trigger;
  follow: Follow;
  signal: AbortSignal;
  /** Milliseconds. */
  monotonic(): number;
  /** A line that counts has come. */
  fired(): void;
  /** Whether it is up, on every change. */
  upOrDown(up: boolean): void;
}

export interface FollowedTrigger {
  /** Ends the program that runs now, whatever it believes to listen to, and starts another when it has ended. */
  anew(): void;
}

export function followTrigger(options: TriggerOptions): FollowedTrigger {
  const { trigger, follow, signal, monotonic, fired, upOrDown } = options;
  let pause = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let up = false;
  let given = new AbortController();
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  run();
  return { anew };

  function anew(): void {
    if (signal.aborted || given.signal.aborted) return;
    given.abort();
    down();
  }

  function down(): void {
    if (!up) return;
    up = false;
    upOrDown(false);
  }

  function run(): void {
    const began = monotonic();
    const own = new AbortController();
    given = own;
    timer = setTimeout(() => {
      if (own.signal.aborted) return;
      up = true;
      upOrDown(true);
    }, UP_AFTER_MS);
    const onLine = (line: string) => {
      if (!signal.aborted && (trigger.lines?.test(line) ?? true)) fired();
    };
    void follow(trigger.argv, { onLine, signal: AbortSignal.any([signal, own.signal]) }).then(() => {
      clearTimeout(timer);
      if (signal.aborted) return;
      down();
      // One that ran for long, or that we have ended, has not failed at its start.
      if (own.signal.aborted || monotonic() - began >= LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS;
      timer = setTimeout(run, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
  }
}
