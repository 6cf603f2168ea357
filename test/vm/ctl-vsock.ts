// Signed commands by vsock: on the host's own loopback by a user without rights, and from a guest through vhost-vsock.
import type { ReplyMessage } from "../../core/control/reply.ts";
import { REPLY_NAMESPACE } from "../../core/control/ssh-tool.ts";
import { holds } from "../../core/control/sshsig-verify.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { putAttackProgram } from "./attack-program.ts";
import { checkAudit } from "./audit-chain.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { type CtlPerson, giveKey, personAt } from "./ctl-person.ts";
import { EXPECTED } from "./host-spec.ts";
import { definePlainDomain, domainState } from "./plain-domain.ts";
import type { Context, Scenario } from "./scenario.ts";
import { type Asked, askFromGuest, CID } from "./vsock-guest.ts";

const AS_GRACE = `--key grace --principal ${EXPECTED.admin}`;
const HOST_KEY = "/etc/ssh/host-keys/ssh_host_ed25519_key.pub";
const UNIT = "multiversed-vsock";

export const scenario: Scenario = {
  name: "ctl-vsock",
  title: "signed commands by vsock: loopback, a guest's device, forgeries, too many and too slow; the proxy's sandbox",
  // an emulated Linux inside an emulated host takes minutes
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", ...host });
    await lookAtVsock(context, booted.shell, host.secrets.adminKey);
    await shutDown(context, booted);
  },
};

/** Everything that is looked at, on a booted host of the hypervisor set. */
export async function lookAtVsock(context: Context, shell: GuestShell, adminKey: string): Promise<void> {
  const ada = personAt(shell, EXPECTED.user);
  await giveKey(ada, "grace", adminKey);
  await ada.sh("rm -f mallory*; ssh-keygen -q -t ed25519 -N '' -f mallory; ssh-keygen -y -f grace >grace.pub");
  await definePlainDomain(shell, "work");
  await kernelAndPort(context, shell);
  await context.timed("loopback", () => loopback(context, shell, ada));
  await sandbox(context, shell);
  const attack = await putAttackProgram(context, shell);
  for (const kind of ["vsock-floods", "vsock-crowd"]) await attack.run(EXPECTED.user, kind);
  await context.timed("from a guest", () => fromGuest(context, shell, ada));
  await checkAudit(context, shell, "after all that");
  const journal = await shell.output(`journalctl -b -u ${UNIT} --no-pager -o cat`);
  context.check("the journal says whom it did not let in", journal.includes(`CID ${CID} was not let in`), journal);
  context.check("the proxy has not complained", !/denied|not permitted|at .* line \d+/i.test(journal), journal);
}

/** The kernel loads what is needed when it is: vsock with its loopback for the socket, vhost_vsock for a guest. */
export async function kernelAndPort(context: Context, shell: GuestShell): Promise<void> {
  const modules = await shell.output("lsmod | awk '/vsock/ { print $1 }' | sort | tr '\\n' ' '");
  context.log(`modules with the socket alone: ${modules}`);
  context.check("vsock and its loopback are loaded", /\bvsock\b.*\bvsock_loopback\b/.test(modules), modules);
  context.same(
    "the guests' device is there",
    await shell.output("stat -c '%F' /dev/vhost-vsock"),
    "character special file\n",
  );
  context.same("the socket listens", (await shell.output(`systemctl is-active ${UNIT}.socket`)).trim(), "active");
  const listening = await shell.output("ss --vsock -l -n -H | awk '{ print $4 }'");
  context.same("on one port and no other: no status by vsock", listening.trim(), "*:1023");
}

