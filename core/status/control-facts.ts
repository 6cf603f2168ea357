// What the daemon says of itself: whether commands are taken, the seat, the audit log, what is in doubt.
import { z } from "zod";
import { wallClock } from "./part.ts";

export const controlFacts = z.strictObject({
  /** Names of who may command; empty where nobody was enrolled. */
  admins: z.array(z.string()),
  /** The certificate of this host's seat; null while it is locked. */
  seat: z.strictObject({ by: z.string(), until: wallClock, operations: z.array(z.string()) }).nullable(),
  audit: z.strictObject({
    state: z.enum(["whole", "broken", "unknown"]),
    why: z.string().nullable(),
    entries: z.number().int(),
    /** Where the head is anchored. */
    anchor: z.enum(["tpm", "file", "none"]),
  }),
  /** Commands accepted whose end nobody saw. */
  inDoubt: z.array(z.strictObject({ id: z.string(), op: z.string(), by: z.string(), at: wallClock })),
  /** A change that reverts by itself unless it is confirmed. */
  pending: z.array(z.strictObject({ id: z.string(), op: z.string(), revertsAt: wallClock })),
  /** The last commands, newest first; at most 10. */
  recent: z.array(
    z.strictObject({
      id: z.string(),
      op: z.string(),
      by: z.string(),
      at: wallClock,
      outcome: z.enum(["running", "done", "failed", "in-doubt"]),
      text: z.string().nullable(),
    }),
  ),
});
export type ControlFacts = z.infer<typeof controlFacts>;
