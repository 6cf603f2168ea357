// The status screen on a serial line from power-on: a line without a size, few bytes, and a login in its place that ends.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type GuestShell, logIn, openGuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { BOOT_FAILED, followBoot, shutDown, startHost } from "./boot-host.ts";
import { type SerialScreen, serialScreen, vtScreen } from "./console-screen.ts";
import { chooseShell, missingParts, waitForStatus } from "./host-screen.ts";
import type { HostSecrets } from "./host-secrets.ts";
import { countRedraws } from "./redraws.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const CONF = "/boot/efi/EFI/*/multiverse.conf";

/** No size that any program takes for the usual one. */
const SIZE = { columns: 100, rows: 30 } as const;

/** What an idle line may carry in a second, in which the screen draws at most once. */
const IDLE_BYTES = 300;
const IDLE_REDRAWS = 12;

export const scenario: Scenario = {
  name: "login-serial",
  title: "the status on ttyS0 from power-on: no size, ASCII, few bytes; its menu's login, and back",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const boot = { name: "host", ...host };
    const machine = await startHost(context, boot);
    const first = await followBoot(context, machine, boot);
    await first.output(`sed -i 's/ *multiverse\\.login=tty1//' ${CONF} && sync`);
    first.serial.send("systemctl reboot\n");
    const screen = await fromPowerOn(context, machine);
    await idle(context, machine);
    const rows = await screen.read();
    await chooseShell(screen);
    const shell = await logInThere(context, machine, host.secrets);
    screen.close();
    await compare(context, machine, shell, rows);
    const back = await logOut(context, machine, shell);
    await nobodyComes(context, machine, back);
    await chooseShell(back);
    back.close();
    const last = await logInThere(context, machine, host.secrets);
    last.serial.send("systemctl reboot\n");
    // The way that every scenario goes whose host has the screen on ttyS0.
    const again = await followBoot(context, machine, { ...boot, name: "third boot" });
    await shutDown(context, { machine, shell: again });
  },
};

