// IPv4 and IPv6 addresses as numbers: which prefix one is in, and how far it is meant to be seen.
import type { HopAddress } from "../../status/network-facts.ts";

export interface Address {
  family: 4 | 6;
  bits: bigint;
}

const WIDTH = { 4: 32, 6: 128 } as const;

function v4Bits(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return null;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function v6Bits(text: string): bigint | null {
  // The last 32 bits may be written as IPv4 (RFC 4291, 2.2).
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const low = tail === null ? null : v4Bits(tail[2] ?? "");
  if (tail !== null && low === null) return null;
  const plain = low === null ? text : `${tail?.[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const halves = plain.split("::");
  if (halves.length > 2) return null;
  const [head = [], rest = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...rest];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** An address as `ip` and resolv.conf write it; what follows a "%" (the interface of a link-local one) does not count. Null where it is none. */
export function parseAddress(text: string): Address | null {
  const plain = text.split("%")[0] ?? "";
  const v4 = v4Bits(plain);
  if (v4 !== null) return { family: 4, bits: v4 };
  const v6 = plain.includes(":") ? v6Bits(plain) : null;
  return v6 === null ? null : { family: 6, bits: v6 };
}

/** Whether `address` is in `prefix` ("10.0.0.0/8", "fc00::/7", or an address alone). False for what is neither. */
export function inPrefix(address: string, prefix: string): boolean {
  const [base = "", length] = prefix.split("/");
  const one = parseAddress(address);
  const other = parseAddress(base);
  if (one === null || other === null || one.family !== other.family) return false;
  const width = WIDTH[one.family];
  const kept = length === undefined ? width : Number(length);
  if (!Number.isInteger(kept) || kept < 0 || kept > width) return false;
  const shift = BigInt(width - kept);
  return one.bits >> shift === other.bits >> shift;
}

/** RFC 1918, and RFC 6598 (what providers give out behind their own translation). */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** How far an address is meant to be seen. */
export function scopeOf(address: string): HopAddress["scope"] {
  if (inPrefix(address, "127.0.0.0/8") || inPrefix(address, "::1")) return "host";
  if (inPrefix(address, "169.254.0.0/16") || inPrefix(address, "fe80::/10")) return "link";
  if (inPrefix(address, "fc00::/7")) return "unique-local";
  return PRIVATE.some((prefix) => inPrefix(address, prefix)) ? "private" : "global";
}
