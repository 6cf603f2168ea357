// The host itself: its status from the daemon's socket, commands through whoever signs them for this seat.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { followStatus } from "../../core/status/client.ts";
import type { StatusView } from "../../core/status/view.ts";
import type { Commander, HostBackend } from "./backend.ts";
import { ctlLine } from "./ctl-line.ts";

export interface RealHostOptions {
  /** /run/multiverse/status.sock */
  status: string;
  /** /run/multiverse/seat, with `code` (docs/formats/control-protocol.md). */
  seat: string;
  commander: Commander;
  /** Whether this is the terminal that the code of presence is for. */
  present: boolean;
}

export function realHost({ status, seat, commander, present }: RealHostOptions): HostBackend {
  let last: StatusView | null = null;
  return {
    follow(onView) {
      const { stop } = followStatus({
        from: status,
        onStatus: (view) => {
          last = view;
          onView(view);
        },
      });
      return stop;
    },
    command: (op, args) => commander.send(op, args),
    line: (op, args) => ctlLine(last?.parts.host?.value?.name ?? null, op, args),
    seatCode: async () => (present ? await readCode(join(seat, "code")) : null),
    async lock() {
      const outcome = await commander.send("seat.drop", {});
      if (outcome.state !== "done") throw new Error(outcome.text);
    },
  };
}

/** Null where there is none, or where this user may not read it. */
async function readCode(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim() || null;
  } catch {
    return null;
  }
}
