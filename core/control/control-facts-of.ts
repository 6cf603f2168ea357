// What the screen is told of commands, the seat and the audit log.
import type { ControlFacts } from "../status/control-facts.ts";
import { SEAT_OPERATIONS } from "./policy.ts";
import type { PendingChange } from "./revert.ts";
import type { Grant } from "./seat.ts";
import type { KnownCommand } from "./store.ts";

const RECENT = 10;

export interface ControlParts {
  admins: string[];
  seat: Grant | null;
  audit: ControlFacts["audit"];
  /** In the order in which they were accepted. */
  commands: readonly KnownCommand[];
  pending: readonly PendingChange[];
  /** What a running command does now. */
  progress(id: string): string | null;
}

/** The log's own word, with what the TPM's comparison adds. */
export function auditFactsOf(
  log: ControlFacts["audit"],
  tpm: { used: boolean; doubt: string | null } | undefined,
): ControlFacts["audit"] {
  if (tpm === undefined) return log;
  const found = { ...log, anchor: tpm.used ? ("tpm" as const) : log.anchor };
  return tpm.doubt === null || log.state === "broken" ? found : { ...found, state: "unknown", why: tpm.doubt };
}

export function controlFactsOf({ admins, seat, audit, commands, pending, progress }: ControlParts): ControlFacts {
  return {
    admins,
    seat: seat === null ? null : { by: seat.by, until: seat.until, operations: [...SEAT_OPERATIONS] },
    audit,
    inDoubt: commands
      .filter(({ state }) => state === "in-doubt")
      .map(({ id, op, by, accepted }) => ({ id, op, by, at: accepted })),
    pending: pending.map(({ id, op, revertsAt }) => ({ id, op, revertsAt })),
    recent: commands
      .slice(-RECENT)
      .reverse()
      .map(({ id, op, by, accepted, state, text }) => ({
        ...{ id, op, by, at: accepted, outcome: state },
        text: state === "running" ? progress(id) : text,
      })),
  };
}
