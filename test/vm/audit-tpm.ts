// The audit log of a host with a TPM: counted there, found to be old when it is put back, told when the TPM is gone.
import { join } from "node:path";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { type Ask, asker } from "./ask-host.ts";
import { type BootedHost, bootHost, shutDown } from "./boot-host.ts";
import { type ConsoleScreen, vtScreen, waitForScreen } from "./console-screen.ts";
import { EXPECTED } from "./host-spec.ts";
import type { InstalledHost } from "./installed-host.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { partOf, readStatus } from "./status-json.ts";

const COUNTER = "0x01804D56";
const STATE = "/var/lib/multiverse/control";
const ANCHOR = "/var/log/multiverse/audit-anchor.json";
const KEY = "/root/grace";
/** Of the menu's entries, from 0, where the pointer stands first. */
const KEYS_ROW = 6;
const OLDER = /older than the TPM's counter says/;

export const scenario: Scenario = {
  name: "audit-tpm",
  title: "anchors the audit log in a TPM: an old log put back is found, a TPM that is gone is told",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const tpm = join(context.work, "tpm");
    const first = await bootHost(context, { name: "first", ...host, tpm });
    await countsCommands(context, first, host);
    await shutDown(context, first);
    const second = await bootHost(context, { name: "second", ...host, tpm });
    await staysWhole(context, second.shell);
    await findsAnOldLog(context, second, host);
    await shutDown(context, second);
    const third = await bootHost(context, { name: "without", ...host });
    await tellsThatItIsGone(context, third);
    await shutDown(context, third);
  },
};

/** What the daemon says of the log as soon as it knows. */
async function audit(shell: GuestShell, until: (state: string) => boolean = (state) => state !== "unknown") {
  const deadline = performance.now() + DEADLINE.command;
  for (;;) {
    const found = partOf(await readStatus(shell), "control").audit;
    if (until(found.state) || performance.now() > deadline) return found;
  }
}

async function told(context: Context, shell: GuestShell, title: string, expected: string): Promise<string> {
  const { state, anchor, why, entries } = await audit(shell);
  context.same(title, `${state} ${anchor}`, expected);
  context.log(`${title}: ${entries} entries, ${why ?? "nothing to say"}`);
  return why ?? "";
}

/** The counter by a program of its own, with the daemon's rights or more. */
async function counted(ask: Ask): Promise<number> {
  const text = await ask.get(`tpm2_nvread -T device:/dev/tpmrm0 ${COUNTER} -C ${COUNTER} --print-yaml 2>/dev/null`);
  return Number(/counter: (\d+)/.exec(text)?.[1] ?? Number.NaN);
}

async function signed(context: Context, shell: GuestShell, command: string): Promise<void> {
  const words = `multiverse ctl ${command} --principal ${EXPECTED.admin} --key ${KEY}`;
  const { output, exit } = await shell.run(words, { deadlineMs: DEADLINE.command, what: words });
  context.same(`${command} is done`, String(exit), "0");
  context.log(output.trim());
}

async function installKey(shell: GuestShell, { secrets }: InstalledHost): Promise<void> {
  const key = Buffer.from(secrets.adminKey).toString("base64");
  await shell.output(`umask 077; echo ${key} | base64 -d >${KEY}; ssh-keygen -y -f ${KEY} >${KEY}.pub`);
}

/** Menu, down to the keys, and what they say. */
async function openKeys(screen: ConsoleScreen, pattern: RegExp): Promise<string[]> {
  await screen.type("m");
  await waitForScreen(screen, /[Ii]nstall a new controller|New controller/);
  for (let row = 0; row < KEYS_ROW; row += 1) await screen.press("down");
  await screen.press("enter");
  return waitForScreen(screen, pattern);
}

