// One signer or two: two must be two people with two keys, and neither key may count as the other person's.
import type { Run } from "../tools/run.ts";
import type { Envelope } from "./envelope.ts";
import type { CommandBody } from "./frames.ts";
import { Refusal } from "./refusal.ts";
import { countsAs, type SignatureFiles, type VerifiedSigner, verifySignature } from "./signature.ts";
import type { SshPublicKey } from "./sshsig.ts";

export interface SignersToVerify {
  run: Run;
  files: SignatureFiles;
  command: CommandBody;
  envelope: Envelope;
  /** What each signature says of its key. */
  keys: readonly SshPublicKey[];
}

/** Throws Refusal "two-signers", or what verifySignature throws. */
export async function verifySigners({
  run,
  files,
  command,
  envelope,
  keys,
}: SignersToVerify): Promise<VerifiedSigner[]> {
  const names = envelope.second === null ? [envelope.principal] : [envelope.principal, envelope.second];
  if (names.length !== command.signatures.length) {
    throw new Refusal("two-signers", `A second signature goes with "second", which names its principal.`);
  }
  const [firstKey, secondKey] = keys;
  if (secondKey !== undefined && (names[0] === names[1] || firstKey?.fingerprint === secondKey.fingerprint)) {
    throw new Refusal("two-signers", "Both signatures are of the same person.");
  }
  const requests = names.flatMap((principal, index) => {
    const [armoured, key] = [command.signatures[index], keys[index]];
    if (armoured === undefined || key === undefined) return [];
    return [{ run, files, envelope: command.envelope, armoured, principal, key }];
  });
  const signers: VerifiedSigner[] = [];
  for (const request of requests) signers.push(await verifySignature(request));
  if (requests.length === 2) {
    for (const [index, request] of requests.entries()) {
      // A key that is listed for both would let one person be two.
      const other = names[1 - index];
      if (other !== undefined && (await countsAs({ ...request, principal: other }))) {
        throw new Refusal("two-signers", "One of the keys counts as both people's.");
      }
    }
  }
  return signers;
}