async function fromPowerOn(context: Context, machine: Machine): Promise<SerialScreen> {
  const { serial } = machine;
  const wait = { deadlineMs: DEADLINE.boot, unless: BOOT_FAILED };
  return context.timed("second boot: from firmware to the whole status on ttyS0", async () => {
    await serial.waitFor(/BdsDxe: starting Boot/, { ...wait, what: "the firmware to start a loader" });
    await serial.waitFor(/Starting vmlinuz/, { ...wait, what: "the kernel" });
    const from = serial.text.length;
    const screen = serialScreen(machine, SIZE);
    const rows = await waitForStatus(screen, DEADLINE.boot);
    await keep(context, "status", rows);
    context.same("the whole status is there", missingParts(rows).join(", "), "");
    context.check("it fills the size that the terminal told", /help *$/.test(rows.at(-1) ?? ""), rows.join("\n"));
    const said = serial.text.slice(from);
    context.check("no login stood there before", !said.includes("login:"), said.slice(-2000));
    const drawn = said.slice(said.lastIndexOf("\u001b[2J"));
    // The letter by which the terminal is asked whether it reads UTF-8 comes before.
    context.check(
      "it is drawn with ASCII alone",
      /^\p{ASCII}{1000,}$/u.test(drawn),
      JSON.stringify(drawn.slice(0, 500)),
    );
    context.check(
      "and without colours",
      !/\u001b\[(?:\d+;)*[349]\d(?:;\d+)*m/.test(drawn),
      JSON.stringify(drawn.slice(0, 500)),
    );
    return screen;
  });
}

/** What the line carries while nobody does anything. The rate is kept; what is judged does not depend on this machine. */
async function idle(context: Context, machine: Machine): Promise<void> {
  const { redraws, seconds } = await countRedraws(machine.serial, IDLE_REDRAWS, DEADLINE.command);
  const bytes = redraws.reduce((sum, each) => sum + each, 0);
  const largest = Math.max(...redraws);
  context.log(
    `idle: ${bytes} bytes in ${redraws.length} redraws and ${seconds.toFixed(0)} s, ${(bytes / seconds).toFixed(0)} B/s; the largest ${largest}`,
  );
  const facts = { bytesPerSecond: Math.round(bytes / seconds), seconds: Math.round(seconds), redraws };
  await writeFile(join(context.folder, "idle.json"), `${JSON.stringify(facts)}\n`);
  const mean = bytes / redraws.length;
  context.check(
    `an idle redraw has ${IDLE_BYTES} bytes at most, on average`,
    redraws.length > 0 && mean <= IDLE_BYTES,
    redraws.join(" "),
  );
}

async function logInThere(context: Context, { serial }: Machine, secrets: HostSecrets): Promise<GuestShell> {
  await serial.waitFor(/ login: /, { deadlineMs: DEADLINE.command, what: "the login in the screen's place" });
  context.check("the menu's shell is a login on this line", true);
  await logIn(serial, "root", secrets.rootPassword, DEADLINE.command);
  return openGuestShell(serial);
}

/** What both screens say of what does not change. */
const FACTS: Readonly<Record<string, RegExp>> = {
  "the host's name": /(jupiter\.example\.net)/,
  version: /Multiverse (\S+)/,
  kernel: /Linux (\S+)/,
  firmware: /UEFI, (Secure Boot \w+)/,
  release: /g3 \W* ?([0-9a-f]{8})/,
  "key in words": /host key +([a-z]+ [a-z]+ [a-z]+ [a-z]+)/,
  "host key": /SHA256:(\S{20})/,
  adapter: /\b(en\w+)/,
  pool: /saturn +(\w+)/,
  units: /units +(\w+ \w+)/,
};

async function compare(
  context: Context,
  machine: Machine,
  shell: GuestShell,
  serial: readonly string[],
): Promise<void> {
  const is = async (title: string, command: string, expected: string) =>
    context.same(title, (await shell.run(command)).output.trim(), expected);
  await is("no option is on the kernel's command line", "tr ' ' '\\n' </proc/cmdline | grep -c ^multiverse.login", "0");
  await is(
    "the screen left with the status that asks for a login",
    "systemctl show -P ExecMainStatus -P ActiveState multiverse-screen@ttyS0.service | paste -sd' '",
    "20 inactive",
  );
  await is(
    "and has not failed",
    "systemctl show -P Result multiverse-screen@ttyS0.service; systemctl --failed --no-legend",
    "success",
  );
  const vt = await waitForStatus(await vtScreen(machine, shell));
  await machine.picture("tty1");
  for (const [name, pattern] of Object.entries(FACTS)) {
    const [here, there] = [serial, vt].map((rows) => pattern.exec(rows.join("\n"))?.[1] ?? null);
    context.same(`${name} is the same on both consoles`, here ?? "not on ttyS0", there ?? "not on tty1");
  }
  const tools = { kernel: "uname -r", adapter: "ls /sys/class/net | grep ^en", pool: "zpool list -Ho health saturn" };
  for (const [name, command] of Object.entries(tools)) {
    await is(`${name} is what another tool says`, command, FACTS[name]?.exec(serial.join("\n"))?.[1] ?? "not there");
  }
}

async function logOut(context: Context, machine: Machine, shell: GuestShell): Promise<SerialScreen> {
  const { serial } = machine;
  const size = await shell.output("stty -F /dev/ttyS0 rows 0 columns 0; stty -F /dev/ttyS0 size");
  context.same("the line has no size", size.trim(), "0 0");
  const screen = serialScreen(machine, SIZE);
  await context.timed("from logout to the status", async () => {
    serial.send("exit\n");
    const rows = await waitForStatus(screen);
    context.check(
      "logout brings the screen back, in the terminal's size",
      /help *$/.test(rows.at(-1) ?? ""),
      rows.join("\n"),
    );
  });
  return screen;
}

/** A login that nobody wants is not left standing there. */
async function nobodyComes(context: Context, { serial }: Machine, screen: SerialScreen): Promise<void> {
  await chooseShell(screen);
  await serial.waitFor(/ login: /, { deadlineMs: DEADLINE.command, what: "the login in the screen's place" });
  await context.timed("without a name, from the login to the status", () => waitForStatus(screen, DEADLINE.command));
  context.check("without a name the screen comes back by itself", true);
}

async function keep(context: Context, name: string, rows: readonly string[]): Promise<void> {
  await writeFile(join(context.folder, `${name}.txt`), `${rows.join("\n")}\n`);
}
