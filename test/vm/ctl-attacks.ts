// Attacks through the real sockets of the installed unit by a user without rights: each is refused by its name, and others are served.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { type AttackProgram, putAttackProgram } from "./attack-program.ts";
import { checkAudit, readAudit } from "./audit-chain.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { type ConsoleScreen, vtScreen, waitForScreen } from "./console-screen.ts";
import { type CtlPerson, giveKey, personAt } from "./ctl-person.ts";
import { EXPECTED } from "./host-spec.ts";
import { leaveInDoubt } from "./in-doubt.ts";
import { definePlainDomain, domainState, waitForStatus } from "./plain-domain.ts";
import { checkRights } from "./rights.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const ETC = "/etc/multiverse/control";
const STATE = "/var/lib/multiverse/control";
const USER = EXPECTED.user;
const GARBAGE = { frames: 3_000, seed: 20_261_120 };

export interface Attacked {
  context: Context;
  shell: GuestShell;
  tty1: ConsoleScreen;
  ada: CtlPerson;
  attack: AttackProgram;
}

export const scenario: Scenario = {
  name: "ctl-attacks",
  title:
    "forged, replayed, late, huge, slow and many messages at the sockets of the installed daemon; its log cut and edited",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", ...host });
    const { machine, shell } = booted;
    const ada = personAt(shell, USER);
    await giveKey(ada, "grace", host.secrets.adminKey);
    await definePlainDomain(shell, "work");
    const attack = await putAttackProgram(context, shell);
    const attacked = { context, shell, ada, attack, tty1: await vtScreen(machine, shell) };
    await enrolHenry(attacked);
    const idle = await memoryOf(shell);
    await signedWrongly(attacked);
    context.same("work is off after all that, says libvirt", await domainState(shell, "work"), "shut off");
    await tooMuch(attacked);
    await context.timed("two signers", () => twoSigners(attacked));
    await context.timed("the clock set back", () => clockSetBack(attacked));
    await context.timed("revoked", () => revoked(attacked));
    await checkRights(context, shell);
    await stillTheSame(attacked, idle);
    await context.timed("in doubt", () => leaveInDoubt(context, shell, ada, "work"));
    await context.timed("the audit log", () => brokenLogs(attacked));
    await machine.picture("log-broken");
    await attack.run(USER, "acknowledge", "audit.acknowledge");
    await whole(attacked);
    await checkAudit(context, shell, "acknowledged");
    await attack.run(USER, "right", "at the end a right command is done");
    await shutDown(context, booted);
  },
};

/** A second person, who may do less, and a key that nobody knows. */
export async function enrolHenry({ ada, shell }: Attacked): Promise<void> {
  await ada.sh(
    "ssh-keygen -y -f grace >grace.pub; for name in henry mallory; do rm -f $name; ssh-keygen -q -t ed25519 -N '' -f $name; done",
  );
  await shell.output(
    `echo "henry namespaces=\\"multiversed-command@v1\\" $(cut -d' ' -f1-2 ${ada.home}/henry.pub)" >>${ETC}/allowed_signers\n` +
      `sed -i 's/^principals:/principals:\\n  henry: {operations: [vm.start, seat.drop]}/' ${ETC}/policy.yml`,
  );
}

export async function signedWrongly({ attack }: Attacked): Promise<void> {
  for (const kind of ["forgeries", "replays", "sequences"]) await attack.run(USER, kind);
}

export async function tooMuch({ attack }: Attacked): Promise<void> {
  for (const kind of ["gibibyte", "slow-writers", "idle-connections"]) await attack.run(USER, kind);
  await attack.run(USER, "garbage", String(GARBAGE.frames), String(GARBAGE.seed));
}

/** The rule of two is asked of an operation that exists: the policy of this host names it. */
export async function twoSigners({ attack, shell, context }: Attacked): Promise<void> {
  await shell.output(
    `cp ${ETC}/policy.yml /root/; sed -i 's/^two-signers: \\[/two-signers: [vm.start, /' ${ETC}/policy.yml`,
  );
  await attack.run(USER, "two-people");
  context.same("two people have started work, says libvirt", await domainState(shell, "work"), "running");
  await shell.output(`sed -i 's/^version: 1/version: 2/' ${ETC}/policy.yml`);
  await attack.run(USER, "policy-unreadable");
  await shell.output(`cp /root/policy.yml ${ETC}/policy.yml`);
}

