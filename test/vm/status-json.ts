// What multiversed tells of a host, read by `multiverse status --json` in it.

import { type StatusSnapshot, statusMessage } from "../../core/status/snapshot.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { DEADLINE } from "./scenario.ts";

/** The snapshot of this moment, which must be of the shape that every reader relies on. */
export async function readStatus(shell: GuestShell): Promise<StatusSnapshot> {
  const text = await shell.output("multiverse status --json", { deadlineMs: DEADLINE.command, what: "the status" });
  const message = statusMessage.parse(JSON.parse(text));
  if (message.type !== "snapshot") throw new Error(`the first message is a ${message.type}, not a snapshot`);
  return message;
}

type Parts = StatusSnapshot["parts"];

/** A slow machine's sources may need more than one attempt; one look in two seconds, in the guest. */
const LOOK = `n=0; until multiverse status --json >/run/status.json 2>/dev/null && ! grep -q '"value":null' /run/status.json; do
  n=$((n + 1)); [ $n -lt 150 ] || break; sleep 2
done`;

/** The snapshot as soon as every part is known. */
export async function wholeStatus(shell: GuestShell): Promise<StatusSnapshot> {
  await shell.run(LOOK, { deadlineMs: DEADLINE.boot, what: "every part of the status" });
  return readStatus(shell);
}

/** A part's value, once it is known. Throws with why it is not. */
export function partOf<Name extends keyof Parts>(
  snapshot: StatusSnapshot,
  name: Name,
): NonNullable<Parts[Name]["value"]> {
  const { value, failure } = snapshot.parts[name];
  if (value === null) throw new Error(`${name} is not known: ${failure ?? "nothing was read yet"}`);
  return value as NonNullable<Parts[Name]["value"]>;
}
