// The seat, tty1: the code that proves that somebody is there, and the certificate that unlocks it for some hours.
import { randomInt, timingSafeEqual } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import { SEAT } from "./policy.ts";
import { Refusal } from "./refusal.ts";
import { readPublicKeyLine, type SshPublicKey } from "./sshsig.ts";

export const SEAT_SECONDS = 8 * 3600;
/** Seconds that the clocks of whoever signs and of the host may differ. */
const TOLERANCE = 300;
/** Letters and digits that nobody takes for another when reading them off a screen. */
const LETTERS = "ACDEFHJKLMNPRTUVWXY34679";
const CODE_LENGTH = 8;

export interface SeatOptions {
  /** /run/multiverse/seat: in memory, so that a restart of the machine locks the seat. */
  folder: string;
  /** Who may read the code and the certificate besides us: the screen's group; null in tests. */
  group: number | null;
  clock: Clock;
}

export interface Grant {
  /** The principal who granted it. */
  by: string;
  /** Milliseconds since 1970. */
  until: number;
  key: SshPublicKey;
}

export class Seat {
  readonly #options: SeatOptions;
  #code = "";
  #granted: Grant | null;

  constructor(options: SeatOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    // Not by mkdir's mode: the daemon's umask would take the group's part of it.
    chmodSync(options.folder, 0o750);
    if (options.group !== null) chownSync(options.folder, -1, options.group);
    this.#granted = this.#kept();
    this.#newCode();
  }

  /** The certificate that is good now. */
  get granted(): Grant | null {
    if (this.#granted !== null && this.#granted.until <= this.#options.clock.wall()) this.drop();
    return this.#granted;
  }

  /** Every attempt, right or wrong, uses the code up: there is nothing to guess on. Throws Refusal "presence". */
  spendCode(given: string): void {
    const right = Buffer.from(this.#code);
    const said = Buffer.from(given.replaceAll("-", ""));
    const same = right.length === said.length && timingSafeEqual(right, said);
    this.#newCode();
    if (!same) throw new Refusal("presence", "That is not the code that tty1 shows; it shows another one now.");
  }

  /** `line`: a -cert.pub file's, for the seat, by the key of whoever asks, for at most 8 hours. Throws Refusal "seat-certificate". */
  grant(line: string, by: { principal: string; key: SshPublicKey }): Grant {
    const wrong = (text: string) => new Refusal("seat-certificate", text);
    const key = readLine(line);
    const certificate = key?.certificate ?? null;
    if (key === null || certificate === null) throw wrong("That is no certificate of an OpenSSH key.");
    const { principals, validAfter, validBefore, authority } = certificate;
    if (principals.length !== 1 || principals[0] !== SEAT) {
      throw wrong(`The certificate must be for the principal ${SEAT} alone.`);
    }
    if (authority !== by.key.fingerprint) throw wrong("The certificate was made by another key than the command's.");
    const now = this.#options.clock.wall() / 1000;
    if (validAfter > now + TOLERANCE || validBefore <= now) throw wrong("The certificate is not good now.");
    if (validBefore > now + SEAT_SECONDS + TOLERANCE) throw wrong("The certificate is good for more than 8 hours.");
    // The comment says who it was, for after a restart of the daemon.
    this.#write("certificate", `${line} ${by.principal}\n`);
    this.#granted = { by: by.principal, until: validBefore * 1000, key };
    return this.#granted;
  }

  drop(): void {
    rmSync(this.#path("certificate"), { force: true });
    this.#granted = null;
  }

  /** A good signature is not enough: the certificate must be the one that was granted and not dropped. Throws Refusal "seat-certificate". */
  check(key: SshPublicKey): void {
    const granted = this.granted;
    if (granted === null) throw new Refusal("seat-certificate", "The seat is locked.");
    if (key.certificate === null || key.blob !== granted.key.blob) {
      throw new Refusal("seat-certificate", "That is not the certificate that the seat was unlocked with.");
    }
  }

  #newCode(): void {
    this.#code = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
    this.#write("code", `${this.#code.slice(0, 4)}-${this.#code.slice(4)}\n`);
  }

  #kept(): Grant | null {
    let text: string;
    try {
      text = readFileSync(this.#path("certificate"), "utf8");
    } catch {
      return null;
    }
    const key = readLine(text);
    const by = text.trim().split(" ")[2];
    if (key?.certificate == null || by === undefined) return null;
    return { by, until: key.certificate.validBefore * 1000, key };
  }

  #write(name: string, content: string): void {
    const path = this.#path(name);
    rmSync(path, { force: true });
    writeFileSync(path, content, { mode: 0o600, flag: "wx" });
    const { group } = this.#options;
    if (group !== null) chownSync(path, -1, group);
    chmodSync(path, 0o640);
  }

  #path(name: string): string {
    return join(this.#options.folder, name);
  }
}

function readLine(line: string): SshPublicKey | null {
  try {
    return readPublicKeyLine(line);
  } catch {
    return null;
  }
}
