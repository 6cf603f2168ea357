// OpenSSH's signature format (PROTOCOL.sshsig): what is signed, and the armoured text around a signature.
import { createHash } from "node:crypto";
import { BadBytes, readWire, u32, wireString } from "./ssh-wire.ts";

const MAGIC = Buffer.from("SSHSIG", "latin1");
const VERSION = 1;
const BEGIN = "-----BEGIN SSH SIGNATURE-----";
const END = "-----END SSH SIGNATURE-----";
/** ssh-keygen wraps the base64 here; it reads any width. */
const WIDTH = 70;
const ARMOURED = new RegExp(`^${BEGIN}\n([A-Za-z0-9+/=\n]{1,65536})\n${END}\n?$`);

export const HASHES = ["sha512", "sha256"] as const;
export type Hash = (typeof HASHES)[number];

export interface Sshsig {
  /** The signer's key, or its certificate. */
  keyBlob: Buffer;
  namespace: string;
  hash: Hash;
  /** Algorithm and signature, as a key makes it. */
  signature: Buffer;
}

/** The bytes that a key signs for a message. */
export function signedData(message: Uint8Array, namespace: string, hash: Hash = "sha512"): Buffer {
  const digest = createHash(hash).update(message).digest();
  return Buffer.concat([MAGIC, wireString(namespace), wireString(""), wireString(hash), wireString(digest)]);
}

/** The armoured text. `keyBlob` may be a certificate of the key that signed: the signature itself is the plain key's. */
export function armour({ keyBlob, namespace, hash, signature }: Sshsig): string {
  const blob = Buffer.concat([
    ...[MAGIC, u32(VERSION), wireString(keyBlob), wireString(namespace), wireString("")],
    ...[wireString(hash), wireString(signature)],
  ]);
  const lines = blob.toString("base64").match(new RegExp(`.{1,${WIDTH}}`, "g")) ?? [];
  return `${[BEGIN, ...lines, END].join("\n")}\n`;
}

/** @throws BadBytes for whatever is not one whole signature of version 1 */
export function parseArmoured(text: string): Sshsig {
  const [, base64] = ARMOURED.exec(text.replaceAll("\r\n", "\n")) ?? [];
  if (base64 === undefined) throw new BadBytes("it is no armoured SSH signature");
  const bytes = Buffer.from(base64, "base64");
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new BadBytes("it does not begin as an SSH signature does");
  const wire = readWire(bytes.subarray(MAGIC.length));
  if (wire.u32() !== VERSION) throw new BadBytes("it is of another version");
  const keyBlob = Buffer.from(wire.bytes());
  const namespace = wire.name();
  wire.bytes(); // reserved
  const name = wire.name();
  const hash = HASHES.find((one) => one === name);
  if (hash === undefined) throw new BadBytes("it is over a hash that is not known");
  const signature = Buffer.from(wire.bytes());
  wire.end();
  return { keyBlob, namespace, hash, signature };
}
