// A bounded number of things at once, a bounded number waiting, first come first served.
import { Refusal } from "./refusal.ts";

export class Slots {
  readonly #most: number;
  readonly #queue: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number, queue: number) {
    this.#most = most;
    this.#queue = queue;
  }

  /** Throws Refusal "busy" at once where the queue is full. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#most) {
      if (this.#waiting.length >= this.#queue) throw new Refusal("busy", "Too many commands wait; try again.");
      // Whoever ends hands its place over, so that nobody who comes later slips in between.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
