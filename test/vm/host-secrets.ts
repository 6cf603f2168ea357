// Passwords and passphrases of a test host: made at run time, so that none is in the repository.
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "../../core/tools/run.ts";

export interface HostSecrets {
  rootPassword: string;
  rootHash: string;
  adaPassword: string;
  adaHash: string;
  passphrase: string;
  recoveryPassphrase: string;
  /** The key that commands the host: an unencrypted OpenSSH private key, and its .pub line. */
  adminKey: string;
  adminPublic: string;
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
    ...(await makeAdminKey(run)),
  };
}

async function makeAdminKey(run: Run): Promise<Pick<HostSecrets, "adminKey" | "adminPublic">> {
  const folder = await mkdtemp(join(tmpdir(), "mv-admin-"));
  try {
    const file = join(folder, "key");
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "grace", "-f", file]);
    return {
      adminKey: await readFile(file, "utf8"),
      adminPublic: (await readFile(`${file}.pub`, "utf8")).trim(),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function hashPassword(run: Run, password: string): Promise<string> {
  const result = await run(["openssl", "passwd", "-6", "-stdin"], { secret: Buffer.from(`${password}\n`) });
  return result.stdout.trim();
}
