// What users without rights cannot do on a host: read its keys, the seat's, or what was commanded.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { Context } from "./scenario.ts";

const USERS = ["ada", "multiverse-screen"];
const SECRETS = [
  "/etc/ssh/host-keys/ssh_host_ed25519_key",
  "/var/lib/multiverse/control/audit.jsonl",
  "/var/lib/multiverse/control/audit-head.json",
  "/var/lib/multiverse/control/clock.json",
  "/var/log/multiverse/audit-anchor.json",
  "/run/multiverse-seat/private/agent",
  "/etc/shadow",
];
/** Of the seat: the screen's business, and nobody else's. */
const SCREEN_ONLY = ["/run/multiverse/seat/code", "/run/multiverse/seat/agent"];
const WRITTEN = [
  "/etc/multiverse/control/allowed_signers",
  "/etc/multiverse/control/policy.yml",
  "/run/multiverse/seat",
];

export async function checkRights(context: Context, shell: GuestShell): Promise<void> {
  /** Which of the paths are there, and which of those a user may use so. */
  const may = async (user: string, flag: "r" | "w", paths: readonly string[]) =>
    (
      await shell.output(
        `for path in ${paths.join(" ")}; do runuser -u ${user} -- sh -c 'test -${flag} "$1" && echo "$1"' sh "$path" || :; done`,
      )
    ).trim();
  context.same("what must not be read is there", await may("root", "r", SECRETS), SECRETS.join("\n"));
  context.same("and is written by root", await may("root", "w", WRITTEN), WRITTEN.join("\n"));
  for (const user of USERS) {
    context.same(`${user} reads none of it`, await may(user, "r", SECRETS), "");
    context.same(`${user} enrols nobody, and changes no code`, await may(user, "w", WRITTEN), "");
    const tried = await shell.run(`runuser -u ${user} -- cat ${SECRETS.slice(0, 3).join(" ")}`);
    const denied = tried.output.match(/Permission denied/g)?.length ?? 0;
    context.check(`${user} is told so by the kernel`, tried.exit !== 0 && denied === 3, tried.output);
  }
  context.same("the code and the agent of the seat are not for ada", await may("ada", "r", SCREEN_ONLY), "");
  context.same("but for the screen", await may("multiverse-screen", "r", SCREEN_ONLY), SCREEN_ONLY.join("\n"));
}
