// Verifies an SSH signature by one known key without starting a program: for the screen, which checks the host's replies.
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { parseKeyLine } from "./ssh-key.ts";
import { BadBytes, readWire } from "./ssh-wire.ts";
import { parseArmoured, signedData } from "./sshsig-armour.ts";

export interface Signed {
  message: Uint8Array;
  armoured: string;
  namespace: string;
  /** The line of the plain key that must have signed, "TYPE BASE64 [COMMENT]". */
  keyLine: string;
}

const CURVES: Readonly<Record<string, readonly [crv: string, bytes: number, hash: string]>> = {
  "ecdsa-sha2-nistp256": ["P-256", 32, "sha256"],
  "ecdsa-sha2-nistp384": ["P-384", 48, "sha384"],
  "ecdsa-sha2-nistp521": ["P-521", 66, "sha512"],
};
const RSA_HASHES: Readonly<Record<string, string>> = { "rsa-sha2-512": "sha512", "rsa-sha2-256": "sha256" };

/** Whether this very key signed this message in this namespace. Anything unreadable is a no. */
export function holds({ message, armoured, namespace, keyLine }: Signed): boolean {
  const key = parseKeyLine(keyLine);
  if (key === null) return false;
  try {
    const sig = parseArmoured(armoured);
    if (sig.namespace !== namespace || !sig.keyBlob.equals(key.blob)) return false;
    return signatureHolds(key.blob, signedData(message, namespace, sig.hash), sig.signature);
  } catch (error) {
    if (error instanceof BadBytes) return false;
    throw error;
  }
}

function signatureHolds(keyBlob: Buffer, data: Buffer, signature: Buffer): boolean {
  const wire = readWire(keyBlob);
  const type = wire.name();
  const signed = readWire(signature);
  const algorithm = signed.name();
  const value = signed.bytes();
  signed.end();
  const url = (bytes: Buffer) => bytes.toString("base64url");
  if (type === "ssh-ed25519" && algorithm === type) {
    const x = wire.bytes();
    wire.end();
    const key = jwk({ kty: "OKP", crv: "Ed25519", x: url(x) });
    return key !== null && value.length === 64 && verify(null, data, key, value);
  }
  const hash = RSA_HASHES[algorithm];
  if (type === "ssh-rsa" && hash !== undefined) {
    const [e, n] = [wire.bytes(), wire.bytes()];
    wire.end();
    const key = jwk({ kty: "RSA", e: url(unsigned(e)), n: url(unsigned(n)) });
    return key !== null && verify(hash, data, key, value);
  }
  const curve = CURVES[type];
  if (curve === undefined || algorithm !== type) return false;
  const [crv, size, digest] = curve;
  wire.name(); // the curve's name once more
  const point = wire.bytes();
  wire.end();
  if (point.length !== 1 + 2 * size || point[0] !== 4) return false;
  const key = jwk({ kty: "EC", crv, x: url(point.subarray(1, 1 + size)), y: url(point.subarray(1 + size)) });
  const pair = readWire(value);
  const [r, s] = [unsigned(pair.bytes()), unsigned(pair.bytes())];
  pair.end();
  if (key === null || r.length > size || s.length > size) return false;
  const fixed = Buffer.alloc(2 * size);
  r.copy(fixed, size - r.length);
  s.copy(fixed, 2 * size - s.length);
  return verify(digest, data, { key, dsaEncoding: "ieee-p1363" }, fixed);
}

/** An mpint (RFC 4251, 5) without the zero in front that keeps it positive. */
function unsigned(bytes: Buffer): Buffer {
  return bytes[0] === 0 ? bytes.subarray(1) : bytes;
}

/** Null for numbers that are no key, such as a point that is not on its curve. */
function jwk(key: Readonly<Record<string, string>>): KeyObject | null {
  try {
    return createPublicKey({ key: { ...key }, format: "jwk" });
  } catch {
    return null;
  }
}
