// Reads and writes the two things that every SSH format is made of: 32-bit numbers and byte strings with their length (RFC 4251, 5).

/** No key, certificate or signature of OpenSSH is longer; what claims to be is refused before it is read. */
const LONGEST = 65_536;

/** Thrown for bytes that are not what they should be; those who read turn it into words of their own. */
export class BadBytes extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BadBytes";
  }
}

export interface WireReader {
  u8(): number;
  u32(): number;
  u64(): bigint;
  /** A byte string, of at most 64 KiB. */
  bytes(): Buffer;
  /** A byte string that has to be printable ASCII: names of algorithms, namespaces. */
  name(): string;
  /** A byte string as UTF-8. */
  text(): string;
  /** How many bytes are left. */
  left(): number;
  /** @throws BadBytes if anything is left */
  end(): void;
}

/** @throws BadBytes from each of its functions when there is not enough to read */
export function readWire(data: Uint8Array): WireReader {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > buffer.length - at) throw new BadBytes("it ends too early");
    at += length;
    return buffer.subarray(at - length, at);
  };
  const bytes = (): Buffer => {
    const length = take(4).readUInt32BE();
    if (length > LONGEST) throw new BadBytes("a part of it is too long");
    return take(length);
  };
  return {
    u8: () => take(1).readUInt8(),
    u32: () => take(4).readUInt32BE(),
    u64: () => take(8).readBigUInt64BE(),
    bytes,
    name: () => {
      const text = bytes().toString("latin1");
      if (!/^[\x21-\x7e]*$/.test(text)) throw new BadBytes("a name in it is not printable");
      return text;
    },
    text: () => bytes().toString("utf8"),
    left: () => buffer.length - at,
    end: () => {
      if (at !== buffer.length) throw new BadBytes("something is behind its end");
    },
  };
}

/** A 32-bit number. */
export function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

/** Bytes, or text as UTF-8, behind their length. */
export function wireString(value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u32(bytes.length), bytes]);
}
