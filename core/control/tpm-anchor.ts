// Keeps the end of the audit log in the TPM, beside the quick anchor: compared at the start, counted on from time to time, never waited for.
import type { AuditLog } from "./audit.ts";
import type { Clock } from "./clock.ts";
import { judgeLog } from "./tpm-judge.ts";
import { type Counted, type HeadCounter, TpmAbsent } from "./tpm-nv.ts";

export interface TpmAnchorOptions {
  counter: HeadCounter;
  audit: AuditLog;
  clock: Clock;
  log(text: string): void;
  /** After each line that it adds to the log, and each change of what it tells. */
  changed(): void;
}

/** What comes in a row is counted once. */
const SOON_MS = 5_000;
/** A TPM's memory wears: 100 000 writes is what makers promise at the least. A year has 105 000 of these, a host far fewer commands. */
export const INTERVAL_MS = 300_000;
/** When it is tried again; the last goes on. */
const RETRY_MS = [5_000, 20_000, 60_000, INTERVAL_MS] as const;
/** A TPM whose driver comes late is looked for this often before it is missing. */
const LOOKS = 3;
/** So often a write may fail before somebody is told. */
const QUIET_FAILURES = 2;
/** The service manager waits 15 s. */
const CLOSE_MS = 8_000;

export class TpmAnchor {
  readonly #options: TpmAnchorOptions;
  readonly #giveUp = new AbortController();
  /** compare: not known yet, or not sure any more; absent: only the quick anchor is used. */
  #phase: "compare" | "used" | "absent" = "compare";
  #counter = 0;
  #doubt: string | null;
  #failures = 0;
  #cancel: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: TpmAnchorOptions) {
    this.#options = options;
    this.#doubt = options.counter.present() || this.#expected ? "It is being compared with the TPM's counter." : null;
  }

  start(): void {
    this.#begin();
  }

  /** `doubt`: why nobody knows whether the log is whole. */
  get told(): { used: boolean; doubt: string | null } {
    const used = this.#phase === "compare" ? this.#options.counter.present() || this.#expected : this.#phase === "used";
    return { used, doubt: this.#doubt };
  }

  /** The log has a new line. */
  changed(): void {
    if (this.#phase !== "used" || this.#closed || this.#cancel !== null || !this.#uncounted) return;
    const { clock, audit } = this.#options;
    const rest = INTERVAL_MS - (clock.wall() - (audit.mark?.at ?? 0));
    this.#later(Math.min(Math.max(rest, SOON_MS), INTERVAL_MS));
  }

  /** Counts what is left, for a few seconds at most. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    this.#cancel = null;
    const late = this.#options.clock.after(CLOSE_MS, () => this.#giveUp.abort());
    await this.#running;
    const left = this.#phase === "compare" || (this.#phase === "used" && this.#uncounted);
    if (left && !this.#giveUp.signal.aborted) this.#begin();
    await this.#running;
    late();
    this.#giveUp.abort();
  }

  /** The log was counted by a TPM, and nobody was told since that it is gone. */
  get #expected(): boolean {
    const { mark, brokenSince } = this.#options.audit;
    return mark !== null && mark.counter > 0 && !brokenSince;
  }

  /** There is something that the TPM has not counted. */
  get #uncounted(): boolean {
    const { mark, head } = this.#options.audit;
    return mark?.entries !== head.entries || mark.counter !== this.#counter;
  }

  #later(ms: number): void {
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#cancel = null;
      this.#begin();
    });
  }

  #begin(): void {
    this.#running = this.#running
      .then(() => this.#turn())
      .catch((cause) => {
        // Not even the log could be written: the disk is full, or gone.
        this.#options.log(`The audit log could not be written: ${cause instanceof Error ? cause.message : cause}`);
        if (!this.#closed) this.#later(INTERVAL_MS);
      });
  }

  async #turn(): Promise<void> {
    try {
      await (this.#phase === "compare" ? this.#compare() : this.#count());
      this.#failures = 0;
      this.#tell("used", null);
      this.changed();
    } catch (cause) {
      this.#failed(cause);
    }
  }

  async #compare(): Promise<void> {
    const { counter, audit } = this.#options;
    const { signal } = this.#giveUp;
    let found = await counter.read(signal);
    const why = this.#judge(found);
    if (why !== null) this.#break(why);
    const first = found === null || found.counter === 0;
    if (first) {
      if (audit.mark?.counter !== 0) audit.markFor(0);
      found = await counter.define(signal);
    }
    this.#counter = found?.counter ?? 0;
    if (first || why !== null || (this.#failures > 0 && this.#uncounted)) await this.#count();
  }

  /** A break that everybody is told of already needs no second one. */
  #judge(found: Counted | null): string | null {
    const { audit } = this.#options;
    if (audit.brokenSince && audit.state.state === "broken") return null;
    return judgeLog({ counter: audit.mark?.counter ?? null, hashAt: (line) => audit.hashAt(line) }, found);
  }

  async #count(): Promise<void> {
    const { counter, audit } = this.#options;
    const next = this.#counter + 1;
    const { mark, head } = audit;
    const begun = mark !== null && mark.entries === head.entries && mark.counter === next;
    const stands = await counter.anchor(begun ? mark : audit.markFor(next), this.#giveUp.signal);
    if (stands !== next) throw new Error(`the counter stands at ${stands}, not at ${next}`);
    this.#counter = stands;
  }

  #failed(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.#failures += 1;
    if (this.#closed) return;
    const absent = cause instanceof TpmAbsent;
    const hopeless = this.#failures >= LOOKS && (absent || !this.#expected);
    if (hopeless) {
      this.#options.log(`The audit log is not anchored in a TPM: ${why}`);
      if (this.#expected) {
        this.#break(`The audit log was anchored in a TPM (at ${this.#options.audit.mark?.counter}), and now ${why}.`);
      }
      this.#tell("absent", null);
      return;
    }
    const quiet = this.#phase === "used" || (this.#doubt === null && this.#failures <= QUIET_FAILURES);
    this.#tell("compare", quiet ? null : `It is not anchored in the TPM now: ${why}`);
    this.#later(RETRY_MS[this.#failures - 1] ?? INTERVAL_MS);
  }

  #break(why: string): void {
    this.#options.log(`The audit log is broken: ${why}`);
    this.#options.audit.breakHere(why);
  }

  #tell(phase: "compare" | "used" | "absent", doubt: string | null): void {
    this.#phase = phase;
    this.#doubt = doubt;
    this.#options.changed();
  }
}
