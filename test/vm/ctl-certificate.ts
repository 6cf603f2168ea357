// The seat: unlocked at tty1 by a code and an admin's certificate, locked again; what is no such certificate opens nothing.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { type AttackProgram, putAttackProgram } from "./attack-program.ts";
import { checkAudit } from "./audit-chain.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { type ConsoleScreen, vtScreen, waitForScreen } from "./console-screen.ts";
import { type CtlPerson, giveKey, personAt } from "./ctl-person.ts";
import { EXPECTED } from "./host-spec.ts";
import { definePlainDomain, domainState } from "./plain-domain.ts";
import { searchHost, watchProcesses, wordsOfKey } from "./planted-secrets.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const CODE = "/run/multiverse/seat/code";
const CERTIFICATE = "/run/multiverse/seat/certificate";
const SCREEN = "multiverse-screen";
const TITLE = "This needs a signature";

/** Everything that a step of this scenario works with. */
export interface Seated {
  context: Context;
  machine: Machine;
  shell: GuestShell;
  tty1: ConsoleScreen;
  ada: CtlPerson;
  attack: AttackProgram;
}

export const scenario: Scenario = {
  name: "ctl-certificate",
  title: "tty1 unlocked by code and certificate, what it may do then, locked; forged, expired, copied certificates",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", ...host });
    const { machine, shell } = booted;
    const ada = personAt(shell, EXPECTED.user);
    const { adminKey, rootPassword, adaPassword } = host.secrets;
    await watchProcesses(shell, [...wordsOfKey(adminKey), rootPassword, adaPassword]);
    await giveKey(ada, "grace", adminKey);
    await definePlainDomain(shell, "work");
    const attack = await putAttackProgram(context, shell);
    const seated = { context, machine, shell, tty1: await vtScreen(machine, shell), ada, attack };
    await context.timed("locked", () => locked(seated));
    await context.timed("wrong codes", () => wrongCodes(seated));
    await context.timed("wrong certificates", () => wrongCertificates(seated));
    await context.timed("unlocked", () => unlocked(seated));
    await context.timed("forged signatures of the seat", () => forgedSignatures(seated));
    await context.timed("locked again", () => lockedAgain(seated));
    await context.timed("expired", () => expired(seated));
    await checkAudit(context, shell, "at the end");
    await searchHost(context, shell);
    await shutDown(context, booted);
  },
};

