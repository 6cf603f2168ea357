// Frames of the control socket: a length, a kind, a body; read piece by piece and never more than allowed.
import { Refusal } from "./refusal.ts";

export const KIND = { hello: 0x01, command: 0x02, reply: 0x81 } as const;

/** Bytes that the length of a frame may say: of a client's frame, and of the daemon's. */
export const CLIENT_FRAME_LIMIT = 65_536;
export const REPLY_FRAME_LIMIT = 262_144;
/** An armoured signature: an RSA key of 16,384 bits in a certificate signed by another stays below. */
export const SIGNATURE_LIMIT = 24_576;

export interface Frame {
  kind: number;
  body: Uint8Array;
}

export interface CommandBody {
  /** Armoured, as `ssh-keygen -Y sign` prints them; one or two. */
  signatures: readonly string[];
  envelope: Uint8Array;
}

export interface Reply {
  /** The exact text that was signed. */
  json: string;
  /** The host's armoured signature of `json`; empty where the daemon does not sign. */
  signature: string;
}

/** A stream that is no sequence of frames; the connection cannot be used any more. */
export class FrameError extends Error {}

/** Takes bytes as they come and hands out whole frames; what is kept never exceeds one frame. */
export class FrameReader {
  readonly #limit: number;
  #pieces: Uint8Array[] = [];
  #have = 0;
  /** Bytes of the frame that is being read, its length included; null until the length is known. */
  #need: number | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Something of a frame is there, but not all. */
  get begun(): boolean {
    return this.#have > 0;
  }

  /** Throws FrameError for a length of 0 or above the limit, before anything of that frame is kept. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      const missing = (this.#need ?? 4) - this.#have;
      const piece = rest.subarray(0, missing);
      rest = rest.subarray(piece.length);
      this.#pieces.push(piece);
      this.#have += piece.length;
      if (piece.length < missing) break;
      const whole = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
      if (this.#need === null) {
        const length = readLength(whole, 0);
        if (length === 0 || length > this.#limit) throw new FrameError(`a frame of ${length} bytes`);
        this.#need = 4 + length;
        this.#pieces = [whole];
      } else {
        // A copy, so that what the socket reuses does not change under the reader.
        frames.push({ kind: whole[4] ?? 0, body: Uint8Array.from(whole.subarray(5)) });
        this.#pieces = [];
        this.#have = 0;
        this.#need = null;
      }
    }
    // What stays must not hold on to a chunk of which it is a small part.
    this.#pieces = this.#pieces.map((piece) => Uint8Array.from(piece));
    return frames;
  }
}

function readLength(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

export function encodeFrame(kind: number, body: Uint8Array): Uint8Array {
  const bytes = Buffer.concat([Uint8Array.of(kind), body]);
  return Buffer.concat([lengthOf(bytes), bytes]);
}

export function encodeCommand({ signatures, envelope }: CommandBody): Uint8Array {
  const parts = signatures.flatMap((signature) => {
    const bytes = Buffer.from(signature, "latin1");
    return [lengthOf(bytes), bytes];
  });
  return Buffer.concat([Uint8Array.of(signatures.length), ...parts, envelope]);
}

/** The body of a command frame; throws Refusal "frame". */
export function decodeCommand(body: Uint8Array): CommandBody {
  const count = body[0];
  if (count !== 1 && count !== 2) throw new Refusal("frame", "A command has one signature or two.");
  const signatures: string[] = [];
  let at = 1;
  for (let index = 0; index < count; index += 1) {
    if (body.length < at + 4) throw new Refusal("frame", "The frame ends within a signature.");
    const length = readLength(body, at);
    at += 4;
    if (length > SIGNATURE_LIMIT) throw new Refusal("frame", `A signature is longer than ${SIGNATURE_LIMIT} bytes.`);
    if (body.length < at + length) throw new Refusal("frame", "The frame ends within a signature.");
    signatures.push(Buffer.from(body.subarray(at, at + length)).toString("latin1"));
    at += length;
  }
  return { signatures, envelope: body.subarray(at) };
}

export function encodeReply({ json, signature }: Reply): Uint8Array {
  const bytes = Buffer.from(json);
  return Buffer.concat([lengthOf(bytes), bytes, Buffer.from(signature, "latin1")]);
}

/** The body of a reply frame; throws FrameError. */
export function decodeReply(body: Uint8Array): Reply {
  if (body.length < 4) throw new FrameError("a reply without a length");
  const length = readLength(body, 0);
  if (body.length < 4 + length) throw new FrameError("a reply that ends within its JSON");
  return {
    json: Buffer.from(body.subarray(4, 4 + length)).toString("utf8"),
    signature: Buffer.from(body.subarray(4 + length)).toString("latin1"),
  };
}
