// The operations on the host itself: restarting it and switching it off, asked of systemd.
import type { Run } from "../tools/run.ts";
import type { Handlers } from "./handlers.ts";

/**
 * systemctl(1): the job is queued and the command ends at once, so that the reply is on its way before the sockets go.
 * Whoever may run these has signed: inhibitors, which ask a person at a terminal, are not asked.
 */
export function hostOperations(run: Run): Handlers {
  const ask = (verb: "reboot" | "poweroff", text: string) => async () => {
    await run(["systemctl", verb, "--no-wall", "--no-block", "--check-inhibitors=no"], { timeoutMs: 30_000 });
    return { text };
  };
  return {
    "host.reboot": ask("reboot", "The host restarts."),
    "host.poweroff": ask("poweroff", "The host switches off."),
  };
}
