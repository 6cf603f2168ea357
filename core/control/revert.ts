// Confirm or revert: a change that could cut off whoever made it goes back by itself, even across a crash.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { syncFolder, writeDurably } from "../tools/durable.ts";
import type { Clock } from "./clock.ts";
import type { OperationName } from "./operations.ts";
import { Refusal } from "./refusal.ts";
import type { JsonObject } from "./strict-json.ts";

/** What brings a change back; it may be run twice. */
export type Reverter = (undo: JsonObject) => Promise<void>;

export interface PendingChange {
  id: string;
  op: OperationName;
  /** All that the reverter needs; kept before the change is made. */
  undo: JsonObject;
  /** Milliseconds since 1970, to be shown; what counts is the monotonic timer. */
  revertsAt: number;
}

export interface ChangeRequest {
  id: string;
  op: OperationName;
  undo: JsonObject;
  /** Seconds. */
  after: number;
  apply(): Promise<void>;
}

export interface RevertOptions {
  folder: string;
  clock: Clock;
  reverters: Partial<Record<OperationName, Reverter>>;
  /** After each attempt; `failure` is why the change is still there. */
  onReverted(change: PendingChange, failure: string | null): void;
  log(text: string): void;
}

/** Minutes are short enough: whoever waits for it is cut off. */
const AGAIN_MS = 60_000;

export class Reverts {
  readonly #options: RevertOptions;
  readonly #pending = new Map<string, { change: PendingChange; stop: () => void }>();
  readonly #reverting = new Set<Promise<void>>();

  constructor(options: RevertOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  pending(): PendingChange[] {
    return [...this.#pending.values()].map(({ change }) => change);
  }

  /** What was pending when the last run ended is reverted now: nobody can have confirmed it meanwhile. */
  async recover(): Promise<void> {
    for (const name of readdirSync(this.#options.folder)) {
      if (!name.endsWith(".json")) continue;
      const change = readChange(join(this.#options.folder, name));
      if (change === null) {
        this.#options.log(`A change that was not confirmed cannot be reverted, its record ${name} is damaged.`);
        continue;
      }
      this.#pending.set(change.id, { change, stop: () => {} });
      await this.#revert(change);
    }
  }

  /** Makes the change; where that fails it is brought back at once and the failure thrown on. */
  async change({ id, op, undo, after, apply }: ChangeRequest): Promise<void> {
    const { clock, reverters } = this.#options;
    if (reverters[op] === undefined) throw new Error(`${op} cannot be reverted`);
    if (this.#pending.size > 0) {
      throw new Refusal("state", "Another change waits to be confirmed; confirm it, or wait until it is reverted.");
    }
    const change = { id, op, undo, revertsAt: clock.wall() + after * 1000 };
    writeDurably(this.#path(id), `${JSON.stringify({ v: 1, ...change })}\n`);
    // From here on: the time for applying counts, since applying may be what hangs.
    const stop = clock.after(after * 1000, () => void this.#revert(change));
    this.#pending.set(id, { change, stop });
    try {
      await apply();
    } catch (cause) {
      stop();
      await this.#revertLate(change);
      throw cause;
    }
    if (!this.#applies(id)) {
      await this.#revertLate(change);
      throw new Refusal("failed", `The change was not made within ${after} seconds and has been reverted.`);
    }
  }

  /** The timer may have brought it back while it was still being made: what was made after that must go, too. */
  async #revertLate(change: PendingChange): Promise<void> {
    await Promise.all(this.#reverting);
    this.#pending.set(change.id, { change, stop: () => {} });
    await this.#revert(change);
  }

  #applies(id: string): boolean {
    return this.#pending.has(id) && this.#reverting.size === 0;
  }

  get(id: string): PendingChange | null {
    return this.#pending.get(id)?.change ?? null;
  }

  /** Keeps the change. Throws Refusal "state" where nothing of that id waits any more. */
  confirm(id: string): PendingChange {
    const found = this.#pending.get(id);
    if (found === undefined) throw new Refusal("state", "No change of that id waits to be confirmed.");
    found.stop();
    this.#forget(id);
    return found.change;
  }

  /** Stops the timers; what is pending stays on the medium and is reverted at the next start. */
  async close(): Promise<void> {
    for (const { stop } of this.#pending.values()) stop();
    await Promise.all(this.#reverting);
  }

  #revert(change: PendingChange): Promise<void> {
    const reverting = this.#tryRevert(change).finally(() => this.#reverting.delete(reverting));
    this.#reverting.add(reverting);
    return reverting;
  }

  async #tryRevert(change: PendingChange): Promise<void> {
    const { clock, reverters, onReverted } = this.#options;
    // A confirmation that comes while it is being reverted is too late.
    if (!this.#pending.delete(change.id)) return;
    try {
      const reverter = reverters[change.op];
      if (reverter === undefined) throw new Error(`${change.op} cannot be reverted`);
      await reverter(change.undo);
      this.#forget(change.id);
      onReverted(change, null);
    } catch (cause) {
      const stop = clock.after(AGAIN_MS, () => void this.#revert(change));
      this.#pending.set(change.id, { change, stop });
      onReverted(change, cause instanceof Error ? cause.message : String(cause));
    }
  }

  #forget(id: string): void {
    this.#pending.delete(id);
    rmSync(this.#path(id), { force: true });
    syncFolder(this.#options.folder);
  }

  #path(id: string): string {
    return join(this.#options.folder, `${id}.json`);
  }
}

function readChange(path: string): PendingChange | null {
  try {
    const { id, op, undo, revertsAt } = JSON.parse(readFileSync(path, "utf8")) as PendingChange;
    return { id, op, undo, revertsAt };
  } catch {
    return null;
  }
}
