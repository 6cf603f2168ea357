// Signs with a key that an ssh-agent holds; the signature may carry a certificate of that key, which the agent need not know.
import { ActionableError, EXIT } from "../../errors.ts";
import { type AgentKey, openAgent } from "../ssh-agent.ts";
import { fingerprint, keyLine, typeOf } from "../ssh-key.ts";
import { armour, signedData } from "../sshsig-armour.ts";
import type { Signer } from "./signer.ts";

export interface AgentSignerOptions {
  /** The agent's socket. */
  socket: string;
  /** The plain key. */
  keyBlob: Uint8Array;
  /** What the signature names as its key; default: the plain key. */
  certificateBlob?: Uint8Array;
}

/** A signer whose key is in an agent. `sign` throws what openAgent() does. */
export function agentSigner({ socket, keyBlob, certificateBlob }: AgentSignerOptions): Signer {
  const agent = openAgent(socket);
  return {
    fingerprint: fingerprint(keyBlob),
    publicKey: keyLine(keyBlob),
    sign: async (bytes, namespace) => {
      const hash = "sha512";
      const signature = await agent.sign(keyBlob, signedData(bytes, namespace, hash));
      return armour({ keyBlob: Buffer.from(certificateBlob ?? keyBlob), namespace, hash, signature });
    },
  };
}

/**
 * The agent's key with this fingerprint; without one, its only key. Certificates in the agent are passed over: a
 * command is signed by a key that is enrolled, and certificates are for seats.
 * @throws ActionableError `agent-lacks-key`, `which-key`, and what openAgent() throws
 */
export async function signerInAgent(socket: string, wanted: string | undefined): Promise<Signer> {
  const keys = (await openAgent(socket).list()).filter(({ blob }) => !(typeOf(blob) ?? "-cert-").includes("-cert-"));
  const found = wanted === undefined ? keys : keys.filter(({ blob }) => fingerprint(blob) === wanted);
  const [key] = found;
  if (key !== undefined && found.length === 1) return agentSigner({ socket, keyBlob: key.blob });
  if (wanted === undefined && found.length > 1)
    throw new ActionableError({
      code: "which-key",
      exit: EXIT.refused,
      message: "The ssh-agent holds more than one key.",
      evidence: keys.map(inWords),
      hint: "Name the one to sign with: --agent SHA256:… or --key FILE",
    });
  throw new ActionableError({
    code: "agent-lacks-key",
    exit: EXIT.refused,
    message: wanted === undefined ? "The ssh-agent holds no key." : `The ssh-agent does not hold the key ${wanted}.`,
    evidence: keys.map(inWords),
    hint: "Add it: ssh-add KEY. Or name the key's file: --key FILE",
  });
}

function inWords({ blob, comment }: AgentKey): string {
  return `${fingerprint(blob)} ${comment} (${typeOf(blob)})`;
}
