// The audit log: a line for each thing that was decided, each naming the hash of the line before; where the end is stands elsewhere too.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { appendDurably, syncFolder, writeDurably } from "../tools/durable.ts";
import type { JsonObject } from "./strict-json.ts";

/** How many lines there are and the hash of the last one (64 zeros: none). */
export interface AuditHead {
  entries: number;
  hash: string;
}

/** Another place, quick to write, that remembers the head, so that a tail that was cut off is missed. */
export interface Anchor {
  readonly kind: "tpm" | "file" | "none";
  /** null: nothing was ever anchored there. Throws where it cannot be read. */
  read(): AuditHead | null;
  /** Kept when it returns. */
  write(head: AuditHead): void;
}

/** A file at another place than the log: another data set, a CIK, a share that only grows. */
export function fileAnchor(path: string): Anchor {
  return {
    kind: "file",
    read: () => (existsSync(path) ? readHead(readFileSync(path, "utf8")) : null),
    write: (head) => writeDurably(path, `${JSON.stringify({ v: 1, ...head })}\n`),
  };
}

export interface AuditEvent {
  event: "start" | "accepted" | "refused" | "ended" | "reverted" | "confirmed" | "break" | "acknowledged" | "anchor";
  [detail: string]: JsonObject[string];
}

/** The last line that says that the TPM was about to count. */
export interface AuditMark extends AuditHead {
  /** What the TPM's counter stands at when it has. */
  counter: number;
  /** Milliseconds since 1970. */
  at: number;
}

const START = "0".repeat(64);
const LOG = "audit.jsonl";

export class AuditLog {
  readonly #folder: string;
  readonly #anchor: Anchor;
  readonly #wall: () => number;
  #head: AuditHead = { entries: 0, hash: START };
  #why: string | null = null;
  #mark: AuditMark | null = null;
  #brokenSince = false;

  /** Reads the whole log. A log that is not what it was is put aside and a new one begun with a `break`: commands go on being taken, and everyone is told until an admin says audit.acknowledge. */
  constructor(folder: string, anchor: Anchor, wall: () => number) {
    this.#folder = folder;
    this.#anchor = anchor;
    this.#wall = wall;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = this.#check();
    this.#head = found.head;
    this.#why = found.open;
    this.#mark = found.mark;
    this.#brokenSince = found.brokenSince;
    if (found.trouble !== null) this.#breakOff(found.trouble);
    else this.#write(this.#head);
  }

  get head(): AuditHead {
    return this.#head;
  }

