// The head of the audit log, signed by the host: what can be taken away and later held against the log.
import { join } from "node:path";
import { writeDurably } from "../tools/durable.ts";
import type { AuditHead } from "./audit.ts";
import type { Clock } from "./clock.ts";
import { AUDIT_NAMESPACE } from "./ssh-tool.ts";

/** With where the TPM's counter stood, or was about to; null: it was never used. */
export interface SignedHead extends AuditHead {
  counter: number | null;
}

export interface AuditHeadOptions {
  folder: string;
  /** "SHA256:…" of the host's key. */
  host: string;
  clock: Clock;
  sign(message: Uint8Array, namespace: string): Promise<string>;
  log(text: string): void;
}

/** A signature costs a program: commands that come in a row share one. */
const DELAY_MS = 1000;

export class AuditHeadFile {
  readonly #options: AuditHeadOptions;
  #next: SignedHead | null = null;
  #cancel: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: AuditHeadOptions) {
    this.#options = options;
  }

  changed(head: SignedHead): void {
    this.#next = head;
    this.#cancel ??= this.#options.clock.after(DELAY_MS, () => this.#flush());
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.#cancel?.();
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    this.#cancel = null;
    const head = this.#next;
    this.#next = null;
    if (head !== null) this.#writing = this.#writing.then(() => this.#write(head));
  }

  async #write(head: SignedHead): Promise<void> {
    const { folder, host, sign, log } = this.#options;
    const json = JSON.stringify({ v: 1, host, ...head });
    try {
      const signature = await sign(Buffer.from(json), AUDIT_NAMESPACE);
      // One file, so that the text and its signature cannot be of two heads.
      writeDurably(join(folder, "audit-head.json"), `${JSON.stringify({ v: 1, head: json, signature })}\n`);
    } catch (cause) {
      log(`The audit log's head could not be signed: ${cause instanceof Error ? cause.message : cause}`);
    }
  }
}