export async function loopback(context: Context, shell: GuestShell, ada: CtlPerson): Promise<void> {
  const is = async (title: string, words: string, exit: number, pattern: RegExp) => {
    const seen = await ada.ctl(words);
    const holds = seen.exit === exit && pattern.test(seen.output);
    context.check(title, holds, `status ${seen.exit}\n${seen.output}\n(not ${exit}, ${pattern})`);
  };
  const state = () => domainState(shell, "work");
  await is(
    "a key that nobody knows",
    "vm.start name=work --key mallory --principal grace --host vsock://1",
    4,
    /signature-refused/,
  );
  await is(
    "a port on which nothing listens",
    `vm.start name=work ${AS_GRACE} --host vsock://1:1024`,
    4,
    /vsock:\/\/1:1024 cannot be reached[\s\S]*reset by peer/,
  );
  await is("a host that is not known", `vm.start name=work ${AS_GRACE} --host vsock://2`, 4, /--host-key/);
  context.same("work is off after that, says libvirt", await state(), "shut off");
  await is("vm.start by vsock", `vm.start name=work ${AS_GRACE} --host vsock://1`, 0, /^vm\.start: /);
  context.same("work runs, says libvirt", await state(), "running");
  const known = `--host vsock://2 --host-key ${HOST_KEY}`;
  await is(
    "on a host itself, the host's CID leads there, too",
    `vm.pause name=work ${AS_GRACE} ${known}`,
    0,
    /^vm\.pause: /,
  );
  await is("signed without being sent", `vm.kill name=work ${AS_GRACE} --offline kill.cmd`, 0, /once/);
  await ada.sh("sed 's/vm.kill/vm.stop/' kill.cmd >changed.cmd");
  await is("changed, it is refused", "--send changed.cmd --host vsock://1", 4, /signature-refused/);
  context.same("work is paused as before", await state(), "paused");
  await is("as it was signed, it is done", "--send kill.cmd --host vsock://1", 0, /^vm\.kill: /);
  await is("sent again, it tells what came of it", "--send kill.cmd --host vsock://1", 0, /it had been done before/);
  context.same("work has ended, says libvirt", await state(), "shut off");
}

async function sandbox(context: Context, shell: GuestShell): Promise<void> {
  const status = await shell.output(`cat /proc/$(systemctl show -P MainPID ${UNIT})/status`);
  const of = (key: string) => new RegExp(`^${key}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "";
  context.check("the proxy is nobody's user of its own", Number(of("Uid")) > 60_000, status);
  context.same(
    "it has no capability, gets none, and its system calls are filtered",
    ["CapEff", "CapBnd", "NoNewPrivs", "Seccomp"].map(of).join(" "),
    "0000000000000000 0000000000000000 1 2",
  );
  for (const unit of [`${UNIT}.service`, "multiversed.service"]) {
    const said = await shell.output(`systemd-analyze security --no-pager ${unit} | tail -1`);
    context.log(said.trim());
    if (unit.startsWith(UNIT))
      context.check("systemd finds little exposed", Number(/: ([\d.]+)/.exec(said)?.[1]) <= 0.5, said);
  }
}

/** The kernel's vhost-vsock needs no hardware virtualisation: it serves an emulated guest, too. */
async function fromGuest(context: Context, shell: GuestShell, ada: CtlPerson): Promise<void> {
  const signed = await ada.ctl(`vm.start name=work ${AS_GRACE} --offline right.cmd`);
  context.check("signed for a guest that has no key", signed.exit === 0, signed.output);
  const asked = await askFromGuest(shell, `${ada.home}/right.cmd`);
  const modules = await shell.output("lsmod | awk '/vsock/ { print $1 }'");
  context.check("vhost_vsock was loaded for it", /^vhost_vsock$/m.test(modules), modules);
  const keyLine = await shell.output(`cat ${HOST_KEY}`);
  const fifth = asked.get("fifth");
  context.check(
    "a guest's fifth connection is ended without a word",
    fifth?.exit === 0 && fifth.reply === null,
    JSON.stringify(fifth),
  );
  const nothing = asked.get("nothing");
  context.check(
    "another port of the host is shut",
    /reset by peer/.test(nothing?.error ?? ""),
    JSON.stringify(nothing),
  );
  context.same(
    "a forged command is refused",
    inWords(asked.get("forged"), keyLine),
    "refused signature-refused unsigned",
  );
  context.same("a signed one is done", inWords(asked.get("right"), keyLine), "result done signed");
  context.same("work runs, says libvirt", await domainState(shell, "work"), "running");
}

function inWords(asked: Asked | undefined, keyLine: string): string {
  if (asked?.reply == null) return `no reply, ${asked?.error}`;
  const { json, signature } = asked.reply;
  const message = JSON.parse(json) as ReplyMessage;
  const what = message.type === "refused" ? message.code : message.type === "result" ? message.outcome : "";
  const namespace = REPLY_NAMESPACE;
  const good = signature !== "" && holds({ message: Buffer.from(json), armoured: signature, namespace, keyLine });
  return `${message.type} ${what} ${good ? "signed" : signature === "" ? "unsigned" : "forged"}`;
}
