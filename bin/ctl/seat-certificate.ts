// Makes the certificate that unlocks a host's seat, with the key that signs the command; its files are gone afterwards.
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Signer } from "../../core/control/signers/signer.ts";
import { signingEnvironment } from "../../core/control/signers/ssh-keygen-signer.ts";
import { needsTouch, parseKeyLine } from "../../core/control/ssh-key.ts";
import { ActionableError, EXIT, ProgramError } from "../../core/errors.ts";
import { hasTerminal, type Keys } from "./choose-signer.ts";

/** The principal of every seat. */
const SEAT = "seat";
/** From a little before now, since the host's clock may be behind, for eight hours. */
const VALID = "-5m:+8h";

/**
 * @param file of --key; without it the key is in the agent
 * @param seatKey the line of the seat's public key, as the host's daemon tells it
 * @returns "TYPE BASE64" of the certificate
 * @throws ActionableError `no-seat`, `no-certificate`
 */
export async function makeSeatCertificate(
  { run, say, agent }: Keys,
  signer: Signer,
  file: string | undefined,
  seatKey: string | null,
): Promise<string> {
  const key = parseKeyLine(seatKey ?? "");
  if (key === null)
    throw new ActionableError({
      code: "no-seat",
      exit: EXIT.refused,
      message: "That host has no seat to unlock.",
      evidence: ["its daemon knows no public key of a seat"],
      hint: "On the host: systemctl status multiverse-seat-agent",
    });
  const folder = await mkdtemp(join(tmpdir(), "multiverse-seat-"));
  try {
    await writeFile(join(folder, "seat.pub"), `${key.type} ${key.blob.toString("base64")}\n`);
    await writeFile(join(folder, "authority.pub"), `${signer.publicKey}\n`);
    // -U: the authority's key is in the agent, and named by its public half.
    const authority =
      file === undefined || file.endsWith(".pub") ? ["-U", "-s", join(folder, "authority.pub")] : ["-s", file];
    if (needsTouch(signer.publicKey.split(" ")[0] ?? "")) say("Touch the security key when it blinks (certificate).\n");
    const serial = String(randomBytes(6).readUIntBE(0, 6));
    await run(
      [
        ...(["ssh-keygen", "-q", ...authority, "-I", "multiverse seat", "-n", SEAT, "-V", VALID] as const),
        ...["-z", serial, "-O", "clear", join(folder, "seat.pub")],
      ],
      { timeoutMs: 300_000, environment: signingEnvironment(hasTerminal(), agent) },
    );
    const line = await readFile(join(folder, "seat-cert.pub"), "utf8");
    return line.trim().split(" ").slice(0, 2).join(" ");
  } catch (error) {
    throw error instanceof ProgramError ? noCertificate(error) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noCertificate(error: ProgramError): ActionableError {
  return new ActionableError({
    code: "no-certificate",
    exit: EXIT.refused,
    message: "The certificate for the seat could not be made.",
    evidence: error.stderr.trim().split("\n").slice(-3),
    hint: "ssh-keygen has to sign it with the same key as the command: a wrong passphrase, or a key that is not there?",
    cause: error,
  });
}
