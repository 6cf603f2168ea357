// What the daemon answers: the JSON of a reply frame.
import type { RefusalCode } from "./refusal.ts";
import type { JsonObject } from "./strict-json.ts";

/** To a hello; not signed. */
export interface HelloReply {
  v: 1;
  type: "hello";
  /** "SHA256:…" of the host's key: `host` of an envelope. */
  host: string;
  /** /proc/sys/kernel/random/boot_id. */
  boot: string;
  /** For one command on this connection. */
  challenge: string;
  /** Seconds until the challenge is too old. */
  seconds: number;
  /** The host's clock, seconds since 1970: `iat` and `exp` are judged by it. */
  now: number;
  /** The line of the seat's public key, for whoever makes a certificate for it; null where there is no seat. */
  seat: string | null;
}

/** The command was not run, and never will be. Signed if the command's signature was good. */
export interface RefusedReply {
  v: 1;
  type: "refused";
  /** Of the envelope, where there was one that could be read. */
  id: string | null;
  code: RefusalCode;
  text: string;
}

/** The command was accepted; always signed. */
export interface ResultReply {
  v: 1;
  type: "result";
  id: string;
  op: string;
  /** running: it still runs (only to the same command sent again). in-doubt: its end was not seen, and it is not run again. */
  outcome: "done" | "failed" | "running" | "in-doubt";
  /** Of failed. */
  code: RefusalCode | null;
  text: string | null;
  /** What the operation gives back. */
  data: JsonObject;
  /** When it was accepted and ended, milliseconds since 1970. */
  accepted: number;
  ended: number | null;
  /** The command had been sent before: this is the stored result. */
  repeated: boolean;
}

export type ReplyMessage = HelloReply | RefusedReply | ResultReply;
