// Signs through `ssh-keygen -Y sign`: a key in a file, in a FIDO token, or (named by its .pub) in the person's ssh-agent.
import { readFile } from "node:fs/promises";
import { ActionableError, EXIT, ProgramError } from "../../errors.ts";
import type { Run } from "../../tools/run.ts";
import { fingerprint, keyLine, needsTouch, type PublicKey, parseKeyLine, publicHalf, typeOf } from "../ssh-key.ts";
import type { Signer } from "./signer.ts";

/** A person types a passphrase, a PIN, or looks for the token. */
const PATIENCE_MS = 300_000;
/** ssh-keygen(1) says no more than this of itself while it signs. */
const USUAL = /^(Signing data on standard input|Write signature to )/;

export interface KeyFileOptions {
  run: Run;
  /** The private key's file, or a .pub whose private half the agent holds or that lies beside it. */
  file: string;
  /** Whether there is a terminal to ask on: then no window asks for the passphrase. */
  terminal: boolean;
  /** SSH_AUTH_SOCK of the person; only ssh-keygen gets it. */
  agent?: string;
  /** What a person has to be told while it signs, such as to touch the token. */
  say(text: string): void;
}

/**
 * A signer for a key file. The passphrase is asked by ssh-keygen on /dev/tty, never by us: programs that the Run port
 * starts keep the person's terminal as their controlling one.
 * @throws ActionableError `key-unreadable`; `sign` throws `not-signed`
 */
export async function keyFileSigner({ run, file, terminal, agent, say }: KeyFileOptions): Promise<Signer> {
  const key = await publicKeyOf(file);
  return {
    fingerprint: fingerprint(key.blob),
    publicKey: keyLine(key.blob, key.comment),
    sign: async (bytes, namespace) => {
      // ssh-keygen tells of a touch only where its standard error is a terminal: readconf's notify_start().
      if (needsTouch(key.type)) say(`Touch the security key when it blinks (${file}).\n`);
      try {
        const { stdout } = await run(["ssh-keygen", "-Y", "sign", "-n", namespace, "-f", file], {
          stdin: bytes,
          timeoutMs: PATIENCE_MS,
          environment: signingEnvironment(terminal, agent),
          onLine: (line, stream) => {
            if (stream === "stderr" && !USUAL.test(line)) say(`${line}\n`);
          },
        });
        return stdout;
      } catch (error) {
        throw error instanceof ProgramError ? notSigned(file, error) : error;
      }
    },
  };
}

/**
 * What ssh-keygen may need of the person's environment. Without a terminal on standard input it would prefer a window
 * (ssh-askpass) wherever DISPLAY is set, installed or not.
 */
export function signingEnvironment(terminal: boolean, agent: string | undefined): Record<string, string> {
  return {
    ...(terminal ? { SSH_ASKPASS_REQUIRE: "never" } : {}),
    ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }),
  };
}

async function publicKeyOf(file: string): Promise<PublicKey> {
  const text = await readText(file);
  if (text === null)
    throw new ActionableError({
      code: "key-unreadable",
      exit: EXIT.usage,
      message: `The key ${file} cannot be read.`,
      hint: "Name the private key's file, or the .pub of a key in your ssh-agent; without --key the agent is asked.",
    });
  const key = publicHalf(text) ?? parseKeyLine(text) ?? parseKeyLine((await readText(`${file}.pub`)) ?? "");
  if (key === null || (typeOf(key.blob) ?? "").includes("-cert-"))
    throw new ActionableError({
      code: "key-unreadable",
      exit: EXIT.usage,
      message: `${file} is no key that ssh-keygen signs with.`,
      hint: `An older file needs its public half beside it: ssh-keygen -y -f ${file} >${file}.pub`,
    });
  return key;
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return null;
  }
}

function notSigned(file: string, error: ProgramError): ActionableError {
  const said = error.stderr
    .trim()
    .split("\n")
    .filter((line) => line !== "" && !USUAL.test(line));
  return new ActionableError({
    code: "not-signed",
    exit: error.reason === "missing" ? EXIT.stepFailed : EXIT.refused,
    message: `Nothing was signed with ${file}.`,
    evidence: error.reason === "missing" ? ["ssh-keygen is not installed"] : said.slice(-3),
    hint:
      error.reason === "missing"
        ? "apt install openssh-client"
        : "A wrong passphrase, a token that is not plugged in, or a .pub whose key the ssh-agent does not hold: ssh-add -l",
    cause: error,
  });
}
