// Passphrases on their way from the person to the program that needs them; never in argv, environment, log or journal.
import { readFileSync } from "node:fs";
import { ActionableError, EXIT } from "../errors.ts";
import type { SecretName } from "../steps/action.ts";

/** Gives a secret's bytes when asked; throws `secret-missing` when nobody gave one. */
export type Secrets = (name: SecretName) => Uint8Array;

export interface SecretSource {
  fd?: number;
  file?: string;
  /** Typed on a screen, in memory only. */
  value?: Uint8Array;
}

const SHORTEST = 8;
const LONGEST = 512;

function option(name: SecretName): string {
  return name === "passphrase" ? "--passphrase" : "--recovery-passphrase";
}

/** Reads each source once, at the start, so that a missing or unusable one is known before the first write. */
export function readSecrets(sources: Partial<Record<SecretName, SecretSource>>): Secrets {
  const values = new Map<SecretName, Uint8Array>();
  for (const name of ["passphrase", "recovery-passphrase"] as const) {
    const source = sources[name];
    if (source === undefined) continue;
    let text: string;
    try {
      const bytes = source.value ?? readFileSync(source.fd ?? source.file ?? "");
      text = Buffer.from(bytes)
        .toString("utf8")
        .replace(/\r?\n$/, "");
    } catch (cause) {
      throw new ActionableError({
        code: "secret-unreadable",
        exit: EXIT.usage,
        message: `The ${name} cannot be read from ${source.file ?? `file descriptor ${source.fd}`}.`,
        hint: `Give it with ${option(name)}-file FILE, or ${option(name)}-fd N and N<FILE.`,
        cause,
      });
    }
    // OpenZFS takes 8 to 512 bytes (zfsprops(7), keyformat=passphrase).
    const bytes = Buffer.from(text, "utf8");
    if (bytes.length < SHORTEST || bytes.length > LONGEST || text.includes("\n")) {
      throw new ActionableError({
        code: "secret-unusable",
        exit: EXIT.refused,
        message: `The ${name} must be one line of ${SHORTEST} to ${LONGEST} bytes; ZFS takes no other.`,
        hint: "Choose a longer one, or take the line breaks out.",
      });
    }
    values.set(name, bytes);
  }
  return (name) => {
    const value = values.get(name);
    if (value === undefined) {
      throw new ActionableError({
        code: "secret-missing",
        exit: EXIT.missing,
        message: `The ${name} is missing: the spec says \`unlock: passphrase\`, and it is never stored.`,
        hint: `Give it with ${option(name)}-file FILE or ${option(name)}-fd N.`,
      });
    }
    return value;
  };
}
