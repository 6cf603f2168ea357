// The screens' hold on the rescue system's consoles: with a stand-in that is killed, left, broken and mended.
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type GuestShell, openGuestShell } from "../../core/vm/guest-shell.ts";
import { bootRescue, powerOff, type Rescue } from "./boot-rescue.ts";
import { BROKEN, LAST_WORD, makeFakeProgram, pidFile, screenText, UNATTENDED_WORDS } from "./fake-program.ts";
import { makeStateDiskWith, RESCUE_PROMPT, startRescue } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const UNIT = "multiverse-screen@tty1.service";
const LOG = "/run/multiverse/log/screen-tty1.log";

export const scenario: Scenario = {
  name: "rescue-consoles",
  title: "screens on the rescue system's consoles: killed, left for a shell, broken, mended; nothing paints over them",
  ci: false,
  needs: ["live"],
  async run(context) {
    const program = await makeFakeProgram(context);
    const state = await makeStateDiskWith(context, { "multiverse.yml": "version: 1\n" });
    const nvram = (name: string) => join(context.work, `${name}.fd`);
    const one = { name: "one-console", nvram: nvram("one"), state, disks: [], cold: true, program, login: "tty1" };
    await onOneConsole(context, await bootRescue(context, one));
    const copy = join(context.work, "state-2.img");
    await copyFile(state, copy);
    await onBothConsoles(context, { ...one, name: "both-consoles", nvram: nvram("both"), state: copy, login: "" });
  },
};

/** With `multiverse.login=tty1` there is a root shell on the serial line to look on from. */
async function onOneConsole(context: Context, rescue: Rescue): Promise<void> {
  const { machine, shell } = rescue;
  const is = async (title: string, command: string, expected: string) =>
    context.same(title, (await shell.run(command)).output.trim(), expected);
  const active = (unit: string) => `systemctl show -P LoadState -P ActiveState ${unit} | paste -sd' '`;

  await shows(context, shell, "the screen starts on tty1", screenText(1, "linux"));
  await is("it is the unit that holds the console", active(UNIT), "loaded active");
  await is("there is no login on tty1", active("getty@tty1.service"), "masked inactive");
  await is("there is no screen on ttyS0", active("multiverse-screen@ttyS0.service"), "loaded inactive");
  await machine.press("alt", "f2");
  await shows(context, shell, "a shell is one key away, on tty2", "root@multiverse-rescue", 2);
  await machine.press("alt", "f1");

  // The shell that looks on has turned the kernel down by itself.
  await shell.output(`dmesg -n 7; systemctl restart ${UNIT}`);
  await shows(context, shell, "restarted", screenText(2, "linux"));
  await shell.output(`echo "<1>kernel words one" >/dev/kmsg`);
  await is("the kernel's words are in its log", `dmesg | grep -c "kernel words one"`, "1");
  await is("and not on the screen", "grep -ac 'kernel words' /dev/vcs1", "0");

  await context.timed("from kill -9 to the next screen", async () => {
    await shell.output(`kill -9 "$(cat ${pidFile("tty1")})"`);
    await shows(context, shell, "killed, it comes back", screenText(3, "linux"));
  });
  await is("systemd has counted that", `systemctl show -P NRestarts ${UNIT}`, "1");
  await is("the log says how it ended", `grep -c "ended by signal 9" ${LOG}`, "1");
  await is("so does the journal", `journalctl -u ${UNIT} | grep -c "ended by signal 9"`, "1");

  await machine.type("0\n");
  await shows(context, shell, "left by choice, there is a root shell", "root@multiverse-rescue");
  await is("and its starts are counted anew", `systemctl show -P NRestarts ${UNIT}`, "0");
  await shell.output(`echo "<1>kernel words two" >/dev/kmsg`);
  await shows(context, shell, "where the kernel may speak again", "kernel words two");
  await machine.type("exit\n");
  await shows(context, shell, "leaving the shell brings the screen back", screenText(4, "linux"));
  await shell.output("dmesg -n 1");

  await shell.output(`touch ${BROKEN}; kill -9 "$(cat ${pidFile("tty1")})"`);
  await shows(context, shell, "broken, a shell takes its place", "root@multiverse-rescue");
  await is("after eight starts at the most", `grep -c "started" ${LOG} | awk '{print ($1 <= 4 + 8)}'`, "1");
  await is("the last error is named", `grep -aoc "Error: ${LAST_WORD}" /dev/vcs1`, "1");
  await is("and the log", `grep -ac "All of it: ${LOG}" /dev/vcs1`, "1");
  await is("the unit that failed is known", active(UNIT), "loaded failed");
  await machine.picture("failed");
  const starts = Number(await shell.output("wc -c </run/fake-tty1.starts"));
  await shell.output(`rm ${BROKEN}`);
  await machine.type("exit\n");
  await shows(context, shell, "mended, it is one exit away", screenText(starts + 1, "linux"));
  await is("and nothing counts as failed", "systemctl --failed --no-legend", "");

  const journal = await shell.output(
    "journalctl -b -o short-monotonic -u 'multiverse-*' -u 'getty*' -u 'serial-getty*'",
  );
  await writeFile(join(machine.folder, "journal.log"), journal);
  await is("panes can have a terminal", PTY_CHECK, "a terminal: yes");
  await powerOff(context, rescue);
}

