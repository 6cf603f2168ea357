// The status screen in the place of tty1's login: what it shows is what other tools say, and it has no rights.
import { join } from "node:path";
import { bootHost, shutDown } from "./boot-host.ts";
import type { Scenario } from "./scenario.ts";

export const scenario: Scenario = {
  name: "login-tty1",
  title: "an installed host shows its status on tty1 instead of a login; every figure agrees with another tool",
  ci: true,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", ...host });
    const { shell, machine } = booted;
    context.log(join(machine.folder));
    context.log(
      await shell
        .output(
          "systemctl --failed --no-legend; systemctl is-system-running --wait; systemctl status multiverse-screen@tty1 --no-pager; journalctl -b -t multiverse-screen --no-pager | tail -20; free -m; df -h / /boot/efi; virsh list --all; systemd-analyze blame | head -20",
        )
        .catch(String),
    );
    await machine.picture("status");
    await shutDown(context, booted);
  },
};