/** A key is heard once the screen reads again: on a busy computer QEMU's keyboard drops one that comes before. */
async function pressUntil({ machine, tty1 }: Seated, key: string, pattern: RegExp): Promise<string[]> {
  for (let tries = 1; ; tries += 1) {
    await machine.press(key);
    try {
      return await waitForScreen(tty1, pattern, { deadlineMs: tries < 3 ? PATIENCE_MS : DEADLINE.command });
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

const PATIENCE_MS = 45_000;

export async function locked(seated: Seated): Promise<void> {
  const { context, machine, shell, tty1 } = seated;
  await waitForScreen(tty1, /work .* off/);
  const address = await addressOf(shell);
  const rows = (await tty1.read()).join("\n");
  context.check("locked, tty1 shows no address", !rows.includes(address), rows);
  await machine.picture("locked");
  const asked = (await pressUntil(seated, "s", new RegExp(TITLE))).join("\n");
  context.check("locked, s starts nothing and says who can sign it", /One of grace.* runs? there/.test(asked), asked);
  await machine.press("esc");
  context.same("work is off, says libvirt", await domainState(shell, "work"), "shut off");
}

/** Opens the page with the code and gives what it shows in plain digits. */
async function shownCode(seated: Seated): Promise<string> {
  await pressUntil(seated, "esc", /Controllers/);
  const rows = await pressUntil(seated, "l", /--code \d{4}-\d{4}/);
  return /--code (\d{4}-\d{4})/.exec(rows.join("\n"))?.[1] ?? "";
}

export async function wrongCodes(seated: Seated): Promise<void> {
  const { context, machine, shell, ada, tty1 } = seated;
  const code = await shownCode(seated);
  context.same("tty1 shows the code", code, (await shell.output(`cat ${CODE}`)).trim());
  await machine.picture("code");
  await machine.press("esc");
  const wrong = code === "0000-0000" ? "1111-1111" : "0000-0000";
  const grant = `multiverse ctl seat.grant --code ${wrong} --key grace --principal grace`;
  const tried = await ada.sh(`for n in 1 2 3 4 5; do ${grant}; echo "status $?"; done`);
  const refused = tried.output.match(/reason: presence/g)?.length;
  context.same("five wrong codes are refused", `${refused} ${tried.output.match(/status 4/g)?.length}`, "5 5");
  const next = await shownCode(seated);
  context.check("and then tty1 shows another one", next !== code && next !== wrong, next);
  await machine.press("esc");
  await waitForScreen(tty1, /Controllers/);
  const late = await ada.ctl(`seat.grant --code ${code} --key grace --principal grace`);
  context.check(
    "the one before is no good any more",
    late.exit === 4 && /reason: presence/.test(late.output),
    late.output,
  );
  context.same(
    "it stays locked",
    (await shell.run(`cat ${CERTIFICATE} 2>&1`)).output.trim(),
    `cat: ${CERTIFICATE}: No such file or directory`,
  );
}

interface Wrong {
  title: string;
  /** What ssh-keygen makes it with, and of which public key. */
  made: string;
  says: RegExp;
}

const WRONG: readonly Wrong[] = [
  { title: "expired", made: "-s grace -n seat -V -2h:-1h seat.pub", says: /The certificate has expired/ },
  { title: "not valid yet", made: "-s grace -n seat -V +2h:+3h seat.pub", says: /not valid yet/ },
  { title: "longer than eight hours", made: "-s grace -n seat -V -1m:+9h seat.pub", says: /longer than 8 h/ },
  { title: "by another key", made: "-s mallory -n seat -V -1m:+1h seat.pub", says: /signed by another key/ },
  {
    title: "of another seat's key",
    made: "-s grace -n seat -V -1m:+1h other.pub",
    says: /another key than this seat's/,
  },
  { title: "for another principal", made: "-s grace -n root -V -1m:+1h seat.pub", says: /for the principal seat/ },
  { title: "of a host", made: "-h -s grace -n seat -V -1m:+1h seat.pub", says: /not for a user/ },
];

export async function wrongCertificates({ context, shell, ada, tty1 }: Seated): Promise<void> {
  await ada.sh(
    "for name in mallory other; do [ -e $name ] || ssh-keygen -q -t ed25519 -N '' -f $name; done; cp /run/multiverse-seat/key.pub seat.pub",
  );
  for (const { title, made, says } of WRONG) {
    // Each attempt uses the code up.
    const code = (await shell.output(`cat ${CODE}`)).trim();
    const file = made.endsWith("other.pub") ? "other-cert.pub" : "seat-cert.pub";
    const seen = await ada.sh(
      `ssh-keygen -q -I x ${made} && multiverse ctl seat.grant --code ${code} "certificate=$(cut -d' ' -f1-2 ${file})" --key grace --principal grace`,
    );
    const holds = seen.exit === 4 && /reason: seat-certificate/.test(seen.output) && says.test(seen.output);
    context.check(`a certificate ${title} is refused`, holds, seen.output);
  }
  const rows = (await tty1.read()).join("\n");
  context.check("none of them unlocks tty1", !rows.includes(await addressOf(shell)), rows);
}

/** The way it is meant: the code from the screen, the admin's command, and tty1 can. */
async function unlock(seated: Seated): Promise<void> {
  const { context, shell, ada, tty1 } = seated;
  const code = await shownCode(seated);
  const granted = await ada.ctl(`seat.grant --code ${code} --key grace --principal grace`);
  context.check("seat.grant with the code that tty1 shows", granted.exit === 0, granted.output);
  const address = (await addressOf(shell)).replaceAll(".", "\\.");
  const rows = await waitForScreen(tty1, new RegExp(address));
  context.check("tty1 shows addresses", /Controllers/.test(rows.join("\n")), rows.join("\n"));
}

export async function unlocked(seated: Seated): Promise<void> {
  const { context, machine, shell, tty1 } = seated;
  await unlock(seated);
  await machine.picture("unlocked");
  await pressUntil(seated, "s", /work .* (starting|running)/);
  await machine.picture("started");
  context.same("s has started work, says libvirt", await domainState(shell, "work"), "running");
  const log = await shell.output('grep \'"op":"vm.start"\' /var/lib/multiverse/control/audit.jsonl');
  context.check("signed by the seat, says the log", /"event":"accepted".*"by":"seat"/.test(log), log);

  await pressUntil(seated, "m", /Power off/);
  await machine.press("end");
  await machine.press("up");
  await pressUntil(seated, "ret", /To go on, type this name/);
  await machine.type(EXPECTED.host);
  const told = (await pressUntil(seated, "ret", new RegExp(TITLE))).join("\n");
  await machine.picture("reboot-refused");
  const way = /multiverse ctl host\.reboot .*ssh:\/\/root@jupiter\.example\.net/.test(told);
  context.check("host.reboot is not for the seat, and the way to it is told", way && /not for this/.test(told), told);
  await pressUntil(seated, "esc", /Power off/);
  await pressUntil(seated, "esc", /work .* running/);

  await shell.output("systemctl restart multiversed");
  await waitForScreen(tty1, new RegExp((await addressOf(shell)).replaceAll(".", "\\.")));
  context.same(
    "a restart of the daemon does not lock it",
    await shell.output(`test -e ${CERTIFICATE} && echo kept`),
    "kept\n",
  );
}

/** With the rights of the screen, and with its agent: only the certificate that was granted, and only for what it is for. */
export async function forgedSignatures({ context, shell, ada, attack }: Seated): Promise<void> {
  const kept = (await shell.output(`cut -d' ' -f1-2 ${CERTIFICATE}`)).trim();
  const made = async (by: string) => {
    const { output } = await ada.sh(
      `cp /run/multiverse-seat/key.pub seat.pub; ssh-keygen -q -I x -s ${by} -n seat -V -1m:+1h seat.pub && cut -d' ' -f1-2 seat-cert.pub`,
    );
    return output.trim();
  };
  const policy = "policy signed";
  await attack.run(SCREEN, "seat", "host.reboot signed by the seat", policy, kept, "host.reboot");
  await attack.run(SCREEN, "seat", "vm.kill signed by the seat", policy, kept, "vm.kill", "work");
  await attack.run(
    SCREEN,
    "seat",
    "another certificate by the same admin",
    "seat-certificate signed",
    await made("grace"),
    "vm.stop",
    "work",
  );
  await attack.run(
    SCREEN,
    "seat",
    "a certificate by a key that is no admin's",
    "signature-refused unsigned",
    await made("mallory"),
    "vm.stop",
    "work",
  );
  context.same("work still runs, says libvirt", await domainState(shell, "work"), "running");
  await shell.output(`mkdir -p /root/kept && cp ${CERTIFICATE} /root/kept/`);
}

export async function lockedAgain(seated: Seated): Promise<void> {
  const { context, machine, shell, tty1, attack } = seated;
  const address = await addressOf(shell);
  await machine.press("l");
  await waitForScreen(tty1, /l unlock/);
  const rows = (await tty1.read()).join("\n");
  context.check("l locks: no address is shown", !rows.includes(address), rows);
  await machine.picture("locked-again");
  await pressUntil(seated, "t", new RegExp(TITLE));
  context.check("and commands are not sent", true);
  await machine.press("esc");
  const kept = (await shell.output("cut -d' ' -f1-2 /root/kept/certificate")).trim();
  await attack.run(
    SCREEN,
    "seat",
    "a copy of the certificate after that",
    "seat-certificate signed",
    kept,
    "vm.stop",
    "work",
  );
  context.same("work still runs, says libvirt", await domainState(shell, "work"), "running");
}

const NINE_HOURS = 9 * 3_600;

export async function expired(seated: Seated): Promise<void> {
  const { context, machine, shell, tty1, attack } = seated;
  await unlock(seated);
  const kept = (await shell.output(`cut -d' ' -f1-2 ${CERTIFICATE}`)).trim();
  const move = (seconds: number) => shell.output(`date -s "@$(($(date +%s) + ${seconds}))"`);
  await move(NINE_HOURS);
  await waitForScreen(tty1, /l unlock/);
  const rows = (await tty1.read()).join("\n");
  context.check("nine hours later it is locked", !rows.includes(await addressOf(shell)), rows);
  await machine.picture("expired");
  const gone = await shell.run(
    `n=0; while [ -e ${CERTIFICATE} ]; do n=$((n + 1)); [ $n -lt 120 ] || exit 1; sleep 1; done`,
  );
  context.same("and the certificate is gone", String(gone.exit), "0");
  await attack.run(
    SCREEN,
    "seat",
    "a copy of the expired certificate",
    "signature-refused unsigned",
    kept,
    "vm.stop",
    "work",
  );
  await move(-NINE_HOURS);
  await attack.run(
    SCREEN,
    "seat",
    "and with the clock put right again",
    "seat-certificate signed",
    kept,
    "vm.stop",
    "work",
  );
}

/** The host's own IPv4 address, from another tool than ours. */
async function addressOf(shell: GuestShell): Promise<string> {
  return (
    await shell.output("ip -4 -o address show scope global | sed 's/.*inet \\([0-9.]*\\).*/\\1/' | head -1")
  ).trim();
}
