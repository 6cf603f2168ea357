// Accepted commands: recorded before they begin, run, their end recorded; what runs, and what is known of each.
import { scrub } from "../inventory/scrub.ts";
import type { AuditEvent } from "./audit.ts";
import type { Clock } from "./clock.ts";
import type { Envelope } from "./envelope.ts";
import type { CommandContext, Handler, OutcomeData } from "./handlers.ts";
import type { OperationName } from "./operations.ts";
import { Refusal, type RefusalCode } from "./refusal.ts";
import type { ResultReply } from "./reply.ts";
import type { Reverts } from "./revert.ts";
import type { CommandResult, CommandStore } from "./store.ts";

export interface PerformerOptions {
  clock: Clock;
  store: CommandStore;
  reverts: Reverts;
  /** Throws where the log cannot be written: then nothing is begun. */
  append(event: AuditEvent): void;
  changed(): void;
  log(text: string): void;
}

export interface Accepted {
  envelope: Envelope;
  op: OperationName;
  handler: Handler;
  /** Seconds until a change goes back. */
  revertAfter: number;
}

/** Accepted commands that run at once, of one key and of all. */
const RUNNING_PER_KEY = 4;
const RUNNING = 32;
/** Characters of a handler's data. */
const DATA_LIMIT = 131_072;

export class Performer {
  readonly #options: PerformerOptions;
  readonly #running = new Map<string, { key: string; progress: string | null; ended: Promise<void> }>();
  readonly #stop = new AbortController();

  constructor(options: PerformerOptions) {
    this.#options = options;
  }

  /** Recorded when it returns; resolves when the command has ended, however. Throws Refusal "busy", or what the store throws: then nothing was begun. */
  accept({ envelope, op, handler, revertAfter }: Accepted): Promise<void> {
    const { id, key, principal } = envelope;
    this.#checkRoom(key);
    this.#options.store.accept({ id, op, by: principal, key, exp: envelope.exp * 1000 });
    const ended = this.#perform({ envelope, op, handler, revertAfter }).then(() => {
      this.#running.delete(id);
      this.#options.changed();
    });
    this.#running.set(id, { key, progress: null, ended });
    this.#options.changed();
    return ended;
  }

  /** What is known of a command; null: it was never accepted. */
  resultOf(id: string, repeated: boolean): ResultReply | null {
    const { store } = this.#options;
    const known = store.get(id);
    if (known === null) return null;
    const result = store.result(id);
    // Its end could not be recorded, or it was given up: that is as if nobody had seen it.
    const open = this.#running.has(id) ? "running" : "in-doubt";
    return {
      ...{ v: 1, type: "result", id, op: known.op, outcome: result?.outcome ?? open, code: result?.code ?? null },
      ...{ text: result?.text ?? null, data: result?.data ?? {}, accepted: known.accepted },
      ...{ ended: result?.ended ?? null, repeated },
    };
  }

  progress(id: string): string | null {
    return this.#running.get(id)?.progress ?? null;
  }

  /** Gives up what runs; resolves when all has ended. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([...this.#running.values()].map(({ ended }) => ended));
  }

  async #perform({ envelope, op, handler, revertAfter }: Accepted): Promise<void> {
    const { id, principal, second, key, args, ifState } = envelope;
    const { clock, append } = this.#options;
    let result: CommandResult;
    // Whoever called must have noted that this runs, before the handler tells its progress.
    await Promise.resolve();
    try {
      // A code that was used up helps nobody, but it has no place in a log either.
      const shown = op === "seat.grant" ? {} : args;
      append({ event: "accepted", id, op, by: principal, second, key, args: shown, ifState });
      const outcome = await handler(args, this.#contextOf(envelope, op, revertAfter));
      result = { outcome: "done", code: null, ...bounded(outcome), ended: clock.wall() };
    } catch (error) {
      // Given up because the daemon ends: nobody saw how it ended, and the missing result says so.
      if (this.#stop.signal.aborted) return;
      result = { outcome: "failed", ...whyOf(error), data: {}, ended: clock.wall() };
    }
    this.#end(id, op, result);
  }

  #contextOf({ id, principal, ifState }: Envelope, op: OperationName, after: number): CommandContext {
    const { reverts, changed } = this.#options;
    return {
      ...{ id, principal, ifState, signal: this.#stop.signal },
      progress: (text) => {
        const running = this.#running.get(id);
        if (running !== undefined) running.progress = scrub(text);
        changed();
      },
      changeWithRevert: (undo, apply) => reverts.change({ id, op, undo, after, apply }),
    };
  }

  #end(id: string, op: OperationName, result: CommandResult): void {
    const { store, append, log } = this.#options;
    try {
      store.end(id, result);
      append({ event: "ended", id, op, outcome: result.outcome, code: result.code, text: result.text });
    } catch (cause) {
      log(`The end of ${op} could not be recorded: ${whyOf(cause).text}`);
    }
  }

  #checkRoom(key: string): void {
    const running = [...this.#running.values()];
    if (running.length >= RUNNING || running.filter((one) => one.key === key).length >= RUNNING_PER_KEY) {
      throw new Refusal("busy", "Other commands still run; try again when they have ended.");
    }
  }
}

/** A refusal's own code, or "failed" with what the error says, scrubbed. */
export function whyOf(error: unknown): { code: RefusalCode; text: string } {
  if (error instanceof Refusal) return { code: error.code, text: scrub(error.text) };
  return { code: "failed", text: scrub(error instanceof Error ? error.message : String(error)) };
}

function bounded({ text, data = {} }: OutcomeData): Pick<CommandResult, "text" | "data"> {
  if (JSON.stringify(data).length > DATA_LIMIT) {
    return { text: "It is done; its answer was too long to give.", data: {} };
  }
  return { text: text === null ? null : scrub(text), data };
}
