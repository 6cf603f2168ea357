// Controllers under the host's own libvirt: started, frozen, paused, switched, killed by signed commands; what tty1 and virsh say of each.
import type { Controller } from "../../core/status/controller-facts.ts";
import type { GuestResult } from "../../core/vm/guest-shell.ts";
import { type BootedHost, bootHost, shutDown } from "./boot-host.ts";
import { type ConsoleScreen, vtScreen, waitForScreen } from "./console-screen.ts";
import type { HostSecrets } from "./host-secrets.ts";
import { EXPECTED } from "./host-spec.ts";
import { manyControllers } from "./login-vms-many.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { DEFINE, GAMES, heard, MAKE_FILES, UP, WORK } from "./tiny-controllers.ts";
import { type ControllerWatch, watchControllers } from "./watch-controllers.ts";

const KEY_FILE = `/home/${EXPECTED.user}/admin`;
const SCREEN_USER = "multiverse-screen";

export const scenario: Scenario = {
  name: "login-vms",
  title: "controllers of a real libvirtd started, frozen, paused, switched and killed; tty1 tells what virsh tells",
  // an emulated Linux inside an emulated host takes minutes
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", ...host });
    await lookAtControllers(context, booted, host.secrets);
    await shutDown(context, booted);
  },
};

/** Everything that is looked at, on a booted host of the hypervisor set. */
export async function lookAtControllers(
  context: Context,
  booted: BootedHost,
  { adminKey }: HostSecrets,
): Promise<void> {
  const { shell } = booted;
  await shell.output(`umask 077; printf '%s' '${adminKey}' >${KEY_FILE}; chown ${EXPECTED.user} ${KEY_FILE}`);
  await shell.output(MAKE_FILES);
  await shell.output(DEFINE);
  const bench = await makeBench(context, booted);
  await started(bench);
  await console(bench);
  await pausedAndStopped(bench);
  await frozen(bench);
  await switched(bench);
  await failed(bench);
  await killed(bench);
  await manyControllers(bench);
  await shell.output(`rm ${KEY_FILE}`);
  const { output } = await bench.run("journalctl -b -u multiversed --no-pager -o cat");
  context.check("the daemon has not complained", !/EACCES|EPERM|not permitted|denied/i.test(output), output);
}

async function makeBench(context: Context, { machine, shell }: BootedHost): Promise<Bench> {
  return {
    context,
    screen: await vtScreen(machine, shell),
    watch: await watchControllers(shell),
    virsh: async (words) => (await shell.output(`virsh -q ${words}`)).trim(),
    run: (script) => shell.run(script, { deadlineMs: DEADLINE.command, what: script }),
    picture: async (name) => void (await machine.picture(name)),
    end: () => machine.press("end"),
    ctl: (words) =>
      context.timed(`ctl ${words}`, () =>
        shell.run(
          `cd /home/${EXPECTED.user}; runuser -u ${EXPECTED.user} -- ` +
            `multiverse ctl ${words} --key ${KEY_FILE} --principal ${EXPECTED.admin} 2>&1`,
          { deadlineMs: DEADLINE.command, what: words },
        ),
      ),
  };
}

/** What each part of the scenario works with. */
export interface Bench {
  context: Context;
  screen: ConsoleScreen;
  watch: ControllerWatch;
  /** `multiverse ctl`, as a user without rights, with the admin's key. */
  ctl(words: string): Promise<GuestResult>;
  virsh(words: string): Promise<string>;
  run(script: string): Promise<GuestResult>;
  picture(name: string): Promise<void>;
  /** The key End. */
  end(): Promise<void>;
}

/** A command that is carried out. */
async function done({ context, ctl }: Bench, words: string): Promise<GuestResult> {
  const answer = await ctl(words);
  context.check(`ctl ${words} is carried out`, answer.exit === 0, answer.output);
  return answer;
}

/** A command that is accepted and fails, with the reason. */
async function fails({ context, ctl }: Bench, words: string, why: RegExp): Promise<void> {
  const { exit, output } = await ctl(words);
  context.check(`ctl ${words} fails and says why`, exit === 5 && why.test(output), `${exit}: ${output}\n(not ${why})`);
}

