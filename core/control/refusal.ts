// Why a command is not run: one closed list of codes, which docs/formats/control-protocol.md explains.

export const REFUSALS = [
  // before the signature was looked at: such a reply is not signed
  "frame",
  "envelope-too-long",
  "envelope-utf8",
  "envelope-json",
  "envelope-depth",
  "envelope-duplicate-key",
  "envelope-number",
  "envelope-unknown-key",
  "envelope-field",
  "wrong-host",
  "unknown-operation",
  "lifetime",
  "expired",
  "issued-in-future",
  "clock-set-back",
  "challenge",
  "sequence",
  "signature-format",
  "signature-namespace",
  "signature-key",
  "signature-refused",
  "busy",
  // after it was found good: such a reply is signed
  "not-yet",
  "arguments",
  "policy",
  "policy-unreadable",
  "two-signers",
  "presence",
  "seat-certificate",
  "state",
  "failed",
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** A command that is not run. `text` is one sentence for a person; it repeats nothing secret. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly text: string;

  constructor(code: RefusalCode, text: string) {
    super(text);
    this.name = "Refusal";
    this.code = code;
    this.text = text;
  }
}
