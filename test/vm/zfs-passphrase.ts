// Native encryption: passphrases given to the installer by file descriptors, one typed at the console at boot.

import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { BOOT_FAILED, bootHost, shutDown } from "./boot-host.ts";
import { checkHost } from "./host-checks.ts";
import { EXPECTED } from "./host-spec.ts";
import { makeInstalledHost } from "./installed-host.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { STATE_DISK, searchArtefacts } from "./secret-search.ts";

const PROMPT = /(?:passphrase|password)[^\n]*: ?/i;

export const scenario: Scenario = {
  name: "zfs-passphrase",
  title: "installs with native encryption; refuses a wrong passphrase on serial, takes the right one on tty1",
  ci: true,
  needs: ["live"],
  async run(context) {
    const host = await makeInstalledHost(context, "zfs-passphrase");
    const { passphrase, recoveryPassphrase } = host.secrets;
    const unlock = (machine: Machine) => typePassphrases(context, machine, passphrase);
    const booted = await bootHost(context, { name: "host", ...host, unlock });
    await checkHost(context, booted.shell, { secrets: host.secrets, encryption: "passphrase" });
    const found = await searchHost(booted.shell, [passphrase, recoveryPassphrase]);
    context.same("no file on the host holds a passphrase", found, "");
    const control = await searchHost(booted.shell, [EXPECTED.host]);
    context.check("the same search finds what is there", /^\/etc\/hostname$/m.test(control), control);
    await shutDown(context, booted);
    const left = await searchArtefacts(context, [passphrase, recoveryPassphrase]);
    context.same("no passphrase in the artefacts and on the state disk", left.join(" "), "");
    const known = await searchArtefacts(context, [EXPECTED.host]);
    context.check("the same search finds what is there", known.includes(STATE_DISK), known.join(" "));
  },
};

/** The files that hold one of the words. They come by a descriptor: on its command line grep would find itself. */
async function searchHost(shell: GuestShell, words: readonly string[]): Promise<string> {
  const places = "/boot/efi /etc /run/initramfs /var/log /var/lib/multiverse /root";
  const script = `grep -rlF -f /dev/fd/8 ${places} 2>/dev/null 8<<'WORDS'\n${words.join("\n")}\nWORDS\n`;
  return (await shell.run(script, { deadlineMs: DEADLINE.command })).output;
}

/** What to press on a US keyboard's keys to get the text where the machine takes them for German ones. */
function onGermanKeys(text: string): string {
  return text.replaceAll(/[yz]/g, (letter) => (letter === "y" ? "z" : "y"));
}

/** A wrong passphrase on the serial line: it must be asked again. Then the right one, on the screen's own keyboard. */
async function typePassphrases(context: Context, machine: Machine, passphrase: string): Promise<void> {
  const { serial } = machine;
  const wait = { deadlineMs: DEADLINE.boot, what: "the question for the passphrase", unless: BOOT_FAILED };
  await serial.waitFor(PROMPT, wait);
  await machine.picture("passphrase");
  serial.send("this is not it\n");
  await serial.waitFor(PROMPT, { ...wait, what: "the question to come again after a wrong passphrase" });
  context.check("a wrong passphrase is refused and asked again", true);
  await machine.type(`${onGermanKeys(passphrase)}\n`);
}
