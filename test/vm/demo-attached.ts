// The demo on a terminal: this terminal becomes the machine's serial console until Ctrl-].
import type { Machine } from "../../core/vm/machine.ts";
import { startHost } from "./boot-host.ts";
import type { Demo } from "./demo.ts";
import { TARGET_SERIAL } from "./host-spec.ts";
import { RESCUE_PROMPT, startRescue, targetDisk } from "./rescue-machine.ts";
import { DEADLINE } from "./scenario.ts";

/** Ctrl-], as in telnet and `virsh console`: a key that no guest needs. */
const LEAVE = 0x1d;

type Ending = "left" | "restarted" | "switched off";

export async function runAttached(demo: Demo): Promise<number> {
  const { context, disk, nvram, state, secrets, files, print } = demo;
  const hints = [
    "Install with the default spec and then restart into what was installed:",
    `  multiverse install ${files.join(" ")} && reboot`,
    `On the installed host: user ada, password ${secrets.adaPassword} · root, password ${secrets.rootPassword}`,
  ];
  print("");
  print("This terminal is now the console of the rescue system. Ctrl-] ends the demo.");
  for (const line of hints) print(line);
  print("");
  let machine = await startRescue(context, {
    ...{ name: "rescue", nvram, state, onReboot: "exit" },
    disks: [targetDisk(disk, TARGET_SERIAL)],
  });
  void repeatAtPrompt(machine, hints);
  for (let boot = 1; ; boot += 1) {
    const ending = await attach(machine);
    await machine.close();
    if (ending !== "restarted") {
      print(`\nThe machine was ${ending === "left" ? "ended" : ending}.`);
      return 0;
    }
    // The rescue system was started by its kernel directly; from here on the firmware starts what is on the disk.
    print("\nThe machine restarts from its disk.");
    machine = await startHost(context, { name: `host-${boot}`, disk, nvram, secrets });
  }
}

/** The first lines have scrolled away by the time somebody can type. */
async function repeatAtPrompt({ serial }: Machine, lines: readonly string[]): Promise<void> {
  try {
    await serial.waitFor(RESCUE_PROMPT, { deadlineMs: DEADLINE.boot, what: "the rescue system's root shell" });
  } catch {
    // It ended before, or is somewhere else: then the console itself says what there is to say.
    return;
  }
  // The terminal is in raw mode.
  process.stdout.write(`\r\n\r\n${lines.join("\r\n")}\r\n\r\n`);
  serial.send("\n");
}

/** Connects terminal and console; ends when the person leaves or the machine does. */
async function attach(machine: Machine): Promise<Ending> {
  const { stdin, stdout } = process;
  const left = Promise.withResolvers<Ending>();
  // What a guest writes goes to the terminal as it is: that is what a console is.
  const stop = machine.serial.watch((text) => stdout.write(text));
  const onKeys = (keys: Buffer) => {
    if (keys.includes(LEAVE)) left.resolve("left");
    else machine.serial.send(keys.toString("utf8"));
  };
  stdin.setRawMode(true);
  stdin.resume().on("data", onKeys);
  try {
    return await Promise.race([left.promise, endOf(machine)]);
  } finally {
    stop();
    stdin.off("data", onKeys).pause();
    stdin.setRawMode(false);
  }
}

async function endOf(machine: Machine): Promise<Ending> {
  const event = await machine.qmp.takeEvent("SHUTDOWN").catch(() => null);
  await machine.exited;
  return event?.data.reason === "guest-reset" ? "restarted" : "switched off";
}
