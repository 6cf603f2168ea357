// Whether a command is of now: challenges that are used once, counters of keys, and the host's clock.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "../tools/durable.ts";
import type { Clock } from "./clock.ts";
import type { Envelope } from "./envelope.ts";
import { Refusal } from "./refusal.ts";

export const CHALLENGE_SECONDS = 60;
/** `exp` at most this many seconds after `iat`. */
const LIFETIME = 24 * 3600;
/** Seconds that the clocks of the two machines may differ. */
const TOLERANCE = 5 * 60;
/** A client needs one challenge at a time. */
const CHALLENGES_PER_CONNECTION = 4;

/** Whatever tells two connections apart. */
export type ConnectionKey = object;

interface Given {
  challenge: string;
  /** Monotonic. */
  until: number;
}

/** Challenges live in memory only: those of another start, and so of another boot, never existed. */
export class Challenges {
  readonly #clock: Clock;
  readonly #given = new WeakMap<ConnectionKey, Given[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** 32 random bytes in base64url; the connection's oldest one goes when there are too many. */
  give(connection: ConnectionKey): string {
    const challenge = randomBytes(32).toString("base64url");
    const until = this.#clock.monotonic() + CHALLENGE_SECONDS * 1000;
    const given = [...(this.#given.get(connection) ?? []), { challenge, until }];
    this.#given.set(connection, given.slice(-CHALLENGES_PER_CONNECTION));
    return challenge;
  }

  /** Uses it up, whether or not the command is good. Throws Refusal "challenge". */
  take(connection: ConnectionKey, challenge: string): void {
    const given = this.#given.get(connection) ?? [];
    const found = given.find((one) => one.challenge === challenge);
    if (found === undefined) {
      throw new Refusal("challenge", "That challenge was not given on this connection, or has been used.");
    }
    this.#given.set(
      connection,
      given.filter((one) => one !== found),
    );
    if (this.#clock.monotonic() >= found.until) {
      throw new Refusal("challenge", `A challenge is good for ${CHALLENGE_SECONDS} seconds.`);
    }
  }
}

/** The last sequence number of each key, one file a key: no key can touch another's. */
export class Counters {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws Refusal "sequence" for a number that is not above the last; an unreadable counter lets nothing pass. */
  check(key: string, seq: number): void {
    const last = this.#last(key);
    if (seq <= last) {
      throw new Refusal("sequence", `"seq" must be above the last one that this key used, ${last}.`);
    }
  }

  /** Checks again and keeps it; on the medium when it returns. */
  advance(key: string, seq: number): void {
    this.check(key, seq);
    writeDurably(this.#path(key), `${JSON.stringify({ v: 1, key, seq })}\n`);
  }

  #last(key: string): number {
    let text: string;
    try {
      text = readFileSync(this.#path(key), "utf8");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return 0;
      throw new Refusal("sequence", "The counter of this key cannot be read.");
    }
    const { seq } = readObject(text) as { seq?: unknown };
    if (typeof seq === "number" && Number.isSafeInteger(seq)) return seq;
    throw new Refusal("sequence", "The counter of this key is damaged.");
  }

  #path(key: string): string {
    return join(this.#folder, `${createHash("sha256").update(key).digest("hex")}.json`);
  }
}

/** The newest time at which a signed command was accepted: the clock cannot have been before it since. */
export class ClockFloor {
  readonly #path: string;
  readonly #clock: Clock;
  /** Milliseconds since 1970. */
  #floor: number;

  /** `built`: when this program was made, milliseconds since 1970. */
  constructor(path: string, clock: Clock, built: number) {
    this.#path = path;
    this.#clock = clock;
    this.#floor = Math.max(built, this.#kept());
  }

  /** Throws Refusal "clock-set-back", "lifetime", "issued-in-future" or "expired". */
  check({ iat, exp }: Envelope): void {
    const now = this.#clock.wall() / 1000;
    if (now < this.#floor / 1000 - TOLERANCE) {
      throw new Refusal("clock-set-back", "The host's clock has been set back, so no command can be judged by it.");
    }
    if (exp <= iat || exp - iat > LIFETIME) {
      throw new Refusal("lifetime", `"exp" must be after "iat", at most ${LIFETIME} seconds.`);
    }
    if (iat > now + TOLERANCE) throw new Refusal("issued-in-future", `"iat" is in the future of the host's clock.`);
    if (exp <= now) throw new Refusal("expired", "The command has expired.");
  }

  /** A command with a good signature has been accepted now. */
  raise(): void {
    const now = this.#clock.wall();
    // To the second is fine enough, and spares a write for commands that come in a row.
    if (now < this.#floor + 1000) return;
    this.#floor = now;
    writeDurably(this.#path, `${JSON.stringify({ v: 1, wall: now })}\n`);
  }

  #kept(): number {
    try {
      const { wall } = readObject(readFileSync(this.#path, "utf8")) as { wall?: unknown };
      return typeof wall === "number" ? wall : 0;
    } catch {
      return 0;
    }
  }
}

function readObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
