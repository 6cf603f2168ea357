// Boots the rescue system, or goes on from its saved state, to a root shell on the serial line; and switches it off.
import { type GuestShell, openGuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { RESCUE_PROMPT, type RescueOptions, startRescue } from "./rescue-machine.ts";
import { afterRestoring, restoreRescue } from "./saved-rescue.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface Rescue {
  machine: Machine;
  shell: GuestShell;
}

/** Starts the rescue system and gives a root shell on its serial line. */
export async function bootRescue(context: Context, options: RescueOptions): Promise<Rescue> {
  const cold = options.cold === true;
  return context.timed(
    `${options.name}: the rescue system ${cold ? "starts" : "goes on from its saved state"}`,
    async () => {
      const machine = await (cold ? startRescue(context, options) : restoreRescue(context, options));
      await machine.serial.waitFor(RESCUE_PROMPT, {
        deadlineMs: DEADLINE.boot,
        what: "the rescue system's root shell",
        unless: /Kernel panic|\(initramfs\) |emergency mode/,
      });
      const shell = await openGuestShell(machine.serial);
      if (!cold) await shell.output(afterRestoring(options.disks), { deadlineMs: DEADLINE.command });
      return { machine, shell };
    },
  );
}

/** Switches a rescue machine off in good order. */
export async function powerOff(context: Context, { machine, shell }: Rescue): Promise<void> {
  await context.timed(`${machine.name}: switched off`, async () => {
    shell.serial.send("systemctl poweroff\n");
    await machine.waitForPowerOff(DEADLINE.powerOff);
    await machine.close();
  });
}
