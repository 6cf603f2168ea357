// What an attacker on the host has: the control socket, keys in files, and any bytes.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type ControlClient, type EnvelopeFields, makeEnvelope, openControl } from "../../../core/control/client.ts";
import type { Reply } from "../../../core/control/frames.ts";
import type { HelloReply, ReplyMessage } from "../../../core/control/reply.ts";
import { fingerprint, parseKeyLine } from "../../../core/control/ssh-key.ts";
import { COMMAND_NAMESPACE, REPLY_NAMESPACE } from "../../../core/control/ssh-tool.ts";
import { holds } from "../../../core/control/sshsig-verify.ts";

const SOCKET = "/run/multiverse/control.sock";
const HOST_KEY = "/etc/ssh/host-keys/ssh_host_ed25519_key.pub";

export interface Person {
  name: string;
  /** The private key's file. */
  file: string;
  fingerprint: string;
}

export function person(name: string, file = name): Person {
  const key = parseKeyLine(readFileSync(`${file}.pub`, "utf8"));
  if (key === null) throw new Error(`${file}.pub is no key`);
  return { name, file, fingerprint: fingerprint(key.blob) };
}

/** Tries again while the queue of those who wait to be let in is full: connect(2), EAGAIN. */
export async function connectRaw(): Promise<Socket> {
  for (;;) {
    try {
      return await connectOnce();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      await setTimeout(20);
    }
  }
}

function connectOnce(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path: SOCKET, allowHalfOpen: true });
    socket.once("connect", () => resolve(socket)).once("error", reject);
  });
}

export const connect = (): Promise<ControlClient> => openControl({ connect: connectRaw });

/** An envelope that is right but for `fields`; with `seq` among them it needs no challenge. */
export function envelope(by: Person, hello: HelloReply, op: string, fields: Partial<EnvelopeFields> = {}): Uint8Array {
  const fresh = fields.seq === undefined ? { challenge: hello.challenge } : {};
  const times = { iat: hello.now, exp: hello.now + 60 };
  const who = { host: hello.host, key: by.fingerprint, principal: by.name };
  return makeEnvelope({ ...who, ...times, ...fresh, op, args: {}, ...fields });
}

export function sign(by: Person, bytes: Uint8Array, namespace = COMMAND_NAMESPACE): string {
  return execFileSync("ssh-keygen", ["-Y", "sign", "-f", by.file, "-n", namespace], {
    input: bytes,
    stdio: ["pipe", "pipe", "ignore"],
  }).toString();
}

export const idOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * What the host said, and whether it signed that: "wrong-host unsigned", "done signed", "done again signed", "closed".
 * A signature that is not the host's, or of another command, is "forged".
 */
export async function send(client: ControlClient, bytes: Uint8Array, signatures: readonly string[]): Promise<string> {
  let reply: Reply;
  try {
    reply = await client.send(bytes, signatures);
  } catch {
    return "closed";
  }
  const said = inWords(reply, idOf(bytes));
  if (said.startsWith("done signed")) told({ accepted: idOf(bytes) });
  return said;
}

export function inWords({ json, signature }: Reply, id: string): string {
  const message = JSON.parse(json) as ReplyMessage;
  const what =
    message.type === "hello"
      ? "hello"
      : message.type === "refused"
        ? message.code
        : `${message.outcome}${message.repeated ? " again" : ""}`;
  if (signature === "") return `${what} unsigned`;
  const keyLine = readFileSync(HOST_KEY, "utf8");
  const good = holds({ message: Buffer.from(json), armoured: signature, namespace: REPLY_NAMESPACE, keyLine });
  return `${what} ${good && message.type !== "hello" && message.id === id ? "signed" : "forged"}`;
}

/** A right command on a connection of its own: the host still serves who may. */
export async function rightCommand(
  by: Person,
  op = "seat.drop",
  fields: Partial<EnvelopeFields> = {},
): Promise<string> {
  const client = await connect();
  try {
    const bytes = envelope(by, await client.hello(), op, fields);
    return await send(client, bytes, [sign(by, bytes)]);
  } finally {
    client.close();
  }
}

/** One line of what this program says to the scenario that started it. */
export function told(
  line: { title: string; seen: string; expected: string } | { accepted: string } | { note: string },
) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
