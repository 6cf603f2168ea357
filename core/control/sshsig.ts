// What an armoured OpenSSH signature says of itself: its namespace, its key, and its certificate if it was made with one (PROTOCOL.sshsig, PROTOCOL.certkeys).
import { createHash } from "node:crypto";
import { Refusal } from "./refusal.ts";

export interface SshCertificate {
  keyId: string;
  /** Decimal. */
  serial: string;
  principals: readonly string[];
  /** Seconds since 1970; Infinity: for ever. */
  validAfter: number;
  validBefore: number;
  /** "SHA256:…" of the key that signed the certificate. */
  authority: string;
}

export interface SshSignature {
  namespace: string;
  hash: string;
  key: SshPublicKey;
}

export interface SshPublicKey {
  /** "SHA256:…" as ssh-keygen -l prints it; of a certificate, of the key in it. */
  fingerprint: string;
  /** "SHA256:…" of the whole blob: tells two certificates of one key apart. */
  blob: string;
  certificate: SshCertificate | null;
}

const BEGIN = "-----BEGIN SSH SIGNATURE-----";
const END = "-----END SSH SIGNATURE-----";
const VERSION = 1;

/** Fields of each kind of key after its name, without those of a certificate (PROTOCOL.certkeys, PROTOCOL.u2f). */
const FIELDS: Readonly<Record<string, number>> = {
  "ssh-ed25519": 1,
  "sk-ssh-ed25519@openssh.com": 2,
  "ecdsa-sha2-nistp256": 2,
  "ecdsa-sha2-nistp384": 2,
  "ecdsa-sha2-nistp521": 2,
  "sk-ecdsa-sha2-nistp256@openssh.com": 3,
  "ssh-rsa": 2,
};
const CERTIFICATE = /-cert-v01@openssh\.com$/;
/** A certificate for a user, not for a host. */
const USER = 1;
const FOR_EVER = 0xffff_ffff_ffff_ffffn;

const malformed = () => new Refusal("signature-format", "That is no OpenSSH signature.");

/** Throws Refusal "signature-format", and nothing else. It proves nothing: ssh-keygen does. */
export function readSshSignature(armoured: string): SshSignature {
  const lines = armoured.replace(/\n$/, "").split("\n");
  if (lines[0] !== BEGIN || lines.at(-1) !== END) throw malformed();
  const blob = new Blob(decode(lines.slice(1, -1).join("")));
  if (blob.bytes(6).toString("latin1") !== "SSHSIG" || blob.number() !== VERSION) throw malformed();
  const key = readPublicKey(blob.field());
  const namespace = blob.text();
  blob.field();
  const hash = blob.text();
  blob.field();
  blob.end();
  return { namespace, hash, key };
}

/** A public key's blob, plain or certificate. Throws Refusal "signature-format". */
export function readPublicKey(bytes: Buffer): SshPublicKey {
  const blob = new Blob(bytes);
  const name = blob.text();
  const certified = CERTIFICATE.test(name);
  // A FIDO certificate is named sk-…-cert-v01@openssh.com, its key sk-…@openssh.com.
  const bare = name.replace(CERTIFICATE, "");
  const plain = !certified ? name : name.startsWith("sk-") ? `${bare}@openssh.com` : bare;
  const fields = Object.hasOwn(FIELDS, plain) ? FIELDS[plain] : undefined;
  if (fields === undefined) throw new Refusal("signature-format", "That kind of key is not taken.");
  if (certified) blob.field();
  const own = Array.from({ length: fields }, () => blob.field());
  const certificate = certified ? readCertificate(blob) : null;
  blob.end();
  const key = Buffer.concat([Buffer.from(plain), ...own].map(withLength));
  return { fingerprint: fingerprintOf(key), blob: fingerprintOf(bytes), certificate };
}

/** "ssh-ed25519 AAAA… comment": a line of a .pub file. Throws Refusal "signature-format". */
export function readPublicKeyLine(line: string): SshPublicKey {
  const [kind, base64] = line.trim().split(/\s+/);
  const bytes = decode(base64 ?? "");
  if (new Blob(bytes).text() !== kind) throw malformed();
  return readPublicKey(bytes);
}

function readCertificate(blob: Blob): SshCertificate {
  const serial = blob.long();
  if (blob.number() !== USER) throw new Refusal("signature-format", "The certificate is not for a user.");
  const keyId = blob.text();
  const names = new Blob(blob.field());
  const principals: string[] = [];
  while (!names.atEnd) principals.push(names.text());
  const validAfter = blob.long();
  const validBefore = blob.long();
  blob.field(); // critical options
  blob.field(); // extensions
  blob.field(); // reserved
  const authority = fingerprintOf(blob.field());
  blob.field(); // signature
  return {
    ...{ keyId, serial: String(serial), principals, authority },
    validAfter: Number(validAfter),
    validBefore: validBefore === FOR_EVER ? Number.POSITIVE_INFINITY : Number(validBefore),
  };
}

function decode(base64: string): Buffer {
  const bytes = Buffer.from(base64, "base64");
  // Buffer passes over what is no base64; a signature has one spelling only.
  if (bytes.length === 0 || bytes.toString("base64") !== base64) throw malformed();
  return bytes;
}

function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

function withLength(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** RFC 4251, section 5. */
class Blob {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  bytes(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw malformed();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  number(): number {
    return this.bytes(4).readUInt32BE();
  }

  long(): bigint {
    return this.bytes(8).readBigUInt64BE();
  }

  field(): Buffer {
    return this.bytes(this.number());
  }

  text(): string {
    const bytes = this.field();
    if (bytes.length > 1024) throw malformed();
    return bytes.toString("utf8");
  }

  end(): void {
    if (!this.atEnd) throw malformed();
  }
}
