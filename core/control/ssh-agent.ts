// Talks to an ssh-agent over its socket (draft-ietf-sshm-ssh-agent): lists its keys, asks for a signature. Bounded in bytes and time.
import { createConnection } from "node:net";
import { ActionableError, EXIT } from "../errors.ts";
import { BadBytes, readWire, u32, wireString } from "./ssh-wire.ts";

/** The same bound as OpenSSH's own client has (authfd.c, AGENT_MAX_LEN is 256 KiB). */
const LONGEST_ANSWER = 262_144;
const MOST_KEYS = 2_048;
const LIST = 11;
const LISTED = 12;
const SIGN = 13;
const SIGNED = 14;
const RSA_SHA2_512 = 4;
/** A person may have to touch a token or confirm in a window. */
const SIGN_PATIENCE_MS = 60_000;
const LIST_PATIENCE_MS = 5_000;

export interface AgentKey {
  blob: Buffer;
  comment: string;
}

export interface SshAgent {
  /** The keys that it holds; certificates are among them. */
  list(): Promise<readonly AgentKey[]>;
  /** Algorithm and signature over these bytes, made by one of its keys. RSA keys sign with SHA-512. */
  sign(keyBlob: Uint8Array, data: Uint8Array): Promise<Buffer>;
}

/**
 * @param socket its path ($SSH_AUTH_SOCK)
 * @throws ActionableError from its functions: `agent-unreachable`, `agent-refused`, `agent-garbled`
 */
export function openAgent(socket: string): SshAgent {
  return {
    list: async () => {
      const answer = await ask(socket, Buffer.from([LIST]), LIST_PATIENCE_MS);
      return parsed(socket, answer, LISTED, (wire) => {
        const count = wire.u32();
        if (count > MOST_KEYS) throw new BadBytes("it claims too many keys");
        return Array.from({ length: count }, () => ({ blob: Buffer.from(wire.bytes()), comment: wire.text() }));
      });
    },
    sign: async (keyBlob, data) => {
      const rsa = readWire(keyBlob).name() === "ssh-rsa";
      const request = Buffer.concat([
        ...[Buffer.from([SIGN]), wireString(keyBlob), wireString(data), u32(rsa ? RSA_SHA2_512 : 0)],
      ]);
      const answer = await ask(socket, request, SIGN_PATIENCE_MS);
      return parsed(socket, answer, SIGNED, (wire) => Buffer.from(wire.bytes()));
    },
  };
}

function parsed<Value>(
  socket: string,
  answer: Buffer,
  kind: number,
  read: (wire: ReturnType<typeof readWire>) => Value,
): Value {
  if (answer[0] !== kind)
    throw new ActionableError({
      ...{ code: "agent-refused", exit: EXIT.refused, message: "The ssh-agent refused." },
      evidence: [`${socket} answered with message ${answer[0] ?? "nothing"}`],
      hint: "See what it holds: ssh-add -l. A key that asks for confirmation or a touch needs that within a minute.",
    });
  try {
    const wire = readWire(answer.subarray(1));
    const value = read(wire);
    wire.end();
    return value;
  } catch (error) {
    if (error instanceof BadBytes) throw garbled(socket, error.message);
    throw error;
  }
}

/** One question on a connection of its own. */
function ask(socket: string, request: Buffer, patience: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket);
    let received = Buffer.alloc(0);
    const end = (error: ActionableError | null, answer?: Buffer) => {
      clearTimeout(timer);
      connection.removeAllListeners().on("error", () => {});
      connection.destroy();
      if (error !== null) reject(error);
      else if (answer !== undefined) resolve(answer);
    };
    const timer = setTimeout(() => end(unreachable(socket, `no answer within ${patience / 1000} s`)), patience);
    connection.on("connect", () => connection.write(wireString(request)));
    connection.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4) return;
      const length = received.readUInt32BE();
      if (length === 0 || length > LONGEST_ANSWER || received.length > 4 + length)
        end(garbled(socket, "the length of its answer is wrong"));
      else if (received.length === 4 + length) end(null, received.subarray(4));
    });
    connection.on("error", (cause: NodeJS.ErrnoException) => end(unreachable(socket, cause.code ?? "no connection")));
    connection.on("close", () => end(unreachable(socket, "it closed the connection")));
  });
}

function unreachable(socket: string, why: string): ActionableError {
  return new ActionableError({
    code: "agent-unreachable",
    exit: EXIT.refused,
    message: "The ssh-agent cannot be reached.",
    evidence: [`${socket}: ${why}`],
    hint: "Start one and add the key: eval $(ssh-agent); ssh-add KEY. Or name the key's file: --key FILE",
  });
}

function garbled(socket: string, why: string): ActionableError {
  return new ActionableError({
    code: "agent-garbled",
    exit: EXIT.refused,
    message: "The ssh-agent's answer cannot be read.",
    evidence: [`${socket}: ${why}`],
  });
}
