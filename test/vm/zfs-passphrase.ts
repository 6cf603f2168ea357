// Native encryption: passphrases given to the installer by file descriptors, one typed at the console at boot.

import type { Machine } from "../../core/vm/machine.ts";
import { BOOT_FAILED, bootHost, shutDown } from "./boot-host.ts";
import { checkHost } from "./host-checks.ts";
import { makeInstalledHost } from "./installed-host.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { searchArtefacts } from "./secret-search.ts";

const PROMPT = /(?:passphrase|password)[^\n]*: ?/i;

export const scenario: Scenario = {
  name: "zfs-passphrase",
  title: "installs with native encryption; a wrong passphrase is refused at boot, the right one opens",
  ci: true,
  needs: ["live"],
  async run(context) {
    const host = await makeInstalledHost(context, "zfs-passphrase");
    const { passphrase, recoveryPassphrase } = host.secrets;
    const unlock = (machine: Machine) => typePassphrases(context, machine, passphrase);
    const booted = await bootHost(context, { name: "host", ...host, unlock });
    await checkHost(context, booted.shell, { secrets: host.secrets, encryption: "passphrase" });
    for (const secret of [passphrase, recoveryPassphrase]) {
      // The pattern comes by standard input's descriptor: on the command line grep would find itself.
      const found = await booted.shell.run(
        `grep -rlF -f /dev/fd/8 /boot/efi /etc /run/initramfs /var/log /var/lib/multiverse /root 8<<'A'\n${secret}\nA`,
        { deadlineMs: DEADLINE.command },
      );
      context.same("no file on the host holds a passphrase", found.output.replaceAll(/^grep: .*\n/gm, ""), "");
    }
    await shutDown(context, booted);
    await searchArtefacts(context, [passphrase, recoveryPassphrase]);
  },
};

/** A wrong passphrase first: it must be asked again. Then the right one. */
async function typePassphrases(context: Context, machine: Machine, passphrase: string): Promise<void> {
  const { serial } = machine;
  const wait = { deadlineMs: DEADLINE.boot, what: "the question for the passphrase", unless: BOOT_FAILED };
  await serial.waitFor(PROMPT, wait);
  await machine.picture("passphrase");
  serial.send("this is not it\n");
  await serial.waitFor(PROMPT, { ...wait, what: "the question to come again after a wrong passphrase" });
  context.check("a wrong passphrase is refused and asked again", true);
  serial.send(`${passphrase}\n`);
}
