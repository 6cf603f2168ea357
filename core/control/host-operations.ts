// The operations on the host itself: restarting it and switching it off, left to systemd for the moment after the reply.
import { ProgramError } from "../errors.ts";
import type { Run } from "../tools/run.ts";
import type { Handlers } from "./handlers.ts";

/**
 * Until it begins. The person's own session ends with the host: without these seconds `ctl` is killed before it has
 * shown the signed reply. A busy host takes some five to sign it, and as many to check it.
 */
const SECONDS = 10;
/** One for both, so that whoever comes second is told. */
const UNIT = "multiverse-end-of-host";

/**
 * A timer of systemd's own (systemd-run(1)): the daemon may end meanwhile.
 * Whoever may run these has signed: inhibitors, which ask a person at a terminal, are not asked.
 */
export function hostOperations(run: Run): Handlers {
  const ask = (verb: "reboot" | "poweroff", text: string) => async () => {
    const timer = [`--on-active=${SECONDS}s`, "--timer-property=AccuracySec=100ms", `--unit=${UNIT}`, "--collect"];
    const command = ["systemctl", verb, "--no-wall", "--no-block", "--check-inhibitors=no"];
    await run(["systemd-run", "--quiet", ...timer, "--", ...command], { timeoutMs: 30_000 }).catch(already);
    return { text };
  };
  return {
    "host.reboot": ask("reboot", `The host restarts in ${SECONDS} seconds.`),
    "host.poweroff": ask("poweroff", `The host switches off in ${SECONDS} seconds.`),
  };
}

function already(cause: unknown): never {
  if (cause instanceof ProgramError && /was already loaded/.test(cause.stderr)) {
    throw new Error("The host is about to restart or to switch off already.", { cause });
  }
  throw cause;
}
