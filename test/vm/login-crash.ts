// The hold of the status screen on tty1: killed, it comes back; broken, a login says why; by choice, there is none of it.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { followBoot, shutDown, startHost } from "./boot-host.ts";
import { type ConsoleScreen, vtScreen, waitForScreen } from "./console-screen.ts";
import { chooseShell, missingParts, waitForStatus } from "./host-screen.ts";
import { EXPECTED } from "./host-spec.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const UNIT = "multiverse-screen@tty1.service";
const FAILED = "multiverse-screen-failed@tty1.service";
const PROGRAM = "/usr/lib/multiverse/multiverse.mjs";
const LAST_WORD = "a broken wheel";
const CONF = "/boot/efi/EFI/*/multiverse.conf";

export const scenario: Scenario = {
  name: "login-crash",
  title: "the status screen on tty1 killed four times, broken, mended, and switched off by multiverse.login=off",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const boot = { name: "host", ...host };
    const machine = await startHost(context, boot);
    const shell = await followBoot(context, machine, boot);
    const sitting = await sit(context, machine, shell);
    await context.timed("the whole status stands on tty1", () => waitForStatus(sitting.screen));
    await killed(sitting);
    await shellKey(sitting);
    await broken(sitting, host.secrets.adaPassword);
    const journal = await shell.output(`journalctl -b -o short-monotonic -u 'multiverse-*' -u 'getty*' --no-pager`);
    await writeFile(join(machine.folder, "journal.log"), journal);

    await shell.output(`sed -i 's/multiverse\\.login=tty1/multiverse.login=off/' ${CONF} && sync`);
    shell.serial.send("systemctl reboot\n");
    const again = await followBoot(context, machine, { ...boot, name: "switched off" });
    await switchedOff(await sit(context, machine, again), host.secrets.adaPassword);
    await shutDown(context, { machine, shell: again });
  },
};

interface Sitting {
  context: Context;
  machine: Machine;
  shell: GuestShell;
  screen: ConsoleScreen;
  is(title: string, command: string, expected: string): Promise<void>;
}

async function sit(context: Context, machine: Machine, shell: GuestShell): Promise<Sitting> {
  return {
    ...{ context, machine, shell, screen: await vtScreen(machine, shell) },
    async is(title, command, expected) {
      context.same(title, (await shell.run(command)).output.trim(), expected);
    },
  };
}

const show = (property: string, unit = UNIT) => `systemctl show -P ${property} ${unit}`;

/** Looks in the guest, five times a second, until a command succeeds. */
const until = (command: string) => `n=0; until ${command}; do n=$((n + 1)); [ $n -lt 1200 ] || exit 1; sleep 0.2; done`;

/** As often as the issue says; each time something is painted on it before, which only a new start takes away. */
async function killed({ context, machine, shell, screen, is }: Sitting): Promise<void> {
  // The shell that looks on has turned the kernel down by itself.
  await shell.output(`dmesg -n 7; systemctl restart ${UNIT}`);
  await waitForStatus(screen);
  for (const time of [1, 2, 3, 4]) {
    const paint = `printf '\\033[6;10Hpainted %s over' here >/dev/tty1; grep -aqF 'painted here over' /dev/vcs1`;
    await context.timed(`from kill -9 to the whole status, ${time}`, async () => {
      const pid = await shell.output(`pid=$(${show("MainPID")}); ${paint} && kill -9 $pid && echo $pid`);
      const other = `[ "$(${show("MainPID")})" != ${pid.trim()} ] && [ "$(${show("ActiveState")})" = active ]`;
      await shell.output(until(other), { deadlineMs: DEADLINE.command, what: "another screen" });
      const rows = await waitForStatus(screen, DEADLINE.command, /painted/);
      context.same(`killed ${time}: the whole status is back`, missingParts(rows).join(", "), "");
    });
    await is(`killed ${time}: systemd has counted it`, show("NRestarts"), String(time));
    await shell.output(`echo "<1>kernel words ${time}" >/dev/kmsg`);
    await is(`killed ${time}: the kernel's words are in its log`, `dmesg | grep -c "kernel words ${time}"`, "1");
    await is(`killed ${time}: and not on the screen`, "grep -ac 'kernel words' /dev/vcs1", "0");
  }
  await machine.picture("killed-four-times");
  await is("no login has taken its place", show("ActiveState", FAILED), "inactive");
  await screen.type("m");
  await waitForScreen(screen, /What can be done here/);
  await screen.press("escape");
  await waitForStatus(screen);
  context.check("it hears keys", true);
}