/** The status socket, `multiverse status`, tty1 and virsh are of one opinion; a picture is kept. */
async function agrees(
  bench: Bench,
  name: string,
  state: Controller["state"],
  { row, virsh, picture }: { row: RegExp; virsh: string; picture: string },
): Promise<Controller | null> {
  const { context, watch, screen } = bench;
  const { controller, state: last } = await context.timed(`${name} is ${picture}`, () => watch.becomes(name, state));
  context.same(`${name} is ${state} on the status socket`, last, state);
  const rows = await waitForScreen(screen, row).catch((error: unknown) => {
    context.check(`tty1 shows ${name} ${state}`, false, String(error));
    return [];
  });
  if (rows.length > 0) context.check(`tty1 shows ${name} ${state}`, true);
  await bench.picture(picture);
  context.same(`virsh says the same of ${name}`, await bench.virsh(`domstate --reason ${name}`), virsh);
  return controller;
}

/** "work … running 3 s", the row of a controller. */
const row = (name: string, state: string) => new RegExp(`${name} .*${state}`);

async function started(bench: Bench): Promise<void> {
  const { context, watch, virsh } = bench;
  await agrees(bench, WORK.name, "off", { row: row("work", "off"), virsh: "shut off (unknown)", picture: "off" });
  await done(bench, "vm.start name=work");
  const starting = { row: row("work", "starting"), virsh: "running (booted)", picture: "starting" };
  const begun = await agrees(bench, WORK.name, "starting", starting);
  context.check("nothing was heard of it yet", begun?.heartbeat === null, JSON.stringify(begun));
  await fails(bench, "vm.start name=work", /work is already on/);
  const running = { row: row("work", "running \\d+ s"), virsh: "running (booted)", picture: "running" };
  const heardOf = await agrees(bench, WORK.name, "running", running);
  context.same("it is heard on its channel", String(heardOf?.heartbeat?.by), "virtio-serial");

  const told = await watch.told(WORK.name);
  context.same("multiverse status says so, too", String(told?.state), "running");
  context.same("its UUID is virsh's", String(told?.uuid), await virsh("domuuid work"));
  context.same("its memory is what it was given", String(told?.memory.bytes), String(WORK.bytes));
  const stats = await virsh("domstats --raw --vcpu --balloon work");
  const figure = (name: string) => new RegExp(`^ *${name}=(\\d+)$`, "m").exec(stats)?.[1];
  context.same("and what libvirt says", String(told?.memory.bytes), String(Number(figure("balloon.current")) * 1024));
  context.same("so many processors, too", String(told?.cpu.count), String(figure("vcpu.current")));
  context.same("the last line of its console", String(told?.console.at(-1)), UP);
  const other = await watch.told(GAMES.name);
  context.same("the other one is still off", String(other?.state), "off");
}

async function console(bench: Bench): Promise<void> {
  const { context, watch } = bench;
  const open = async () => {
    const { output } = await done(bench, "vm.console name=work --json");
    return /\/run\/multiverse\/console\/[0-9a-f]{32}/.exec(output)?.[0] ?? "none";
  };
  const socket = await open();
  const stranger = await watch.talk(EXPECTED.user, socket, "let me in");
  context.same("a user without rights may not open the console", stranger.output.trim(), "EACCES");
  const talked = await watch.talk(SCREEN_USER, socket, "are you there");
  context.check("the screen's user talks with the controller", talked.exit === 0, talked.output);
  const again = await watch.talk(SCREEN_USER, socket, "and once more");
  context.same("its socket is gone after that", again.output.trim(), "ENOENT");
  const second = await watch.talk(SCREEN_USER, await open(), "a second time");
  context.check("it can be opened again", second.exit === 0, second.output);
  const { controller } = await watch.becomes(WORK.name, "running");
  const lines = controller?.console ?? [];
  context.check(
    "what was said is in the console's last lines",
    lines.includes(heard("are you there")),
    lines.join("\n"),
  );
}

