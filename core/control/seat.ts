// The seat, tty1: the code that proves that somebody is there, and the certificate that unlocks it for some hours.
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../tools/run.ts";
import type { Clock } from "./clock.ts";
import { Refusal } from "./refusal.ts";
import { checkSeatCertificate, SEAT_SECONDS, type SeatCertificate, signatureHolds } from "./seat-certificate.ts";
import { makeSeatCode, type SeatCode } from "./seat-code.ts";
import { fingerprint } from "./ssh-key.ts";

/** How often the clocks are looked at; whoever asks in between is told exactly. */
export const LOOK_EVERY_MS = 15_000;
/** Where multiverse-seat-agent.service leaves the public half of the seat's key. */
export const SEAT_KEY = "/run/multiverse-seat/key.pub";

export interface SeatOptions {
  run: Run;
  /** /run/multiverse/seat: in memory, so that a restart of the machine locks the seat. */
  folder: string;
  /** Who may read the code and the certificate besides us: the screen's group; null in tests. */
  group: number | null;
  /** SEAT_KEY. */
  keyFile: string;
  clock: Clock;
  /** The seat was locked or unlocked. */
  changed(): void;
  /** For tests: the code as a number. */
  digits?: () => number;
}

export interface Grant {
  /** The principal who granted it. */
  by: string;
  /** Milliseconds since 1970. */
  until: number;
}

interface Granted extends Grant {
  /** "SHA256:…" of the certificate's whole blob. */
  blob: string;
  /** Milliseconds of the monotonic clock. */
  deadline: number;
}

export class Seat {
  readonly #options: SeatOptions;
  readonly #code: SeatCode;
  #granted: Granted | null = null;
  #stopLooking: () => void = () => {};

  /** What an earlier daemon granted stays, if it still is good: a crash of ours locks nobody out. */
  constructor(options: SeatOptions) {
    this.#options = options;
    const { folder, group, clock } = options;
    // systemd-tmpfiles makes it, with the set-group-ID bit; where that has not run, it is made as far as we can.
    // Not by mkdir's mode: the daemon's umask would take the group's part of it.
    if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o750);
    if (group !== null && statSync(folder).gid !== group) chownSync(folder, -1, group);
    this.#code = makeSeatCode(() => clock.monotonic(), options.digits);
    this.#showCode();
    this.#takeUp();
    this.#lookLater();
  }

  /** The line of the seat's public key, which a certificate has to be for; null where its agent does not run. */
  get key(): string | null {
    return readText(this.#options.keyFile)?.trim() ?? null;
  }

  /** What unlocks it now; null while it is locked. */
  get granted(): Grant | null {
    if (this.#granted !== null && this.#over(this.#granted)) this.drop();
    return this.#granted;
  }

  /** Physical presence. A right code is used up, and after five wrong ones there is another. Throws Refusal "presence". */
  spendCode(given: string): void {
    const before = this.#code.shown;
    const right = this.#code.take(given);
    if (this.#code.shown !== before) this.#showCode();
    if (!right) throw new Refusal("presence", "That is not the code that tty1 shows now.");
  }

  /** `line`: a -cert.pub file's, for the seat's key, by the key of whoever asks. Throws Refusal "seat-certificate". */
  async grant(line: string, by: { principal: string; key: { fingerprint: string } }): Promise<Grant> {
    const certificate = this.#check(line, by.key.fingerprint);
    await signatureHolds(this.#options.run, certificate.line);
    // The comment says who it was, for after a restart of the daemon.
    this.#write("certificate", `${certificate.line} ${by.principal}\n`);
    return this.#unlock(certificate, by.principal);
  }

  /** Locks it. The agent keeps its key: without the certificate, which counts no more, that is worth nothing. */
  drop(): void {
    rmSync(this.#path("certificate"), { force: true });
    const was = this.#granted;
    this.#granted = null;
    if (was !== null) this.#options.changed();
  }

  /** A good signature is not enough: the certificate must be the very one that was granted and not dropped. `blob`: "SHA256:…" of all of it. Throws Refusal "seat-certificate". */
  check({ blob }: { blob: string }): void {
    if (this.granted === null) throw new Refusal("seat-certificate", "The seat is locked.");
    if (blob !== this.#granted?.blob)
      throw new Refusal("seat-certificate", "That is not the certificate that the seat was unlocked with.");
  }

  close(): void {
    this.#stopLooking();
  }

  #check(line: string, signer: string | null): SeatCertificate {
    return checkSeatCertificate({ line, seatKey: this.key ?? "", signer, now: this.#options.clock.wall() / 1000 });
  }

  #unlock({ blob, until }: SeatCertificate, by: string): Grant {
    const { clock } = this.#options;
    const left = Math.min(until - clock.wall() / 1000, SEAT_SECONDS);
    const deadline = clock.monotonic() + left * 1000;
    this.#granted = { by, until: until * 1000, blob: fingerprint(blob), deadline };
    this.#options.changed();
    return { by, until: until * 1000 };
  }

  #takeUp(): void {
    const [type, base64, by] = (readText(this.#path("certificate")) ?? "").trim().split(" ");
    try {
      // Only we write there, and only what a signature was found to hold on.
      if (by !== undefined) this.#unlock(this.#check(`${type} ${base64}`, null), by);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    if (this.#granted === null) this.drop();
  }

  #over({ deadline, until }: Granted): boolean {
    return this.#options.clock.monotonic() >= deadline || this.#options.clock.wall() >= until;
  }

  #lookLater(): void {
    this.#stopLooking = this.#options.clock.after(LOOK_EVERY_MS, () => {
      if (this.#granted !== null && this.#over(this.#granted)) this.drop();
      if (this.#code.renewIfOld()) this.#showCode();
      this.#lookLater();
    });
  }

  #showCode(): void {
    this.#write("code", `${this.#code.shown}\n`);
  }

  /** Readers see the old text or the new one. */
  #write(name: string, content: string): void {
    const fresh = this.#path(`${name}.new`);
    rmSync(fresh, { force: true });
    writeFileSync(fresh, content, { mode: 0o600, flag: "wx" });
    const { group } = this.#options;
    // The folder's set-group-ID bit has done it already, where there is one: then no capability is needed.
    if (group !== null && statSync(fresh).gid !== group) chownSync(fresh, -1, group);
    chmodSync(fresh, 0o640);
    renameSync(fresh, this.#path(name));
  }

  #path(name: string): string {
    return join(this.#options.folder, name);
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
