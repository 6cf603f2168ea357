// Whether a certificate may unlock the seat: for its key, for the principal `seat` alone, short, and by whoever sent it.
import { ProgramError } from "../errors.ts";
import { scrub } from "../inventory/scrub.ts";
import type { Run } from "../tools/run.ts";
import { Refusal } from "./refusal.ts";
import { type Certificate, parseCertificate } from "./ssh-certificate.ts";
import { fingerprint, parseKeyLine } from "./ssh-key.ts";
import { BadBytes } from "./ssh-wire.ts";

export const SEAT_PRINCIPAL = "seat";
export const SEAT_SECONDS = 8 * 3_600;
/** How far apart the clocks of an admin's machine and of the host may be. */
export const CLOCK_TOLERANCE_SECONDS = 300;

export interface SeatCertificate {
  /** "TYPE BASE64", without a comment. */
  line: string;
  blob: Buffer;
  /** When it ends: seconds since 1970, at most 8 h and the tolerance away. */
  until: number;
}

export interface ToCheck {
  line: string;
  /** The line of the seat's public key. */
  seatKey: string;
  /** "SHA256:…" of the key that signed the command; null: that was looked at before. */
  signer: string | null;
  /** Seconds since 1970. */
  now: number;
}

const no = (text: string) => new Refusal("seat-certificate", text);

/** Throws Refusal "seat-certificate" with what is wrong. The authority's signature is checked by signatureHolds(). */
export function checkSeatCertificate({ line, seatKey, signer, now }: ToCheck): SeatCertificate {
  const key = parseKeyLine(line);
  const seat = parseKeyLine(seatKey);
  if (seat === null) throw no("The seat has no key: see multiverse-seat-agent.service.");
  if (key === null) throw no("That is no line of a certificate.");
  const certificate = parsed(key.blob);
  if (certificate.kind !== "user") throw no("The certificate is not for a user.");
  if (!certificate.keyBlob.equals(seat.blob)) throw no("The certificate is for another key than this seat's.");
  if (certificate.principals.length !== 1 || certificate.principals[0] !== SEAT_PRINCIPAL)
    throw no(`The certificate must be for the principal ${SEAT_PRINCIPAL}, and for no other.`);
  if (certificate.criticalOptions.length > 0) throw no("The certificate has critical options.");
  if (signer !== null && fingerprint(certificate.authorityBlob) !== signer)
    throw no("The certificate is signed by another key than the command.");
  const seconds = BigInt(Math.floor(now));
  if (certificate.validBefore <= seconds) throw no("The certificate has expired.");
  if (certificate.validAfter > seconds + BigInt(CLOCK_TOLERANCE_SECONDS))
    throw no("The certificate is not valid yet: compare the two machines' clocks.");
  if (certificate.validBefore > seconds + BigInt(SEAT_SECONDS + CLOCK_TOLERANCE_SECONDS))
    throw no("The certificate is valid for longer than 8 h.");
  return {
    line: `${key.type} ${key.blob.toString("base64")}`,
    blob: key.blob,
    until: Number(certificate.validBefore),
  };
}

function parsed(blob: Buffer): Certificate {
  try {
    return parseCertificate(blob);
  } catch (error) {
    if (error instanceof BadBytes) throw no("The certificate cannot be read.");
    throw error;
  }
}

/** Lets ssh-keygen read it, which takes no certificate whose signature is wrong (sshkey.c, cert_parse). Throws Refusal. */
export async function signatureHolds(run: Run, line: string): Promise<void> {
  try {
    await run(["/usr/bin/ssh-keygen", "-L", "-f", "-"], { stdin: `${line}\n`, timeoutMs: 10_000, bare: true });
  } catch (error) {
    if (error instanceof ProgramError) throw no(`ssh-keygen does not take the certificate: ${scrub(error.stderr)}`);
    throw error;
  }
}