async function countsCommands(context: Context, { shell, machine }: BootedHost, host: InstalledHost): Promise<void> {
  const ask = asker(context, shell, "");
  await ask.is("systemd has started everything", "systemctl is-system-running --wait", "running");
  await ask.is("the TPM is of root alone", "stat -c '%U %G %a' /dev/tpmrm0", "root root 600");
  await context.timed("the log compared with the TPM", () => told(context, shell, "at first it is whole", "whole tpm"));
  await ask.is("no words of trouble are in the daemon's log", "journalctl -b -u multiversed -p err -q --no-pager", "");
  await ask.is("what tpm2-tools may not do is not asked", "journalctl -b -q --no-pager | grep -c SECCOMP", "0");
  const before = await counted(ask);
  context.check("the counter was made and raised", before >= 2, String(before));
  await installKey(shell, host);
  for (let turn = 0; turn < 3; turn += 1) await signed(context, shell, "seat.drop");
  const screen = await vtScreen(machine, shell);
  await waitForScreen(screen, /saturn +ONLINE/);
  await context.timed("the keys stand on tty1", () => openKeys(screen, /anchored in the TPM/));
  await machine.picture("keys");
  await screen.press("escape");
  await shell.output("systemctl stop multiversed", { deadlineMs: DEADLINE.command, what: "the daemon to end" });
  const after = await counted(ask);
  context.check("what the commands left is counted when the daemon ends", after > before, `${before}, then ${after}`);
  const marks = `grep -o '"event":"anchor","counter":[0-9]*' ${STATE}/audit.jsonl | tail -n 1 | cut -d: -f3`;
  await ask.is("and the log's last mark is where the counter stands", marks, String(after));
  await ask.matches(
    "the signed head names the counter",
    `cat ${STATE}/audit-head.json`,
    RegExp(`counter.{2,4}${after}}`),
  );
}

async function staysWhole(context: Context, shell: GuestShell): Promise<void> {
  await told(context, shell, "after another boot it is whole", "whole tpm");
}

/** As somebody does who has the disk: everything of an earlier day, and all of it fitting together. */
async function findsAnOldLog(context: Context, { shell, machine }: BootedHost, host: InstalledHost): Promise<void> {
  const ask = asker(context, shell, "");
  const slow = { deadlineMs: DEADLINE.command, what: "the daemon to end" };
  await installKey(shell, host);
  await shell.output(
    `systemctl stop multiversed && cp -a ${STATE} /root/old && cp -a ${ANCHOR} /root/old-anchor`,
    slow,
  );
  await shell.output("systemctl start multiversed", slow);
  await told(context, shell, "after a mere copy it is whole", "whole tpm");
  await signed(context, shell, "seat.drop");
  await shell.output("systemctl stop multiversed", slow);
  const newer = await ask.get(`wc -l <${STATE}/audit.jsonl`);
  await shell.output(`rm -r ${STATE}/* && cp -a /root/old/. ${STATE}/ && cp -a /root/old-anchor ${ANCHOR}`);
  const older = await ask.get(`wc -l <${STATE}/audit.jsonl`);
  context.check("lines are gone from the log", Number(older) < Number(newer), `${older} of ${newer}`);
  await shell.output("systemctl start multiversed", slow);
  const why = await told(context, shell, "the old log is found", "broken tpm");
  context.check("and why is said", OLDER.test(why), why);
  await ask.matches("in the journal, too", "journalctl -b -u multiversed -q --no-pager", OLDER);
  const screen = await vtScreen(machine, shell);
  await context.timed("the break stands on tty1", () => waitForScreen(screen, /log broken/));
  await machine.picture("broken");
  const rows = (await openKeys(screen, /older than the/)).join("\n");
  context.check("tty1 says why", /older than the/.test(rows), rows);
  await machine.picture("broken-keys");
  await screen.press("escape");
  await signed(context, shell, "audit.acknowledge");
  await told(context, shell, "what an admin acknowledged is whole", "whole tpm");
  await shell.output("systemctl restart multiversed", slow);
  await told(context, shell, "and stays so", "whole tpm");
}

async function tellsThatItIsGone(context: Context, { shell, machine }: BootedHost): Promise<void> {
  const why = await told(context, shell, "without its TPM it is broken, and the file is what is left", "broken file");
  context.check("and why is said", /was anchored in a TPM .* no TPM/.test(why), why);
  const screen = await vtScreen(machine, shell);
  await waitForScreen(screen, /log broken/);
  await machine.picture("gone");
}