/** With no option there are screens on both; the shell of one is what looks at the other. */
async function onBothConsoles(context: Context, options: Parameters<typeof startRescue>[1]): Promise<void> {
  const machine = await startRescue(context, options);
  const { serial } = machine;
  const on = (n: number) =>
    serial.waitFor(screenText(n, "vt220"), { deadlineMs: DEADLINE.boot, what: `the screen on ttyS0, start ${n}` });
  await context.timed("both-consoles: the screen is on the serial line", () => on(1));
  serial.send("0\n");
  await serial.waitFor(RESCUE_PROMPT, { deadlineMs: DEADLINE.command, what: "the root shell on ttyS0" });
  const shell = await openGuestShell(serial);
  await shows(context, shell, "there is a screen on tty1, too", screenText(1, "linux"));
  const words = await shell.run(`journalctl -u multiverse-unattended.service | grep -c "${UNATTENDED_WORDS}"`);
  context.same("the unattended installation spoke to the journal", words.output.trim(), "1");
  const painted = await shell.run(`grep -ac "${UNATTENDED_WORDS}" /dev/vcs1`);
  context.same("and not on tty1", painted.output.trim(), "0");
  context.check("nor on ttyS0", !serial.text.includes(UNATTENDED_WORDS));
  serial.send("exit\n");
  await on(2);
  context.check("leaving the shell on ttyS0 brings its screen back", true);
  await machine.close();
}

/** Waits until a virtual terminal shows the words. */
async function shows(context: Context, shell: GuestShell, title: string, words: string, vt = 1): Promise<void> {
  // one look in a fifth of a second, for as long as a command may take
  const look = `n=0; until grep -aqF '${words}' /dev/vcs${vt}; do n=$((n + 1)); [ $n -lt 1200 ] || break; sleep 0.2; done`;
  const result = await shell.run(
    `${look}; grep -aqF '${words}' /dev/vcs${vt} || { fold -w 80 /dev/vcs${vt}; exit 1; }`,
    {
      deadlineMs: DEADLINE.command,
      what: words,
    },
  );
  context.check(title, result.exit === 0, result.output);
}

/** The medium's own program layer; the machine runs the stand-in's. */
const PTY_CHECK = `mkdir -p /run/program && mount -o loop,ro /run/multiverse/live/medium/program.squashfs /run/program
cd /run/program && /usr/lib/multiverse-node/node -e '
const shell = require("node-pty").spawn("sh", ["-c", "test -t 0 && echo a terminal: yes"], {});
shell.onData((text) => process.stdout.write(text));
'
cd / && umount /run/program`;
