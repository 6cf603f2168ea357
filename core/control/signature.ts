// Who signed a command: what the signature says of itself must fit the envelope, then ssh-keygen judges it.
import { ProgramError } from "../errors.ts";
import { scrub } from "../inventory/scrub.ts";
import type { Run } from "../tools/run.ts";
import { Refusal } from "./refusal.ts";
import { COMMAND_NAMESPACE, sshVerify } from "./ssh-tool.ts";
import { readSshSignature, type SshPublicKey } from "./sshsig.ts";

export interface SignatureFiles {
  allowedSigners: string;
  revokedKeys: string;
  /** A folder of the daemon alone (0700), for the signature while it is looked at. */
  folder: string;
}

export interface VerifiedSigner {
  principal: string;
  key: SshPublicKey;
}

const HASHES = new Set(["sha256", "sha512"]);

/** The cheap part: what a signature must say of itself. `fingerprint`: what the envelope says of the key; null for the second signer. Throws Refusal. */
export function readCommandSignature(armoured: string, fingerprint: string | null): SshPublicKey {
  const { namespace, hash, key } = readSshSignature(armoured);
  if (namespace !== COMMAND_NAMESPACE) {
    throw new Refusal("signature-namespace", `The signature is not in the namespace ${COMMAND_NAMESPACE}.`);
  }
  if (!HASHES.has(hash)) throw new Refusal("signature-format", "The signature's hash is neither sha256 nor sha512.");
  if (fingerprint !== null && key.fingerprint !== fingerprint) {
    throw new Refusal("signature-key", "The signature is of another key than the envelope says.");
  }
  return key;
}

export interface SignatureToVerify {
  run: Run;
  /** The exact bytes. */
  envelope: Uint8Array;
  armoured: string;
  principal: string;
  /** What readCommandSignature gave. */
  key: SshPublicKey;
  files: SignatureFiles;
}

/** Throws Refusal "signature-refused": unknown key, other bytes, revoked, expired, not for that principal. */
export async function verifySignature(request: SignatureToVerify): Promise<VerifiedSigner> {
  const { principal, key } = request;
  const said = await askSshKeygen(request);
  if (said === null) return { principal, key };
  throw new Refusal("signature-refused", `ssh-keygen does not take the signature: ${scrub(said)}`);
}

/** Whether that signature would also count as another principal's. */
export async function countsAs(request: SignatureToVerify): Promise<boolean> {
  return (await askSshKeygen(request)) === null;
}

async function askSshKeygen({ run, envelope, armoured, principal, files }: SignatureToVerify): Promise<string | null> {
  try {
    return await sshVerify({
      ...{ run, message: envelope, signature: armoured, principal, namespace: COMMAND_NAMESPACE },
      ...{ allowedSigners: files.allowedSigners, revoked: files.revokedKeys, folder: files.folder },
    });
  } catch (cause) {
    if (!(cause instanceof ProgramError)) throw cause;
    throw new Refusal("signature-refused", `The signature could not be looked at: ${scrub(cause.message)}`);
  }
}
