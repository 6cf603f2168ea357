// The seat as the daemon keeps it: the code for tty1, the certificate that unlocks it, and when that ends.
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlFacts } from "../status/control-facts.ts";
import type { Run } from "../tools/run.ts";
import { Refusal } from "./refusal.ts";
import {
  CLOCK_TOLERANCE_SECONDS,
  checkSeatCertificate,
  SEAT_SECONDS,
  type SeatCertificate,
  signatureHolds,
} from "./seat-certificate.ts";
import { makeSeatCode } from "./seat-code.ts";
import { fingerprint } from "./ssh-key.ts";

/** How often clocks are looked at; whoever asks in between is told exactly. */
export const LOOK_EVERY_MS = 15_000;

export interface SeatOptions {
  run: Run;
  /** /run/multiverse/seat: of root, group multiverse-screen, mode 2750, so that the files are of that group. */
  folder: string;
  /** The line of the seat's public key, /run/multiverse-seat/key.pub; null where its agent does not run. */
  seatKey(): Promise<string | null>;
  /** What the policy lets the seat do. */
  operations(): readonly string[];
  /** Milliseconds of the monotonic clock, and since 1970. */
  monotonic(): number;
  wall(): number;
  /** The seat was locked or unlocked. */
  changed(): void;
  /** For tests: the code as a number. */
  digits?: () => number;
}

export interface Seat {
  /** Begins locked: removes what an earlier daemon left, and writes the first code. */
  open(): Promise<void>;
  /** Physical presence: whether that is the code of tty1. A right one is used up. */
  present(code: string): Promise<boolean>;
  /** The operation seat.grant; `by` signed the command. Throws Refusal "presence" or "seat-certificate". */
  grant(args: { code: string; certificate: string }, by: { principal: string; fingerprint: string }): Promise<void>;
  /** The operation seat.drop. */
  drop(): Promise<void>;
  /** Whether a signature with this certificate ("SHA256:…" of its whole blob) may count: only the one granted, until it ends or is dropped. */
  admits(certificate: string): boolean;
  /** What the status tells; null while it is locked. */
  facts(): ControlFacts["seat"];
  /** Looks at the clocks: to be called every LOOK_EVERY_MS. */
  look(): Promise<void>;
}

interface Granted extends SeatCertificate {
  by: string;
  /** Milliseconds of the monotonic clock. */
  deadline: number;
}

/** The seat; nothing is done before open(). */
export function makeSeat(options: SeatOptions): Seat {
  const { folder, monotonic, wall } = options;
  const code = makeSeatCode(monotonic, options.digits);
  let granted: Granted | null = null;
  /** One change of the files at a time. */
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  const write = (name: string, text: string) => writeForGroup(join(folder, name), `${text}\n`);
  const showCode = () => inTurn(() => write("code", code.shown));
  const over = ({ deadline, until }: Granted) => monotonic() >= deadline || wall() >= until * 1000;

  const drop = async () => {
    const was = granted;
    granted = null;
    await inTurn(() => rm(join(folder, "certificate"), { force: true }));
    if (was !== null) options.changed();
  };
  const present = async (said: string): Promise<boolean> => {
    const before = code.shown;
    const right = code.take(said);
    if (code.shown !== before) await showCode();
    return right;
  };

  return {
    open: async () => {
      // systemd-tmpfiles makes it; where that has not run, nobody but root can read.
      await mkdir(folder, { recursive: true, mode: 0o750 });
      await drop();
      await showCode();
    },
    present,
    grant: async (args, by) => {
      // The code goes first: whoever is not at the machine learns nothing of the seat.
      if (!(await present(args.code))) throw new Refusal("presence", "That is not the code that tty1 shows.");
      const now = wall() / 1000;
      const seatKey = (await options.seatKey()) ?? "";
      const certificate = checkSeatCertificate({ line: args.certificate, seatKey, signer: by.fingerprint, now });
      await signatureHolds(options.run, certificate.line);
      const left = Math.min(certificate.until - now, SEAT_SECONDS + CLOCK_TOLERANCE_SECONDS);
      const next = { ...certificate, by: by.principal, deadline: monotonic() + left * 1000 };
      await inTurn(() => write("certificate", certificate.line));
      granted = next;
      options.changed();
    },
    drop,
    admits: (certificate) => granted !== null && !over(granted) && fingerprint(granted.blob) === certificate,
    facts: () =>
      granted === null || over(granted)
        ? null
        : { by: granted.by, until: granted.until * 1000, operations: [...options.operations()] },
    look: async () => {
      if (granted !== null && over(granted)) await drop();
      if (code.renewIfOld()) await showCode();
    },
  };
}

/** /run/multiverse-seat/key.pub or wherever it is; null where there is none. */
export async function readSeatKey(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return null;
  }
}

/** Readers see the old text or the new one. The group is the folder's, by its set-group-ID bit. */
async function writeForGroup(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  await writeFile(fresh, text, { mode: 0o640 });
  // writeFile's mode is cut by the umask.
  await chmod(fresh, 0o640);
  await rename(fresh, path);
}
