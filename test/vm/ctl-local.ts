// Signed commands on the host itself, by a user without rights: what is right is done and proven, what is not is refused.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { checkAudit } from "./audit-chain.ts";
import { type BootedHost, bootHost, followBoot } from "./boot-host.ts";
import { vtScreen, waitForScreen } from "./console-screen.ts";
import { type CtlPerson, giveKey, personAt } from "./ctl-person.ts";
import { EXPECTED } from "./host-spec.ts";
import { leaveInDoubt } from "./in-doubt.ts";
import type { InstalledHost } from "./installed-host.ts";
import { definePlainDomain, domainState } from "./plain-domain.ts";
import { searchHost, watchProcesses, wordsOfKey } from "./planted-secrets.ts";
import { checkRights } from "./rights.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const AS_GRACE = `--key grace --principal ${EXPECTED.admin}`;

export const scenario: Scenario = {
  name: "ctl-local",
  title: "signed commands by an unprivileged user of the host: start, refusals, offline, in doubt, reboot, power off",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", ...host });
    const { shell } = booted;
    const ada = personAt(shell, EXPECTED.user);
    const { adminKey, rootPassword, adaPassword } = host.secrets;
    await watchProcesses(shell, [...wordsOfKey(adminKey), rootPassword, adaPassword]);
    await definePlainDomain(shell, "work");
    await helpAndNoKey(context, ada);
    await giveKey(ada, "grace", adminKey);
    await context.timed("commands", () => commands(context, shell, ada));
    await context.timed("offline", () => offline(context, shell, ada));
    await context.timed("in doubt", () => inDoubt(context, booted, ada));
    await checkRights(context, shell);
    await checkAudit(context, shell, "before the reboot");
    await searchHost(context, shell);
    const again = await reboot(context, booted, ada, host);
    await powerOff(context, again, personAt(again.shell, EXPECTED.user));
  },
};

export async function helpAndNoKey(context: Context, ada: CtlPerson): Promise<void> {
  const is = says(context, ada);
  await is(
    "without an operation it lists them",
    "",
    0,
    /^A host can be told:\n[\s\S]*vm\.start[\s\S]*not yet:\n[\s\S]*key\.rotate/,
  );
  await is("--help has examples", "--help", 0, /examples:\n +multiverse ctl\n[\s\S]*--key ~\/\.ssh\/admin/);
  await is("no key at all", "vm.start name=work", 4, /There is no key to sign with\.[\s\S]*→ --key /);
  await is("a key that is not there", "vm.start name=work --key nothing", 2, /The key nothing cannot be read\./);
  await is("an operation that there is not", "vm.begin name=work", 2, /There is no operation vm\.begin/);
}

export async function commands(context: Context, shell: GuestShell, ada: CtlPerson): Promise<void> {
  const is = says(context, ada);
  context.same("work is off, says libvirt", await domainState(shell, "work"), "shut off");
  await is("vm.start", `vm.start name=work ${AS_GRACE}`, 0, /^vm\.start: /);
  context.same("work runs, says libvirt", await domainState(shell, "work"), "running");
  await is("vm.start of what runs", `vm.start name=work ${AS_GRACE}`, 5, /work is already on/);
  await is("only if it is off", `vm.kill name=work --if-state off ${AS_GRACE}`, 4, /reason: state/);
  await is("a controller that there is not", `vm.start name=nobody ${AS_GRACE}`, 5, /nobody/);
  await is(
    "under another name",
    "vm.start name=work --key grace",
    4,
    /reason: signature-refused\n.*not signed by the host/,
  );
  await is("an operation that is not built", `key.rotate ${AS_GRACE}`, 4, /reason: not-yet/);
  const json = await ada.ctl(`vm.pause name=work ${AS_GRACE} --json`);
  const { signed, message } = JSON.parse(json.output) as { signed: boolean; message: { outcome: string } };
  context.same("its answer for programs is signed and done", `${signed} ${message.outcome}`, "true done");
  context.same("work is paused, says libvirt", await domainState(shell, "work"), "paused");
  const agent = "eval $(ssh-agent) >/dev/null; trap 'ssh-agent -k >/dev/null' EXIT; ssh-add -q grace";
  const inAgent = await ada.sh(
    `${agent}; multiverse ctl vm.pause name=work resume:=true --principal ${EXPECTED.admin}`,
  );
  context.check(
    "with the key in an ssh-agent",
    inAgent.exit === 0 && /^vm\.pause: /.test(inAgent.output),
    inAgent.output,
  );
  context.same("work goes on, says libvirt", await domainState(shell, "work"), "running");
}

