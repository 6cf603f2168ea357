// The whole wizard by the machine's own keyboard on tty1, from the stick's first picture to the booted host.
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import { openGuestShell } from "../../core/vm/guest-shell.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { vtScreen, waitForScreen } from "./console-screen.ts";
import { answerEverything, confirmAndWait, keep, type Sitting } from "./drive-wizard.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDiskWith, RESCUE_PROMPT, startRescue, targetDisk } from "./rescue-machine.ts";
import { DEADLINE, type Scenario } from "./scenario.ts";
import { checkWizardHost } from "./wizard-host.ts";

export const scenario: Scenario = {
  name: "tui-install-tty1",
  title: "the whole wizard by keys on tty1, read from /dev/vcs1; ends in a booted host",
  ci: true,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const disk = join(context.work, "target.qcow2");
    const nvram = join(context.work, "nvram.fd");
    await createDisk(run, disk, TARGET_BYTES);
    const state = await makeStateDiskWith(context, {});
    const disks = [targetDisk(disk, TARGET_SERIAL)];
    const machine = await startRescue(context, {
      name: "rescue",
      nvram,
      state,
      disks,
      login: "tty1",
      onReboot: "exit",
    });
    const shell = await context.timed("the rescue system starts", async () => {
      await machine.serial.waitFor(RESCUE_PROMPT, { deadlineMs: DEADLINE.boot, what: "a shell on the serial line" });
      return openGuestShell(machine.serial);
    });
    const sitting: Sitting = {
      screen: await vtScreen(machine, shell),
      picture: async (name) => void (await machine.picture(name)),
    };
    await answerEverything(context, sitting, { password: secrets.adaPassword, disk: /MVTARGET01/ });
    await sitting.screen.type("s");
    await keep(context, sitting, "7-review-saved", await waitForScreen(sitting.screen, /Saved: .*multiverse\.yml/));
    await confirmAndWait(context, sitting);
    await sitting.screen.press("enter");
    await machine.waitForPowerOff(DEADLINE.powerOff);
    await machine.close();
    const user = { name: "ada", password: secrets.adaPassword };
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets, user });
    await checkWizardHost(context, booted.shell, { keyboard: "us" });
    await shutDown(context, booted);
  },
};
