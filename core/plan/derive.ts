// Derives every identifier of a plan from its salt, so that the same input gives the same plan.
import { createHash } from "node:crypto";

function digest(salt: string, label: string): Buffer {
  return createHash("sha256").update(`multiverse\0${salt}\0${label}`).digest();
}

/** A UUID of version 8 (RFC 9562: bits of one's own making), lower case. */
export function deriveUuid(salt: string, label: string): string {
  const bytes = digest(salt, label).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A ZFS pool GUID: 64 bits, decimal, never 0 (zpool-reguid(8)). */
export function derivePoolGuid(salt: string, label: string): string {
  const value = digest(salt, label).readBigUInt64BE();
  return String(value === 0n ? 1n : value);
}

/** Lower-case hex of the wanted length (at most 64). */
export function deriveHex(salt: string, label: string, length: number): string {
  return digest(salt, label).toString("hex").slice(0, length);
}

/** JSON with sorted keys and no white space: the same value always gives the same bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 in hex. */
export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}