/** The menu's shell: a login on the second console, and the way back. */
async function shellKey({ context, machine, shell, screen, is }: Sitting): Promise<void> {
  await chooseShell(screen);
  const there = `[ "$(cat /sys/class/tty/tty0/active)" = tty2 ] && grep -aq 'login:' /dev/vcs2`;
  const seen = await shell.run(until(there), { deadlineMs: DEADLINE.command });
  await machine.picture("menu-shell");
  context.check(
    "the menu's shell is a login on tty2",
    seen.exit === 0,
    (await shell.run("cat /sys/class/tty/tty0/active; fold -w 100 /dev/vcs1")).output,
  );
  await machine.press("alt", "f1");
  await is("Alt-F1 leads back", `${until(`[ "$(cat /sys/class/tty/tty0/active)" = tty1 ]`)}; echo back`, "back");
  await screen.press("escape");
  await waitForStatus(screen);
}

/** A program that throws is put over it; a login says why; root mends it and starts it again, by the machine's keyboard. */
async function broken({ context, machine, shell, screen, is }: Sitting, password: string): Promise<void> {
  await shell.output(
    `echo 'throw new Error("${LAST_WORD}\\u001b[31m");' >/run/broken.mjs; mount --bind /run/broken.mjs ${PROGRAM}`,
  );
  // The limit counts anew, wherever in its ten minutes the former starts were.
  await shell.output(`systemctl reset-failed ${UNIT}`);
  const rows = await context.timed("from kill -9 of what cannot start again to a login", async () => {
    await shell.output(`kill -9 $(${show("MainPID")})`);
    return waitForScreen(screen, /did not stay up[\s\S]*login:/, { deadlineMs: DEADLINE.boot });
  });
  await machine.picture("failed");
  const text = rows.join("\n");
  // A terminal would have taken what follows for a colour.
  context.check("the last error is named, and harmless", text.includes(`Error: ${LAST_WORD}[31m`), text);
  context.check("its whole log is named", text.includes(`journalctl -b -u ${UNIT}`), text);
  context.check("and how to try again", text.includes(`systemctl start ${UNIT}`), text);
  // systemd counts the one that it refuses as a restart, too: each start has left its word.
  const starts = Number(
    await shell.output(`journalctl -b -o cat -t multiverse-screen | grep -ac '^Error: ${LAST_WORD}'`),
  );
  context.check("it was started eight times at the most", starts >= 1 && starts <= 8, `${starts} times`);
  await is("it counts as failed", "systemctl --failed --plain --no-legend | cut -d' ' -f1", UNIT);
  await is(
    "the console is not raw",
    "stty -F /dev/tty1 -a | grep -owE -- '-?(icrnl|opost)' | sort | tr '\\n' ' '",
    "icrnl opost",
  );
  await shell.output(`echo "<1>kernel words five" >/dev/kmsg`);
  await is("the kernel may speak again", until("grep -aq 'kernel words five' /dev/vcs1"), "");

  await logInAt(screen, password);
  await machine.picture("failed-logged-in");
  await screen.type(`systemctl --no-ask-password start ${UNIT}; echo status=$?\n`);
  const refused = await waitForScreen(screen, /status=\d/);
  context.check("whoever is not root is refused", /status=[1-9]/.test(refused.join("\n")), refused.join("\n"));
  await is("and nothing was started", show("ActiveState"), "failed");
  await shell.output(`dmesg -n 1; umount ${PROGRAM}`);
  await screen.type(`clear; sudo -p 'sudo asks: ' systemctl start ${UNIT}\n`);
  await waitForScreen(screen, /^sudo asks:/m);
  await screen.type(`${password}\n`);
  const back = await context.timed("mended and started by root: the whole status", () => waitForStatus(screen));
  await machine.picture("mended");
  context.same("mended, the whole status is back", missingParts(back).join(", "), "");
  await is("the login has made room", show("ActiveState", FAILED), "inactive");
  await is("and nothing counts as failed", "systemctl --failed --no-legend", "");
}

async function logInAt(screen: ConsoleScreen, password: string): Promise<void> {
  await screen.type(`${EXPECTED.user}\n`);
  await waitForScreen(screen, /Password: *$/m);
  await screen.type(`${password}\n`);
  await waitForScreen(screen, new RegExp(`${EXPECTED.user}@\\w+:.*\\$`), { unless: /Login incorrect/ });
}

async function switchedOff({ context, machine, screen, is }: Sitting, password: string): Promise<void> {
  await is("the kernel was told", "tr ' ' '\\n' </proc/cmdline | grep ^multiverse.login", "multiverse.login=off");
  await waitForScreen(screen, /jupiter login:/);
  await machine.picture("off");
  await is("multiverse.login=off: a getty has tty1", show("ActiveState", "getty@tty1.service"), "active");
  await is(
    "no screen is there",
    `systemctl list-units --plain --no-legend 'multiverse-screen*' 'multiverse-login*'`,
    "",
  );
  await is("the daemon runs all the same", until("systemctl is-active --quiet multiversed.service"), "");
  await logInAt(screen, password);
  context.check("ada can log in there", true);
}