  get state(): { state: "whole" | "broken"; why: string | null; entries: number; anchor: Anchor["kind"] } {
    const state = this.#why === null ? "whole" : "broken";
    return { state, why: this.#why, entries: this.#head.entries, anchor: this.#anchor.kind };
  }

  get mark(): AuditMark | null {
    return this.#mark;
  }

  /** A break was told after the last mark, by whatever found it. */
  get brokenSince(): boolean {
    return this.#brokenSince;
  }

  /** The hash of a line of the log as it is on the medium, counted from 1; null: there is no such line. */
  hashAt(entries: number): string | null {
    if (!existsSync(this.#log)) return null;
    const line = readFileSync(this.#log, "utf8").split("\n")[entries - 1];
    return line === undefined || line === "" ? null : hashOf(line);
  }

  /** Says that the TPM's counter is about to stand at `counter` for all that is there, this line included. */
  markFor(counter: number): AuditMark {
    this.append({ event: "anchor", counter });
    if (this.#mark === null) throw new Error("the mark was not kept");
    return this.#mark;
  }

  /** Found after the start, by another anchor: the log goes on, and the break is in it. */
  breakHere(why: string): void {
    this.append({ event: "break", why });
    this.#why ??= why;
  }

  /** On the medium, and in the anchor, when it returns. */
  append(event: AuditEvent): void {
    const entries = this.#head.entries + 1;
    const at = this.#wall();
    const line = JSON.stringify({ v: 1, n: entries, at, prev: this.#head.hash, ...event });
    const first = entries === 1;
    appendDurably(this.#log, `${line}\n`);
    if (first) syncFolder(this.#folder);
    this.#head = { entries, hash: hashOf(line) };
    if (event.event === "acknowledged") this.#why = null;
    if (event.event === "break") this.#brokenSince = true;
    if (event.event === "anchor") {
      this.#mark = { ...this.#head, at, counter: Number(event.counter) };
      this.#brokenSince = false;
    }
    this.#write(this.#head);
  }

  get #log(): string {
    return join(this.#folder, LOG);
  }

  /** An anchor that cannot be written is told like a break, but stops nothing. */
  #write(head: AuditHead): void {
    try {
      this.#anchor.write(head);
    } catch (cause) {
      this.#why ??= `The anchor could not be written: ${cause instanceof Error ? cause.message : cause}`;
    }
  }

  #breakOff(why: string): void {
    if (existsSync(this.#log)) {
      renameSync(this.#log, join(this.#folder, `audit.broken-${this.#wall()}.jsonl`));
      syncFolder(dirname(this.#log));
    }
    this.#head = { entries: 0, hash: START };
    this.#why = why;
    this.#mark = null;
    this.append({ event: "break", why });
  }

  #check(): Found {
    let anchored: AuditHead | null;
    let trouble: string | null = null;
    try {
      anchored = this.#anchor.read();
    } catch {
      anchored = null;
      trouble = "What the anchor says cannot be read.";
    }
    let head: AuditHead = { entries: 0, hash: START };
    let open: string | null = null;
    let mark: AuditMark | null = null;
    let brokenSince = false;
    let anchorSeen = anchored === null || anchored.entries === 0;
    const text = existsSync(this.#log) ? readFileSync(this.#log, "utf8") : "";
    const lines = text.split("\n");
    const torn = lines.pop() ?? "";
    for (const line of lines) {
      const entry = readEntry(line);
      if (entry === null || entry.n !== head.entries + 1 || entry.prev !== head.hash) {
        trouble = `Line ${head.entries + 1} of the audit log is not what was written.`;
        return { head, trouble, open, mark, brokenSince };
      }
      head = { entries: entry.n, hash: hashOf(line) };
      if (entry.event === "break") [open, brokenSince] = [String(entry.why), true];
      if (entry.event === "acknowledged") open = null;
      if (entry.event === "anchor") {
        mark = { ...head, counter: Number(entry.counter), at: Number(entry.at) };
        brokenSince = false;
      }
      if (anchored?.entries === head.entries) {
        anchorSeen = true;
        if (anchored.hash !== head.hash) trouble = "The audit log is not the one that was anchored.";
      }
    }
    if (!anchorSeen) {
      trouble = `The end of the audit log is missing: it has ${head.entries} lines of ${anchored?.entries}.`;
    }
    // Cut off by a power failure while it was written; nothing had been done on its account yet.
    if (torn !== "" && trouble === null) truncateSync(this.#log, Buffer.byteLength(text) - Buffer.byteLength(torn));
    return { head, trouble, open, mark, brokenSince };
  }
}

interface Found {
  head: AuditHead;
  /** What is wrong with it; null: nothing. */
  trouble: string | null;
  /** A break that nobody acknowledged yet. */
  open: string | null;
  mark: AuditMark | null;
  brokenSince: boolean;
}

interface Entry {
  n: number;
  at?: unknown;
  prev: string;
  event: unknown;
  why?: unknown;
  counter?: unknown;
}

function hashOf(line: string): string {
  return createHash("sha256").update(line).digest("hex");
}

function readEntry(line: string): Entry | null {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return null;
  }
}

function readHead(text: string): AuditHead {
  const { entries, hash } = JSON.parse(text) as AuditHead;
  if (!Number.isSafeInteger(entries) || !/^[0-9a-f]{64}$/.test(hash)) throw new Error("the anchor is damaged");
  return { entries, hash };
}
