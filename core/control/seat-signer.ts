// What the screen sends commands with: the seat's certificate, the agent that holds its key, and the host's key for the reply.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { ActionableError, EXIT } from "../errors.ts";
import { type ControlClient, makeEnvelope, openControl } from "./client.ts";
import type { Reply } from "./frames.ts";
import type { HelloReply, ReplyMessage } from "./reply.ts";
import { agentSigner } from "./signers/agent-signer.ts";
import { type Certificate, parseCertificate } from "./ssh-certificate.ts";
import { fingerprint, parseKeyLine } from "./ssh-key.ts";
import { COMMAND_NAMESPACE, REPLY_NAMESPACE } from "./ssh-tool.ts";
import { BadBytes } from "./ssh-wire.ts";
import { holds } from "./sshsig-verify.ts";
import type { JsonObject } from "./strict-json.ts";

/** What came of a command; `text` is the daemon's own sentence, or ours where it could not be asked. */
export type SeatOutcome =
  | { state: "done"; text: string | null }
  | { state: "failed"; text: string }
  /** Accepted, or perhaps accepted, and nobody saw its end. */
  | { state: "in-doubt"; text: string };

export interface SeatCommander {
  /** Never throws for what the daemon or the agent answers: that is an outcome. */
  send(op: string, args: JsonObject): Promise<SeatOutcome>;
}

export interface SeatCommanderOptions {
  /** /run/multiverse/seat, with `certificate` and `agent`. */
  folder: string;
  /** /run/multiverse/control.sock */
  socket: string;
  /** /etc/ssh/host-keys, with the .pub files of this host. */
  hostKeys: string;
  /** Milliseconds since 1970. */
  wall(): number;
}

/** The principal of every seat. */
const SEAT = "seat";
const LIFETIME_SECONDS = 60;

const failed = (text: string): SeatOutcome => ({ state: "failed", text });

/** Loads neither zod nor YAML nor what starts programs: it is on the way to the screen's first frame. */
export function seatCommander(options: SeatCommanderOptions): SeatCommander {
  return {
    send: async (op, args) => {
      const seat = await readSeat(options.folder);
      if (seat === null) return failed("The seat is locked.");
      let client: ControlClient | null = null;
      let sent = false;
      try {
        client = await openControl({ connect: () => connected(options.socket) });
        const hello = await client.hello();
        const hostKey = await hostKeyOf(options.hostKeys, hello);
        if (hostKey === null) return failed("The daemon says that it is of another host than this one.");
        const { keyBlob } = seat.certificate;
        const iat = Math.floor(options.wall() / 1000);
        const envelope = makeEnvelope({
          ...{ host: hello.host, key: fingerprint(keyBlob), principal: SEAT, challenge: hello.challenge, op, args },
          ...{ iat, exp: iat + LIFETIME_SECONDS },
        });
        const socket = join(options.folder, "agent");
        const signer = agentSigner({ socket, keyBlob, certificateBlob: seat.blob });
        const signature = await signer.sign(envelope, COMMAND_NAMESPACE);
        sent = true;
        return outcomeOf(await client.send(envelope, [signature]), hostKey, envelope);
      } catch (error) {
        if (!(error instanceof ActionableError)) throw error;
        const text = [error.message, ...error.evidence].join(" ");
        return sent ? { state: "in-doubt", text } : failed(text);
      } finally {
        client?.close();
      }
    },
  };
}

/** The certificate and what is in it; null while the seat is locked. */
async function readSeat(folder: string): Promise<{ blob: Buffer; certificate: Certificate } | null> {
  const key = parseKeyLine((await readText(join(folder, "certificate"))) ?? "");
  try {
    return key === null ? null : { blob: key.blob, certificate: parseCertificate(key.blob) };
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

/** The line of this host's key that the daemon says it signs with; null if that is none of ours. */
async function hostKeyOf(folder: string, { host }: HelloReply): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(".pub"))) {
    const line = (await readText(join(folder, name)))?.trim() ?? "";
    const key = parseKeyLine(line);
    if (key !== null && fingerprint(key.blob) === host) return line;
  }
  return null;
}

/** Believes what the host signed; an unsigned answer can only say that nothing was done. */
function outcomeOf({ json, signature }: Reply, keyLine: string, envelope: Uint8Array): SeatOutcome {
  const message = JSON.parse(json) as ReplyMessage;
  const signed = holds({ message: Buffer.from(json), armoured: signature, namespace: REPLY_NAMESPACE, keyLine });
  if (signature === "" && message.type === "refused") return failed(message.text);
  const id = createHash("sha256").update(envelope).digest("hex");
  if (!signed || message.type === "hello" || message.id !== id)
    return { state: "in-doubt", text: "The reply is not this host's." };
  if (message.type === "refused") return failed(message.text);
  switch (message.outcome) {
    case "done":
      return { state: "done", text: message.text };
    case "failed":
      return failed(message.text ?? "It failed.");
    case "running":
    case "in-doubt":
      return { state: "in-doubt", text: message.text ?? "Nobody saw how it ended." };
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new ActionableError({
          ...{ code: "no-daemon", exit: EXIT.refused, message: "The daemon of this host does not answer." },
          ...{ evidence: [`${path}: ${cause.code ?? cause.message}`], hint: "systemctl status multiversed", cause },
        }),
      ),
    );
  });
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null;
  }
}
