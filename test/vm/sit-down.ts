// A person in front of a machine's console: where the installer's screens are, and how their pictures are kept.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { openGuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { type ConsoleScreen, vtScreen } from "./console-screen.ts";
import type { Sitting } from "./drive-wizard.ts";
import { RESCUE_PROMPT, type RescueOptions, startRescue } from "./rescue-machine.ts";
import { afterRestoring, restoreRescue } from "./saved-rescue.ts";
import { type Context, DEADLINE } from "./scenario.ts";

/** The machine, its console, and a root shell beside it on the serial line. */
export interface Seat extends Sitting {
  machine: Machine;
  shell: GuestShell;
}

/** Boots the rescue system with the screens on tty1, from power-on. */
export async function sitAtTty1(context: Context, options: RescueOptions): Promise<Seat> {
  const machine = await startRescue(context, { ...options, login: "tty1" });
  const shell = await context.timed(`${options.name}: the rescue system starts`, () => shellOf(machine));
  return seatAt(machine, shell);
}

/** Goes on from the saved rescue system, which had no screens, and starts those of tty1. */
export async function sitAtSaved(context: Context, options: RescueOptions): Promise<Seat> {
  const machine = await restoreRescue(context, options);
  const shell = await shellOf(machine);
  await shell.output(afterRestoring(options.disks), { deadlineMs: DEADLINE.command });
  await shell.output("systemctl start multiverse-screen@tty1", { deadlineMs: DEADLINE.command });
  return seatAt(machine, shell);
}

async function shellOf(machine: Machine): Promise<GuestShell> {
  await machine.serial.waitFor(RESCUE_PROMPT, { deadlineMs: DEADLINE.boot, what: "a shell on the serial line" });
  return openGuestShell(machine.serial);
}

async function seatAt(machine: Machine, shell: GuestShell): Promise<Seat> {
  const picture = async (name: string) => void (await machine.picture(name));
  return { machine, shell, screen: await vtScreen(machine, shell), picture };
}

/** A console whose pictures are its text: a serial line. */
export function textSitting(context: Context, screen: ConsoleScreen): Sitting {
  return {
    screen,
    picture: async (name) => writeFile(join(context.folder, `${name}.screen`), (await screen.read()).join("\n")),
  };
}
