// Takes an OpenSSH certificate apart (PROTOCOL.certkeys); who signed it is told, whether the signature holds is ssh-keygen's to say.
import { BadBytes, readWire, type WireReader, wireString } from "./ssh-wire.ts";

export interface Certificate {
  /** The plain key in it. */
  keyBlob: Buffer;
  serial: bigint;
  kind: "user" | "host" | "unknown";
  keyId: string;
  principals: readonly string[];
  /** Seconds since 1970, inclusive and exclusive; 2^64 - 1 stands for ever. */
  validAfter: bigint;
  validBefore: bigint;
  criticalOptions: readonly string[];
  extensions: readonly string[];
  /** The key of who signed it. */
  authorityBlob: Buffer;
}

/** The certificate's algorithm, the plain one, and how many strings (mpints are strings) make the key. */
const KINDS: Readonly<Record<string, readonly [plain: string, parts: number]>> = {
  "ssh-ed25519-cert-v01@openssh.com": ["ssh-ed25519", 1],
  "sk-ssh-ed25519-cert-v01@openssh.com": ["sk-ssh-ed25519@openssh.com", 2],
  "ecdsa-sha2-nistp256-cert-v01@openssh.com": ["ecdsa-sha2-nistp256", 2],
  "ecdsa-sha2-nistp384-cert-v01@openssh.com": ["ecdsa-sha2-nistp384", 2],
  "ecdsa-sha2-nistp521-cert-v01@openssh.com": ["ecdsa-sha2-nistp521", 2],
  "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com": ["sk-ecdsa-sha2-nistp256@openssh.com", 3],
  "ssh-rsa-cert-v01@openssh.com": ["ssh-rsa", 2],
};

/** Whether a key's algorithm is that of a certificate. */
export function isCertificate(type: string): boolean {
  return Object.hasOwn(KINDS, type);
}

/** @throws BadBytes for whatever is not one whole certificate */
export function parseCertificate(blob: Uint8Array): Certificate {
  const wire = readWire(blob);
  const [plain, parts] = KINDS[wire.name()] ?? [];
  if (plain === undefined || parts === undefined) throw new BadBytes("it is no certificate");
  wire.bytes(); // nonce
  const key = Array.from({ length: parts }, () => wire.bytes());
  const serial = wire.u64();
  const kind = wire.u32();
  const keyId = wire.text();
  const principals = strings(wire.bytes());
  const validAfter = wire.u64();
  const validBefore = wire.u64();
  const criticalOptions = names(wire.bytes());
  const extensions = names(wire.bytes());
  wire.bytes(); // reserved
  const authorityBlob = Buffer.from(wire.bytes());
  wire.bytes(); // signature
  wire.end();
  return {
    keyBlob: Buffer.concat([wireString(plain), ...key.map((one) => wireString(one))]),
    ...{ serial, kind: kind === 1 ? "user" : kind === 2 ? "host" : "unknown", keyId, principals },
    ...{ validAfter, validBefore, criticalOptions, extensions, authorityBlob },
  };
}

function strings(data: Uint8Array): string[] {
  return all(data, (wire) => wire.text());
}

/** Options are pairs of a name and its value. */
function names(data: Uint8Array): string[] {
  return all(data, (wire) => {
    const name = wire.text();
    wire.bytes();
    return name;
  });
}

function all(data: Uint8Array, one: (wire: WireReader) => string): string[] {
  const wire = readWire(data);
  const found: string[] = [];
  while (wire.left() > 0) found.push(one(wire));
  return found;
}
