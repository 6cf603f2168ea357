// Which key signs: a file, one of the agent, or the agent's only one.
import { closeSync, openSync } from "node:fs";
import { signerInAgent } from "../../core/control/signers/agent-signer.ts";
import type { Signer } from "../../core/control/signers/signer.ts";
import { keyFileSigner } from "../../core/control/signers/ssh-keygen-signer.ts";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { Run } from "../../core/tools/run.ts";

export interface Keys {
  run: Run;
  say(text: string): void;
  /** SSH_AUTH_SOCK */
  agent: string | undefined;
}

/** @throws ActionableError `no-key`, `usage`, and what the signers throw */
export async function chooseSigner(
  { run, say, agent }: Keys,
  file: string | undefined,
  wanted: string | undefined,
): Promise<Signer> {
  if (file !== undefined && wanted !== undefined)
    throw new ActionableError({
      ...{ code: "usage", exit: EXIT.usage, message: "--key and --agent are two keys.", hint: "Give one of them." },
    });
  if (file !== undefined)
    return keyFileSigner({ run, file, terminal: hasTerminal(), say, ...(agent === undefined ? {} : { agent }) });
  if (agent !== undefined) return signerInAgent(agent, wanted);
  throw new ActionableError({
    code: "no-key",
    exit: EXIT.refused,
    message: "There is no key to sign with.",
    evidence: ["no --key, and no ssh-agent: SSH_AUTH_SOCK is not set"],
    hint: "--key ~/.ssh/id_ed25519, or start an agent: eval $(ssh-agent); ssh-add",
  });
}

/** Whether a program that we start can ask on the terminal. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r+"));
    return true;
  } catch {
    return false;
  }
}
