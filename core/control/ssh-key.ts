// Public keys of OpenSSH: from a line, from a key file without its passphrase, and as the fingerprint that ssh-keygen -l prints.
import { createHash } from "node:crypto";
import { BadBytes, readWire } from "./ssh-wire.ts";

export interface PublicKey {
  /** The algorithm, as the key itself names it: "ssh-ed25519", of a certificate "ssh-ed25519-cert-v01@openssh.com". */
  type: string;
  blob: Buffer;
  comment: string;
}

/** A line is "TYPE BASE64 [COMMENT]"; of a known_hosts line, what stands before it is the reader's to take off. */
const LINE = /^([a-z0-9@.-]{1,64}) ([A-Za-z0-9+/]{1,24000}={0,2})(?: (.*))?$/;
const PRIVATE = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]{1,65536})-----END OPENSSH PRIVATE KEY-----/;
const PRIVATE_MAGIC = Buffer.from("openssh-key-v1\0", "latin1");

/** The key that stands in a line, or null where none does. */
export function parseKeyLine(line: string): PublicKey | null {
  const [, type, base64, comment] = LINE.exec(line.trim()) ?? [];
  if (type === undefined || base64 === undefined) return null;
  const blob = Buffer.from(base64, "base64");
  return typeOf(blob) === type ? { type, blob, comment: comment ?? "" } : null;
}

/** The algorithm that a key's blob begins with; null if that is no name. */
export function typeOf(blob: Uint8Array): string | null {
  try {
    const type = readWire(blob).name();
    return type === "" ? null : type;
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

/** "SHA256:…" of a plain key's blob, as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** The line "TYPE BASE64 [COMMENT]". */
export function keyLine(blob: Uint8Array, comment = ""): string {
  return `${typeOf(blob) ?? ""} ${Buffer.from(blob).toString("base64")}${comment === "" ? "" : ` ${comment}`}`;
}

/** The public half of a private key file: it stands there in the clear (PROTOCOL.key). Null for other formats (PEM). */
export function publicHalf(text: string): PublicKey | null {
  const [, base64] = PRIVATE.exec(text.replaceAll("\r\n", "\n")) ?? [];
  if (base64 === undefined) return null;
  const bytes = Buffer.from(base64, "base64");
  if (!bytes.subarray(0, PRIVATE_MAGIC.length).equals(PRIVATE_MAGIC)) return null;
  try {
    const wire = readWire(bytes.subarray(PRIVATE_MAGIC.length));
    wire.name(); // cipher
    wire.name(); // how its key is derived
    wire.bytes(); // with what options
    if (wire.u32() !== 1) return null;
    const blob = wire.bytes();
    const type = typeOf(blob);
    return type === null ? null : { type, blob: Buffer.from(blob), comment: "" };
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

/** Whether using the key needs a touch: keys that live in a FIDO token. */
export function needsTouch(type: string): boolean {
  return type.startsWith("sk-");
}