export async function offline(context: Context, shell: GuestShell, ada: CtlPerson): Promise<void> {
  const is = says(context, ada);
  await is(
    "signed without being sent",
    `vm.kill name=work ${AS_GRACE} --offline kill.cmd --hours 1`,
    0,
    /good for 1 h, once/,
  );
  context.same("which does nothing", await domainState(shell, "work"), "running");
  context.same("the file is the person's alone", (await ada.sh("stat -c %a kill.cmd")).output.trim(), "600");
  await is("not over another file", `vm.kill name=work ${AS_GRACE} --offline kill.cmd`, 2, /EEXIST/);
  await is("sent", "--send kill.cmd", 0, /^vm\.kill: /);
  context.same("work has ended, says libvirt", await domainState(shell, "work"), "shut off");
  await is("started again", `vm.start name=work ${AS_GRACE}`, 0, /^vm\.start: /);
  await is("sent twice, it tells what came of it", "--send kill.cmd", 0, /\(it had been done before\)/);
  context.same("and does not do it again", await domainState(shell, "work"), "running");
  const changed = "sed 's/vm.kill/vm.stop/' kill.cmd >changed.cmd && multiverse ctl --send changed.cmd";
  const refused = await ada.sh(changed);
  context.check(
    "changed, it is refused",
    refused.exit === 4 && /reason: sequence/.test(refused.output),
    refused.output,
  );
}

export async function inDoubt(context: Context, { machine, shell }: BootedHost, ada: CtlPerson): Promise<void> {
  await leaveInDoubt(context, shell, ada, "work");
  const tty1 = await vtScreen(machine, shell);
  const rows = await waitForScreen(tty1, /1 in doubt/);
  context.check(
    "tty1 says it, too",
    rows.some((row) => /1 in doubt/.test(row)),
    rows.join("\n"),
  );
  await machine.picture("in-doubt");
  const kill = await ada.ctl(`vm.kill name=work ${AS_GRACE}`);
  context.check("other commands are taken meanwhile", kill.exit === 0, kill.output);
}

async function reboot(
  context: Context,
  { machine, shell }: BootedHost,
  ada: CtlPerson,
  host: InstalledHost,
): Promise<BootedHost> {
  // The shell that looks on goes away with the host: what ctl says is read as it comes.
  const script = `cd ${ada.home}; runuser -u ada -- multiverse ctl host.reboot ${AS_GRACE} --json`;
  shell.serial.send(`${script} | sed 's/^/REPLY /'\n`);
  const reply = await shell.serial.waitFor(/REPLY (\{.*\})/, {
    deadlineMs: DEADLINE.command,
    what: "the reply to host.reboot",
  });
  const { signed, message } = JSON.parse(reply[1] ?? "") as {
    signed: boolean;
    message: { id: string; outcome: string; text: string };
  };
  context.same(
    "host.reboot is answered, signed, before it goes",
    `${signed} ${message.outcome} ${message.text}`,
    "true done The host restarts in 10 seconds.",
  );
  const again = { machine, shell: await followBoot(context, machine, { name: "rebooted", ...host }) };
  const record = await again.shell.output(`cat /var/lib/multiverse/control/commands/${message.id}.json`);
  context.same(
    "afterwards its record says done",
    (JSON.parse(record) as { result: { outcome: string } }).result.outcome,
    "done",
  );
  await writeFile(join(context.folder, "record.json"), record);
  await again.shell.output("systemctl is-system-running --wait || :");
  const entries = await checkAudit(context, again.shell, "after the reboot");
  const of = entries
    .filter(({ id }) => id === message.id)
    .map(({ event, outcome }) => `${event}${outcome === undefined ? "" : ` ${outcome}`}`);
  context.same("the log has it once, accepted and ended", of.join(", "), "accepted, ended done");
  context.same(
    "the log goes on where it was",
    `${entries.filter(({ event }) => event === "start").length} starts, ${entries[0]?.event}`,
    "3 starts, start",
  );
  const status = await again.shell.run("multiverse status | grep '^ *in doubt: '");
  context.check("what was in doubt still is", / vm\.stop by grace, /.test(status.output), status.output);
  return again;
}

async function powerOff(context: Context, { machine, shell }: BootedHost, ada: CtlPerson): Promise<void> {
  await context.timed("host.poweroff", async () => {
    shell.serial.send(`cd ${ada.home}; runuser -u ada -- multiverse ctl host.poweroff ${AS_GRACE}\n`);
    await shell.serial.waitFor(/host\.poweroff: The host switches off in 10 seconds\./, {
      deadlineMs: DEADLINE.command,
      what: "the reply to host.poweroff",
    });
    await machine.waitForPowerOff(DEADLINE.powerOff);
  });
  context.check("host.poweroff switches the machine off", true);
  await machine.close();
}

function says(context: Context, ada: CtlPerson) {
  return async (title: string, words: string, exit: number, pattern: RegExp) => {
    const seen = await ada.ctl(words);
    context.check(
      title,
      seen.exit === exit && pattern.test(seen.output),
      `status ${seen.exit}\n${seen.output}\n(not ${exit}, ${pattern})`,
    );
  };
}
