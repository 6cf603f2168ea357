// The envelope of a command: its exact bytes are judged here, before anything is spent on a signature.
import { createHash } from "node:crypto";
import { Refusal } from "./refusal.ts";
import { type JsonObject, readStrictJson } from "./strict-json.ts";

export const ENVELOPE_LIMIT = 16_384;
/** `seq` stays below: the last safe integer would leave no successor. */
export const SEQUENCE_END = Number.MAX_SAFE_INTEGER;

export interface Envelope {
  /** SHA-256 of the exact bytes, hex. */
  id: string;
  host: string;
  key: string;
  principal: string;
  /** The principal of the second signer, where there are two. */
  second: string | null;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
  freshness: { kind: "challenge"; challenge: string } | { kind: "sequence"; nonce: string; seq: number };
  op: string;
  args: JsonObject;
  ifState: string | null;
  /** The code shown on tty1. */
  presence: string | null;
}

const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
/** No pattern characters of ssh-keygen's lists, and nothing that could be read as an option. */
export const PRINCIPAL = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const OPERATION = /^[a-z]{1,32}(\.[a-z]{1,32})?$/;
const STATE = /^[a-z][a-z0-9-]{0,31}$/;
const PRESENCE = /^[A-Z0-9-]{1,32}$/;

const REQUIRED = ["v", "host", "key", "principal", "iat", "exp", "op", "args"];
const KNOWN = new Set([...REQUIRED, "challenge", "nonce", "seq", "second", "ifState", "presence"]);

const wrong = (text: string) => new Refusal("envelope-field", text);

/** Throws Refusal ("envelope-…"), and nothing else whatever the bytes are. */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length > ENVELOPE_LIMIT) {
    throw new Refusal("envelope-too-long", `An envelope is at most ${ENVELOPE_LIMIT} bytes long.`);
  }
  const fields = readStrictJson(bytes);
  for (const key of Object.keys(fields)) {
    if (!KNOWN.has(key)) throw new Refusal("envelope-unknown-key", "The envelope has a key that is not known.");
  }
  for (const key of REQUIRED) {
    if (fields[key] === undefined) throw wrong(`The envelope has no "${key}".`);
  }
  if (fields.v !== 1) throw wrong(`"v" must be 1.`);
  const { args } = fields;
  if (typeof args !== "object" || args === null || Array.isArray(args)) throw wrong(`"args" must be an object.`);
  return {
    id: createHash("sha256").update(bytes).digest("hex"),
    host: text(fields, "host", FINGERPRINT),
    key: text(fields, "key", FINGERPRINT),
    principal: text(fields, "principal", PRINCIPAL),
    second: optional(fields, "second", PRINCIPAL),
    iat: seconds(fields, "iat"),
    exp: seconds(fields, "exp"),
    freshness: freshnessOf(fields),
    op: text(fields, "op", OPERATION),
    args,
    ifState: optional(fields, "ifState", STATE),
    presence: optional(fields, "presence", PRESENCE),
  };
}

function text(fields: JsonObject, key: string, pattern: RegExp): string {
  const value = fields[key];
  if (typeof value !== "string" || !pattern.test(value)) throw wrong(`"${key}" is not of the right form.`);
  return value;
}

function optional(fields: JsonObject, key: string, pattern: RegExp): string | null {
  return fields[key] === undefined ? null : text(fields, key, pattern);
}

function seconds(fields: JsonObject, key: string): number {
  const value = fields[key];
  if (typeof value !== "number" || value < 0) throw wrong(`"${key}" must be seconds since 1970.`);
  return value;
}

function freshnessOf(fields: JsonObject): Envelope["freshness"] {
  if ((fields.challenge === undefined) === (fields.nonce === undefined)) {
    throw wrong(`The envelope must have either "challenge" or "nonce".`);
  }
  if (fields.challenge !== undefined) {
    if (fields.seq !== undefined) throw wrong(`"seq" goes with "nonce" only.`);
    return { kind: "challenge", challenge: base64url(fields, "challenge", 32, 32) };
  }
  const { seq } = fields;
  if (typeof seq !== "number" || seq < 1 || seq >= SEQUENCE_END) {
    throw wrong(`"seq" must be from 1 to 2^53 - 2.`);
  }
  return { kind: "sequence", nonce: base64url(fields, "nonce", 16, 32), seq };
}

/** The one spelling of those bytes: no padding, no stray bits. */
function base64url(fields: JsonObject, key: string, least: number, most: number): string {
  const value = fields[key];
  if (typeof value === "string") {
    const bytes = Buffer.from(value, "base64url");
    if (bytes.length >= least && bytes.length <= most && bytes.toString("base64url") === value) return value;
  }
  throw wrong(`"${key}" must be ${least === most ? least : `${least} to ${most}`} bytes in base64url.`);
}
