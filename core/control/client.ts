// The client's side of the control protocol: greet, send a signed envelope, and believe a reply only if the host signed it.
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { ActionableError, EXIT } from "../errors.ts";
import type { Run } from "../tools/run.ts";
import { decodeReply, encodeCommand, encodeFrame, FrameReader, KIND, REPLY_FRAME_LIMIT, type Reply } from "./frames.ts";
import type { HelloReply, ReplyMessage } from "./reply.ts";
import { REPLY_NAMESPACE, sshVerify, withFile } from "./ssh-tool.ts";
import type { Json } from "./strict-json.ts";

/** What makes an envelope; exactly one of `challenge` and `seq` (with which a nonce is made). */
export interface EnvelopeFields {
  /** "SHA256:…" of the host's ssh host key: HelloReply.host, or what is known of it. */
  host: string;
  /** "SHA256:…" of the (first) signing key; of a certificate, of the key in it. */
  key: string;
  principal: string;
  /** The principal of the second signer. */
  second?: string;
  /** Seconds since 1970; `exp` at most 24 h later. */
  iat: number;
  exp: number;
  challenge?: string;
  seq?: number;
  op: string;
  args: { readonly [key: string]: Json };
  ifState?: string;
  /** The code shown on tty1. */
  presence?: string;
}

/** The bytes to sign (namespace COMMAND_NAMESPACE) and to send as they are. */
export function makeEnvelope(fields: EnvelopeFields): Uint8Array {
  const { challenge, seq, second, ifState, presence } = fields;
  const fresh = seq === undefined ? { challenge } : { seq, nonce: randomBytes(16).toString("base64url") };
  return Buffer.from(
    JSON.stringify({
      ...{ v: 1, host: fields.host, key: fields.key, principal: fields.principal },
      ...(second === undefined ? {} : { second }),
      ...{ iat: fields.iat, exp: fields.exp, ...fresh, op: fields.op, args: fields.args },
      ...(ifState === undefined ? {} : { ifState }),
      ...(presence === undefined ? {} : { presence }),
    }),
  );
}

export interface ControlClient {
  /** A challenge, and who the host says it is; not signed. */
  hello(): Promise<HelloReply>;
  /** The reply as it came; check it with verifyReply before believing it. Resolves when the command has ended. */
  send(envelope: Uint8Array, signatures: readonly string[]): Promise<Reply>;
  close(): void;
}

/** `connect` gives a connected stream: a net.Socket, or the pipes of `ssh HOST multiverse ctl --stdio`. One request at a time. */
export async function openControl({ connect }: { connect(): Promise<Duplex> }): Promise<ControlClient> {
  const stream = await connect();
  const reader = new FrameReader(REPLY_FRAME_LIMIT);
  let ended: Error | null = null;
  let waiting: { resolve(reply: Reply): void; reject(error: Error): void } | null = null;

  const end = (cause?: unknown) => {
    ended ??= new ActionableError({
      code: "control-closed",
      exit: EXIT.refused,
      message: "The host's daemon closed the connection.",
      hint: "A frame too long or too slow is not answered. Look at: journalctl -u multiversed",
      ...(cause === undefined ? {} : { cause }),
    });
    stream.destroy();
    waiting?.reject(ended);
    waiting = null;
  };
  stream.on("error", end);
  stream.on("end", () => end());
  stream.on("close", () => end());
  stream.on("data", (chunk: Uint8Array) => {
    try {
      for (const { kind, body } of reader.push(chunk)) {
        if (kind !== KIND.reply || waiting === null) throw new Error(`a frame of kind ${kind} that nobody waits for`);
        waiting.resolve(decodeReply(body));
        waiting = null;
      }
    } catch (cause) {
      end(cause);
    }
  });

  const ask = (kind: number, body: Uint8Array) =>
    new Promise<Reply>((resolve, reject) => {
      if (ended !== null) return reject(ended);
      if (waiting !== null) return reject(new Error("one request at a time"));
      waiting = { resolve, reject };
      stream.write(encodeFrame(kind, body));
    });

  return {
    async hello() {
      const message = JSON.parse((await ask(KIND.hello, new Uint8Array())).json) as ReplyMessage;
      if (message.type === "hello") return message;
      throw new ActionableError({
        code: "control-refused",
        exit: EXIT.refused,
        message: message.type === "refused" ? message.text : "The daemon gave no challenge.",
      });
    },
    send: (envelope, signatures) => ask(KIND.command, encodeCommand({ envelope, signatures })),
    close: () => void stream.destroy(),
  };
}

export interface ReplyToVerify {
  run: Run;
  reply: Reply;
  /** The host's public key as it is known beforehand: "ssh-ed25519 AAAA…". */
  hostKeyLine: string;
  /** A folder of ours alone (0700) for the two files that ssh-keygen reads. */
  folder: string;
  /** The id of the envelope that was sent; a signed reply to another command is no reply. */
  id: string;
}

/** The message, and whether the host signed it. An unsigned one can only be a refusal: it is to be shown as unproven. Throws ActionableError where the signature or the id is wrong. */
export async function verifyReply(request: ReplyToVerify): Promise<{ message: ReplyMessage; signed: boolean }> {
  const { run, reply, hostKeyLine, folder, id } = request;
  const message = JSON.parse(reply.json) as ReplyMessage;
  const forged = (text: string) =>
    new ActionableError({
      code: "reply-forged",
      exit: EXIT.refused,
      message: "The reply is not the host's.",
      evidence: [text],
    });
  if (reply.signature === "") {
    if (message.type !== "refused") throw forged("it is not signed");
    return { message, signed: false };
  }
  const said = await withFile(folder, `host ${hostKeyLine}\n`, (allowedSigners) =>
    sshVerify({
      ...{ run, message: Buffer.from(reply.json), signature: reply.signature, principal: "host" },
      ...{ namespace: REPLY_NAMESPACE, allowedSigners, revoked: null, folder },
    }),
  );
  if (said !== null) throw forged(said);
  if (message.type === "hello" || message.id !== id) throw forged("it answers another command");
  return { message, signed: true };
}
