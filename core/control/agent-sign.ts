// Signing with a key in an ssh-agent and a certificate that the agent does not hold (draft-ietf-sshm-ssh-agent, PROTOCOL.sshsig).
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { ActionableError, EXIT } from "../errors.ts";
import { plainKeyOf } from "./sshsig.ts";

export interface AgentSigning {
  /** Path of the agent's socket. */
  agent: string;
  /** A line of a .pub or -cert.pub file. ssh-keygen -Y sign asks the agent for exactly that; an agent that got its key before there was a certificate refuses. */
  publicKey: string;
  namespace: string;
  message: Uint8Array;
}

const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
/** For RSA keys: not SHA-1. Others pass over it. */
const RSA_SHA2_512 = 4;
const ANSWER_LIMIT = 65_536;
const PATIENCE_MS = 10_000;

/** The armoured signature. Throws ActionableError where the agent is not there or has not that key. */
export async function signWithAgent({ agent, publicKey, namespace, message }: AgentSigning): Promise<string> {
  const blob = Buffer.from(publicKey.trim().split(/\s+/)[1] ?? "", "base64");
  const hashed = createHash("sha512").update(message).digest();
  const body = [namespace, "", "sha512"].map((text) => field(Buffer.from(text)));
  const toSign = Buffer.concat([Buffer.from("SSHSIG"), ...body, field(hashed)]);
  const flags = Buffer.alloc(4);
  flags.writeUInt32BE(RSA_SHA2_512);
  const request = Buffer.concat([Buffer.of(SIGN_REQUEST), field(plainKeyOf(blob)), field(toSign), flags]);
  const answer = await ask(agent, field(request));
  if (answer[0] !== SIGN_RESPONSE) throw refused("It has not that key, or its owner said no.");
  const signature = answer.subarray(1);
  const version = Buffer.from([0, 0, 0, 1]);
  const signed = Buffer.concat([Buffer.from("SSHSIG"), version, field(blob), ...body, signature]);
  const lines = signed.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----", ""].join("\n");
}

function ask(agent: string, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: agent, timeout: PATIENCE_MS });
    let got: Buffer = Buffer.alloc(0);
    const fail = (cause: unknown) => {
      socket.destroy();
      reject(refused("It does not answer.", cause));
    };
    socket.on("error", fail);
    socket.on("timeout", () => fail(undefined));
    socket.on("close", () => fail(undefined));
    socket.on("data", (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      const length = got.length < 4 ? 0 : got.readUInt32BE(0);
      if (length > ANSWER_LIMIT) return fail(undefined);
      if (length === 0 || got.length < 4 + length) return;
      resolve(got.subarray(4, 4 + length));
      socket.destroy();
    });
    socket.write(request);
  });
}

function field(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function refused(evidence: string, cause?: unknown): ActionableError {
  return new ActionableError({
    ...{ code: "agent-refused", exit: EXIT.refused, message: "The ssh-agent did not sign.", evidence: [evidence] },
    ...(cause === undefined ? {} : { cause }),
  });
}
