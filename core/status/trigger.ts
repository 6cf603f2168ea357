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

export function followTrigger({ trigger, follow, signal, monotonic, fired, upOrDown }: TriggerOptions): void {
  let pause = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  run();

  function run(): void {
    const began = monotonic();
    let up = false;
    timer = setTimeout(() => {
      up = true;
      upOrDown(true);
    }, UP_AFTER_MS);
    const onLine = (line: string) => {
      if (!signal.aborted && (trigger.lines?.test(line) ?? true)) fired();
    };
    void follow(trigger.argv, { onLine, signal }).then(() => {
      clearTimeout(timer);
      if (signal.aborted) return;
      if (up) upOrDown(false);
      // One that ran for long has not failed at its start.
      if (monotonic() - began >= LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS;
      timer = setTimeout(run, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
  }
}
