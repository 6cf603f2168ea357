// What an operation is for the gate: a function passed in; and the operations that the gate sees to itself.
import type { AuditEvent } from "./audit.ts";
import type { OperationName } from "./operations.ts";
import type { Reverts } from "./revert.ts";
import type { Seat } from "./seat.ts";
import type { VerifiedSigner } from "./signature.ts";
import type { JsonObject } from "./strict-json.ts";

export interface OutcomeData {
  /** One sentence for a person, or null. */
  text: string | null;
  data?: JsonObject;
}

export interface CommandContext {
  /** SHA-256 of the envelope, hex. */
  id: string;
  principal: string;
  /** Only if the thing is in that state now; else throw new Refusal("state", …). Null: whatever its state. */
  ifState: string | null;
  /** The daemon ends: give up. What is given up then reads "in doubt". */
  signal: AbortSignal;
  /** What it does now, for the screen. */
  progress(text: string): void;
  /** For operations that revert: `undo` is kept first, given to the operation's reverter unless a confirm comes. */
  changeWithRevert(undo: JsonObject, apply: () => Promise<void>): Promise<void>;
}

/** Throws Refusal for what cannot be done now, anything else for what failed; its message is told to the client. */
export type Handler = (args: JsonObject, context: CommandContext) => Promise<OutcomeData>;
export type Handlers = Partial<Record<OperationName, Handler>>;

export interface OwnParts {
  seat: Seat;
  reverts: Reverts;
  audit: { append(event: AuditEvent): void };
}

/** Those need who signed, not only by what name. */
export function ownHandler(
  op: OperationName,
  { seat, reverts, audit }: OwnParts,
  signer: VerifiedSigner,
): Handler | null {
  switch (op) {
    case "confirm":
      return async ({ id }) => {
        const { op: changed } = reverts.confirm(String(id));
        audit.append({ event: "confirmed", change: String(id), op: changed, by: signer.principal });
        return { text: `${changed} stays.` };
      };
    case "seat.grant":
      return async ({ code, certificate }) => {
        seat.spendCode(String(code));
        const { until } = await seat.grant(String(certificate), signer);
        return { text: "The seat is unlocked.", data: { until } };
      };
    case "seat.drop":
      return async () => {
        seat.drop();
        return { text: "The seat is locked." };
      };
    case "audit.acknowledge":
      return async (_, { principal }) => {
        audit.append({ event: "acknowledged", by: principal });
        return { text: "The break in the audit log is acknowledged." };
      };
    default:
      return null;
  }
}
