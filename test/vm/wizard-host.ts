// Judges a host that was installed through the screens: what the person answered, and that it is a whole host.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { EXPECTED } from "./host-spec.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface WizardHost {
  /** Layout that was chosen. */
  keyboard: string;
}

export async function checkWizardHost(context: Context, shell: GuestShell, { keyboard }: WizardHost): Promise<void> {
  const { host, user } = EXPECTED;
  const is = async (title: string, command: string, expected: string) => {
    const { output } = await shell.run(command, { deadlineMs: DEADLINE.command, what: command });
    context.same(title, output.trim(), expected);
  };
  // First, because it waits until everything that starts at boot has started.
  await is("systemd has started everything", "systemctl is-system-running --wait", "running");
  await is("no unit has failed", "systemctl list-units --failed --plain --no-legend", "");
  await is("the host has its name", "hostname", host);
  await is("/ is g3", "findmnt -no SOURCE / | sed 's,^[^/]*/,,'", "jupiter/os/g3");
  await is("the keyboard is the one chosen", `sed -n 's/^XKBLAYOUT=//p' /etc/default/keyboard`, `"${keyboard}"`);
  await is("the user is there and may become root", `id -nG ${user} | tr ' ' '\\n' | grep -x sudo`, "sudo");
  await is("nobody else may log in", "getent shadow | grep -c ':[$]'", "1");
  await is("the mark of an unfinished install is gone", "lsblk -nro PARTLABEL | grep -c unfinished", "0");
}
