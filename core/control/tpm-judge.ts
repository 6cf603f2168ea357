// The audit log held against what the TPM counted: whether it is the same log, and how old it is.
import type { AuditHead } from "./audit.ts";
import type { Counted } from "./tpm-nv.ts";

/** What the log says of its anchoring. */
export interface LogMarks {
  /** The counter in the last `anchor` line; null: none. */
  counter: number | null;
  /** The hash of a line, counted from 1; null: there is no such line. */
  hashAt(entries: number): string | null;
}

/**
 * Why the log is not the one that the TPM knows; null: it is. An `anchor` line names the counter before it is raised, so
 * a power cut in between leaves the log one ahead, and nothing else does. One with 0 stands before the first use.
 */
export function judgeLog(log: LogMarks, tpm: Counted | null): string | null {
  const marked = log.counter;
  if (marked === 0 && (tpm === null || tpm.head === null)) return null;
  if (tpm === null || tpm.counter === 0) return marked === null ? null : behind(0, marked);
  if (marked === null) {
    return `The TPM has counted ${tpm.counter} ends of an audit log, and this one has no such mark: the log was removed, or this host was installed anew.`;
  }
  if (tpm.counter > marked) {
    return `The audit log is older than the TPM's counter says: it is at ${marked}, the TPM at ${tpm.counter}.`;
  }
  if (tpm.counter < marked - 1) return behind(tpm.counter, marked);
  return sameHead(log, tpm.head, tpm.counter === marked)
    ? null
    : "The audit log is not the one whose end the TPM keeps.";
}

function behind(counter: number, marked: number): string {
  return `The TPM's counter (${counter}) is behind the audit log (${marked}): it is another TPM, or it was cleared.`;
}

function sameHead(log: LogMarks, head: AuditHead | null, finished: boolean): boolean {
  if (head === null) return !finished;
  return log.hashAt(head.entries) === head.hash;
}
