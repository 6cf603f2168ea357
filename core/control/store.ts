// What was accepted and how it ended, one file a command, on the medium before anything is done.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { syncFolder, writeDurably } from "../tools/durable.ts";
import type { Clock } from "./clock.ts";
import { Refusal, type RefusalCode } from "./refusal.ts";
import type { JsonObject } from "./strict-json.ts";

export interface CommandResult {
  outcome: "done" | "failed";
  code: RefusalCode | null;
  text: string | null;
  data: JsonObject;
  /** Milliseconds since 1970. */
  ended: number;
}

export interface AcceptedCommand {
  v: 1;
  id: string;
  op: string;
  /** The principal, and "SHA256:…" of the key. */
  by: string;
  key: string;
  /** Milliseconds since 1970; `exp` of the envelope in the same unit. */
  accepted: number;
  exp: number;
  result: CommandResult | null;
}

/** What is kept in memory of each; the result stays in its file. */
export interface KnownCommand extends Omit<AcceptedCommand, "result" | "v"> {
  state: "running" | "done" | "failed" | "in-doubt";
  text: string | null;
}

/** Kept this long after it expired, so that a clock that is a little off brings no command back to life. */
const MARGIN_MS = 3_600_000;
/** Kept for a person to see, since nobody knows how it ended. */
const IN_DOUBT_MS = 7 * 24 * MARGIN_MS;
const PRUNE_EVERY_MS = 600_000;
/** Only signed commands get here; this bounds the memory and the folder all the same. */
const MOST = 10_000;
const NAME = /^([0-9a-f]{64})\.json$/;

export class CommandStore {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #known = new Map<string, KnownCommand>();
  #pruned: number;

  /** Reads what is there: accepted without an end means that nobody knows, and is never run again. */
  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const read = readdirSync(folder).flatMap((name) => {
      const id = NAME.exec(name)?.[1];
      return id === undefined ? [] : [readRecord(join(folder, name), id)];
    });
    for (const record of read.sort((a, b) => a.accepted - b.accepted)) {
      this.#known.set(record.id, known(record, "in-doubt"));
    }
    this.#pruned = clock.monotonic();
    this.#prune();
  }

  get(id: string): KnownCommand | null {
    return this.#known.get(id) ?? null;
  }

  /** In the order in which they were accepted. */
  all(): KnownCommand[] {
    return [...this.#known.values()];
  }

  result(id: string): CommandResult | null {
    return this.#known.has(id) ? readRecord(this.#path(id), id).result : null;
  }

  /** On the medium when it returns. Throws Refusal "busy" where there are too many, and the system's error where it cannot be written. */
  accept(command: Omit<AcceptedCommand, "v" | "result" | "accepted">): void {
    if (this.#clock.monotonic() - this.#pruned >= PRUNE_EVERY_MS) this.#prune();
    if (this.#known.has(command.id)) throw new Refusal("sequence", "That command was accepted before.");
    if (this.#known.size >= MOST) throw new Refusal("busy", "Too many commands were accepted in the last day.");
    const record: AcceptedCommand = { v: 1, ...command, accepted: this.#clock.wall(), result: null };
    writeDurably(this.#path(command.id), `${JSON.stringify(record)}\n`);
    this.#known.set(command.id, known(record, "running"));
  }

  end(id: string, result: CommandResult): void {
    const command = this.#known.get(id);
    if (command === undefined) throw new Error(`no command ${id} was accepted`);
    const { op, by, key, accepted, exp } = command;
    const record: AcceptedCommand = { ...{ v: 1, id, op, by, key, accepted, exp }, result };
    writeDurably(this.#path(id), `${JSON.stringify(record)}\n`);
    this.#known.set(id, known(record, "running"));
  }

  #prune(): void {
    const now = this.#clock.wall();
    this.#pruned = this.#clock.monotonic();
    const old = this.all().filter(
      ({ state, exp }) => state !== "running" && exp + (state === "in-doubt" ? IN_DOUBT_MS : MARGIN_MS) < now,
    );
    for (const { id } of old) {
      rmSync(this.#path(id), { force: true });
      this.#known.delete(id);
    }
    if (old.length > 0) syncFolder(this.#folder);
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function known(record: AcceptedCommand, without: "running" | "in-doubt"): KnownCommand {
  const { v: _, result, ...rest } = record;
  return { ...rest, state: result?.outcome ?? without, text: result?.text ?? null };
}

/** A file that cannot be read still says that the command was accepted: nobody knows how it ended. */
function readRecord(path: string, id: string): AcceptedCommand {
  try {
    const record = JSON.parse(readFileSync(path, "utf8")) as AcceptedCommand;
    if (record.v === 1 && record.id === id && typeof record.exp === "number") return record;
  } catch {
    // Below.
  }
  return { v: 1, id, op: "unknown", by: "unknown", key: "", accepted: 0, exp: Number.MAX_SAFE_INTEGER, result: null };
}
