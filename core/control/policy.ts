// Who may do what: the operations of each principal, and which of them need two people.
import type { OperationName } from "./operations.ts";
import { Refusal } from "./refusal.ts";
import type { VerifiedSigner } from "./signature.ts";

export interface Policy {
  principals: ReadonlyMap<string, "all" | ReadonlySet<OperationName>>;
  twoSigners: ReadonlySet<OperationName>;
  /** Seconds after which a change goes back that was not confirmed. */
  revertAfter: number;
}

/** The certificate of tty1: whatever the file says, it can do this and no more, and nothing that destroys. */
export const SEAT = "seat";
export const SEAT_OPERATIONS: ReadonlySet<OperationName> = new Set([
  ...(["vm.start", "vm.stop", "vm.switch", "vm.console", "seat.drop"] as const),
]);

export interface Request {
  op: OperationName;
  /** Whose signatures were found good; the first is the principal who asks. */
  signers: readonly VerifiedSigner[];
  /** The code of tty1 was given. */
  presence: boolean;
}

/** Throws Refusal "policy" or "two-signers". */
export function mayRun(policy: Policy, { op, signers, presence }: Request): void {
  for (const { principal } of signers) {
    if (!allows(policy, principal, op)) throw new Refusal("policy", `${principal} may not run ${op}.`);
  }
  const [first, second] = signers;
  if (first === undefined) throw new Refusal("policy", "Nobody signed.");
  if (second !== undefined && (first.principal === second.principal || sameKey(first, second))) {
    throw new Refusal("two-signers", "Both signatures are of the same person.");
  }
  if (policy.twoSigners.has(op) && second === undefined && !presence) {
    throw new Refusal("two-signers", `${op} needs two signers, or the code that is shown on tty1.`);
  }
}

export function allows(policy: Policy, principal: string, op: OperationName): boolean {
  const operations = policy.principals.get(principal);
  if (operations === undefined) return false;
  if (principal === SEAT && !SEAT_OPERATIONS.has(op)) return false;
  // Whoever may use the seat may lock it again.
  if (principal === SEAT && op === "seat.drop") return true;
  return operations === "all" || operations.has(op);
}

function sameKey(first: VerifiedSigner, second: VerifiedSigner): boolean {
  return first.key.fingerprint === second.key.fingerprint;
}