const TWO_HOURS = 7_200;

export async function clockSetBack({ attack, shell }: Attacked): Promise<void> {
  const move = (seconds: number) => shell.output(`date -s "@$(($(date +%s) + ${seconds}))"`);
  await move(-TWO_HOURS);
  await attack.run(USER, "clock-set-back");
  await move(TWO_HOURS);
  await attack.run(USER, "right", "with the clock put right, a right command is done");
}

export async function revoked({ attack, shell, ada }: Attacked): Promise<void> {
  await shell.output(`cat ${ada.home}/henry.pub >>${ETC}/revoked_keys`);
  await attack.run(USER, "revoked");
  await attack.run(USER, "right", "another's key is not");
}

/** Kilobytes of resident memory, by /proc. */
async function memoryOf(shell: GuestShell): Promise<number> {
  return Number(
    await shell.output("awk '/^VmRSS/ { print $2 }' /proc/$(systemctl show -P MainPID multiversed)/status"),
  );
}

/** docs/architecture.md: the daemon stays below this. */
const MEMORY_LIMIT_KB = 90 * 1024;

export async function stillTheSame({ context, shell, attack }: Attacked, idle: number): Promise<void> {
  context.same(
    "the daemon was never restarted",
    (await shell.output("systemctl show -P NRestarts multiversed")).trim(),
    "0",
  );
  const now = await memoryOf(shell);
  context.log(`the daemon had ${idle} kB before the attacks and has ${now} kB`);
  context.check("its memory is within its limit", now > 0 && now < MEMORY_LIMIT_KB, `${now} kB`);
  const { entries } = await readAudit(shell);
  const run = entries.filter(({ event }) => event === "accepted").map(({ id }) => id ?? "");
  context.same(
    "what was accepted is what was rightly signed, once each",
    run.toSorted().join("\n"),
    [...attack.accepted].toSorted().join("\n"),
  );
  context.check("which is not nothing", run.length > 5, String(run.length));
  await checkAudit(context, shell, "after the attacks");
}

/** Beside a command in doubt tty1 tells only what is wrong: that the log is whole again, the status says. */
async function whole({ shell, tty1 }: Pick<Attacked, "shell" | "tty1">): Promise<void> {
  await shell.output(waitForStatus("^ *audit log whole"), { deadlineMs: DEADLINE.boot });
  await waitForScreen(tty1, /^(?![\s\S]*log broken)[\s\S]* Health /);
}

/** With the daemon stopped, somebody with root's rights changes what it wrote. */
export async function brokenLogs({ context, shell, attack, tty1 }: Attacked): Promise<void> {
  const damage = async (what: string, how: string, why: RegExp) => {
    await shell.output(`systemctl stop multiversed; ${how}; systemctl start multiversed`, {
      deadlineMs: DEADLINE.command,
    });
    const said = await shell.output(waitForStatus("^ *audit log broken: "), { deadlineMs: DEADLINE.boot });
    context.check(`the log ${what}: the status says so`, why.test(said), said);
    await waitForScreen(tty1, /log broken: /);
    context.check(`the log ${what}: tty1 says so`, true);
    const kept = await shell.output(`ls ${STATE} | grep -c '^audit\\.broken-'`);
    context.check(`the log ${what}: what was found is kept`, Number(kept) >= 1, kept);
    await attack.run(USER, "right", `the log ${what}: commands are taken meanwhile`);
  };
  await damage(
    "cut",
    `sed -i '$d' ${STATE}/audit.jsonl; sed -i '$d' ${STATE}/audit.jsonl`,
    /The end of the audit log is missing/,
  );
  await shell.output("systemctl restart multiversed", { deadlineMs: DEADLINE.command });
  const still = await shell.output(waitForStatus("^ *audit log "), { deadlineMs: DEADLINE.boot });
  context.check("the log cut: another start does not forget it", /audit log broken/.test(still), still);
  await attack.run(USER, "acknowledge", "the log cut: audit.acknowledge");
  await whole({ shell, tty1 });
  await damage(
    "edited",
    `sed -i '2s/"at":1/"at":2/' ${STATE}/audit.jsonl`,
    /Line 3 of the audit log is not what was written/,
  );
}
