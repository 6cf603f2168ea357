// Passwords and passphrases of a test host: made at run time, so that none is in the repository.
import { randomBytes } from "node:crypto";
import type { Run } from "../../core/tools/run.ts";

export interface HostSecrets {
  rootPassword: string;
  rootHash: string;
  adaPassword: string;
  adaHash: string;
  passphrase: string;
  recoveryPassphrase: string;
}

/** Letters that a US and a German keyboard have in the same place, so that a key map cannot hide a bug. */
const ALPHABET = "abcdefghijklmnopqrstuvwx";

function word(length: number): string {
  return [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

export async function makeHostSecrets(run: Run): Promise<HostSecrets> {
  const rootPassword = word(16);
  const adaPassword = word(16);
  return {
    rootPassword,
    rootHash: await hashPassword(run, rootPassword),
    adaPassword,
    adaHash: await hashPassword(run, adaPassword),
    // Where y and z are tells a German keyboard from a US one.
    passphrase: `${word(12)}zy${word(12)}`,
    recoveryPassphrase: word(24),
  };
}

async function hashPassword(run: Run, password: string): Promise<string> {
  const result = await run(["openssl", "passwd", "-6", "-stdin"], { secret: Buffer.from(`${password}\n`) });
  return result.stdout.trim();
}
