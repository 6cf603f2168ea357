// Counts what a screen sends over a serial line while nobody touches it: the bytes of each redraw, and how long it took.
import { setTimeout as delay } from "node:timers/promises";
import type { Serial } from "../../core/vm/serial.ts";

export interface Redraws {
  /** Bytes of each, in order. */
  redraws: number[];
  /** From the first to the end of the last. */
  seconds: number;
}

/** A line that is silent for so long has finished a redraw: the next one is a second away. */
const SILENCE_MS = 400;

/** Gives what it has after `deadlineMs`: a screen that draws less often is no worse. */
export async function countRedraws(serial: Serial, wanted: number, deadlineMs: number): Promise<Redraws> {
  const redraws: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const began = performance.now();
  const stop = serial.watch((text) => {
    const now = performance.now();
    if (now - last > SILENCE_MS) redraws.push(0);
    redraws.push((redraws.pop() ?? 0) + Buffer.byteLength(text));
    last = now;
  });
  // The redraw in whose middle it began, and the one that is being drawn, are left out.
  while (redraws.length < wanted + 2 && performance.now() - began < deadlineMs) await delay(SILENCE_MS);
  stop();
  return { redraws: redraws.slice(1, -1), seconds: (performance.now() - began) / 1000 };
}