async function pausedAndStopped(bench: Bench): Promise<void> {
  await done(bench, "vm.pause name=work");
  await agrees(bench, WORK.name, "paused", { row: row("work", "paused"), virsh: "paused (user)", picture: "paused" });
  await fails(bench, "vm.stop name=work", /work is paused/);
  await done(bench, "vm.pause name=work resume:=true");
  const resumed = { row: row("work", "running \\d+ s"), virsh: "running (unpaused)", picture: "resumed" };
  await agrees(bench, WORK.name, "running", resumed);
  await fails(bench, "vm.stop name=work seconds:=3", /work was asked to shut down and is still running after 3 s/);
}

const PID = "$(cat /run/libvirt/qemu/work.pid)";

async function frozen(bench: Bench): Promise<void> {
  const { context, run } = bench;
  await run(`kill -STOP ${PID}`);
  const silent = { row: /Nothing is heard of it any more/, virsh: "running (unpaused)", picture: "silent" };
  const controller = await agrees(bench, WORK.name, "silent", silent);
  const reason = controller?.reason?.text ?? "";
  context.same("the reason is told", reason, "Nothing is heard of it any more on its heartbeat channel");
  await run(`kill -CONT ${PID}`);
  const running = { row: row("work", "running \\d+ s"), virsh: "running (unpaused)", picture: "thawed" };
  const thawed = await agrees(bench, WORK.name, "running", running);
  context.same("thawed, there is no reason left", String(thawed?.reason), "null");
}

async function switched(bench: Bench): Promise<void> {
  await done(bench, "vm.switch from=work to=games left=pause");
  const there = { row: row("games", "running \\d+ s"), virsh: "running (booted)", picture: "switched" };
  const games = await agrees(bench, GAMES.name, "running", there);
  bench.context.same("it is heard on its serial port", String(games?.heartbeat?.by), "virtio-serial");
  await agrees(bench, WORK.name, "paused", {
    ...{ row: row("work", "paused"), virsh: "paused (user)", picture: "switched-from" },
  });
  await done(bench, "vm.switch from=games to=work left=stop");
  await agrees(bench, GAMES.name, "off", {
    ...{ row: row("games", "off"), virsh: "shut off (shutdown)", picture: "switched-back" },
  });
  await agrees(bench, WORK.name, "running", {
    ...{ row: row("work", "running \\d+ s"), virsh: "running (unpaused)", picture: "switched-to" },
  });
}

async function failed(bench: Bench): Promise<void> {
  const { context, screen, run, picture } = bench;
  await run(`kill -KILL ${PID}`);
  const controller = await agrees(bench, WORK.name, "failed", {
    ...{ row: /work .*failed \d\d:\d\d/, virsh: "shut off (crashed)", picture: "failed" },
  });
  context.same("the reason is told", controller?.reason?.text ?? "", "Its QEMU process ended by itself");
  // The pointer stands at one of the two; the list is the panel that has the keys.
  await screen.press("down");
  await waitForScreen(screen, /work .*failed/);
  await screen.press("enter");
  const rows = await waitForScreen(screen, new RegExp(heard("a second time"))).catch((error: unknown) => [
    String(error),
  ]);
  const text = rows.join("\n");
  context.check("its page has the last lines of its console", text.includes(UP), text);
  context.check("and why it failed", text.includes("Its QEMU process ended by itself"), text);
  await picture("failed-page");
  await screen.press("escape");
  await waitForScreen(screen, /games .*off/);
}

async function killed(bench: Bench): Promise<void> {
  await done(bench, "vm.start name=games --if-state off");
  await agrees(bench, GAMES.name, "running", {
    ...{ row: row("games", "running \\d+ s"), virsh: "running (booted)", picture: "games-runs" },
  });
  await done(bench, "vm.kill name=games");
  const off = await agrees(bench, GAMES.name, "off", {
    ...{ row: row("games", "off"), virsh: "shut off (destroyed)", picture: "games-killed" },
  });
  bench.context.same("ended on purpose it has no reason", String(off?.reason), "null");
  await fails(bench, "vm.kill name=games", /games is off/);
}
