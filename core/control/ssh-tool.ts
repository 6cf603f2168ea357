// ssh-keygen as the control protocol uses it: signing and verifying on standard input, files in a private folder, nothing of our environment.
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ProgramError } from "../errors.ts";
import type { Run } from "../tools/run.ts";

export const COMMAND_NAMESPACE = "multiversed-command@v1";
export const REPLY_NAMESPACE = "multiversed-reply@v1";
export const AUDIT_NAMESPACE = "multiversed-audit@v1";

/** By its full name, so that no PATH decides who judges signatures. */
const SSH_KEYGEN = "/usr/bin/ssh-keygen";
const PATIENCE_MS = 30_000;

/** Writes a file for one use; the folder must be ours alone (0700). */
export async function withFile<Result>(
  folder: string,
  content: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, randomBytes(12).toString("hex"));
  try {
    await writeFile(path, content, { mode: 0o600, flag: "wx" });
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

export interface VerifyRequest {
  run: Run;
  message: Uint8Array;
  /** Armoured. */
  signature: string;
  principal: string;
  namespace: string;
  /** ssh-keygen(1), ALLOWED SIGNERS. */
  allowedSigners: string;
  /** A KRL or lines of public keys; null where there is no such file by design (the host's own key). */
  revoked: string | null;
  /** A folder of ours alone for the signature's file. */
  folder: string;
}

/** null where the signature is good, else ssh-keygen's own words. Throws ProgramError where it could not be asked. */
export async function sshVerify(request: VerifyRequest): Promise<string | null> {
  const { run, message, principal, namespace, allowedSigners, revoked } = request;
  return withFile(request.folder, request.signature, async (path) => {
    const revocation = revoked === null ? [] : ["-r", revoked];
    const result = await run(
      [
        ...([SSH_KEYGEN, "-Y", "verify", "-f", allowedSigners, "-I", principal] as const),
        ...["-n", namespace, "-s", path, ...revocation],
      ],
      { stdin: message, ok: [0, 1, 255], timeoutMs: PATIENCE_MS, bare: true },
    );
    if (result.exit === 0) return null;
    return result.stderr.trim().split("\n").at(-1) || result.stdout.trim() || `ssh-keygen ended with ${result.exit}`;
  });
}

/** The armoured signature of `message`; `key` is a private key's file. */
export async function sshSign(run: Run, key: string, namespace: string, message: Uint8Array): Promise<string> {
  const argv = [SSH_KEYGEN, "-Y", "sign", "-f", key, "-n", namespace] as const;
  const { stdout, stderr } = await run(argv, { stdin: message, timeoutMs: PATIENCE_MS, bare: true });
  if (!stdout.startsWith("-----BEGIN SSH SIGNATURE-----")) throw new ProgramError(argv, "exit", 0, stderr);
  return stdout;
}
