// The whole wizard by the machine's own keyboard on tty1, from the stick's first picture to the booted host.
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { waitForScreen } from "./console-screen.ts";
import { answerEverything, confirmAndWait, keep } from "./drive-wizard.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { EXPECTED, TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDiskWith, targetDisk } from "./rescue-machine.ts";
import { DEADLINE, type Scenario } from "./scenario.ts";
import { sitAtTty1 } from "./sit-down.ts";
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
    const seat = await sitAtTty1(context, { name: "rescue", nvram, state, disks, onReboot: "exit" });
    await answerEverything(context, seat, { password: secrets.adaPassword, disk: /MVTARGET01/ });
    await seat.screen.type("s");
    await keep(context, seat, "7-review-saved", await waitForScreen(seat.screen, /Saved: .*multiverse\.yml/));
    await confirmAndWait(context, seat);
    await seat.screen.press("enter");
    await seat.machine.waitForPowerOff(DEADLINE.powerOff);
    await seat.machine.close();
    const user = { name: EXPECTED.user, password: secrets.adaPassword };
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets, user });
    await checkWizardHost(context, booted.shell, { keyboard: "us" });
    await shutDown(context, booted);
  },
};
