// The same wizard over a serial line whose size the kernel gives as 0×0, with a terminal at the other end that answers.
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { serialScreen } from "./console-screen.ts";
import { answerEverything, confirmAndWait } from "./drive-wizard.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { EXPECTED, TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDiskWith, startRescue, targetDisk } from "./rescue-machine.ts";
import { DEADLINE, type Scenario } from "./scenario.ts";
import { textSitting } from "./sit-down.ts";
import { checkWizardHost } from "./wizard-host.ts";

export const scenario: Scenario = {
  name: "tui-install-serial",
  title: "the whole wizard over a 0x0 serial line; ends in a booted host",
  ci: false,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const disk = join(context.work, "target.qcow2");
    const nvram = join(context.work, "nvram.fd");
    await createDisk(run, disk, TARGET_BYTES);
    const state = await makeStateDiskWith(context, {});
    const disks = [targetDisk(disk, TARGET_SERIAL)];
    const options = { name: "rescue", nvram, state, disks, login: "ttyS0", onReboot: "exit" as const };
    const machine = await startRescue(context, options);
    const sitting = textSitting(context, serialScreen(machine));
    await answerEverything(context, sitting, { password: secrets.adaPassword, disk: /MVTARGET01/ });
    const ascii = (await sitting.screen.read()).join("\n");
    context.check("a serial line gets ASCII alone", /^[\n -~]*$/.test(ascii), ascii);
    await confirmAndWait(context, sitting);
    await sitting.screen.press("enter");
    await machine.waitForPowerOff(DEADLINE.powerOff);
    await machine.close();
    const user = { name: EXPECTED.user, password: secrets.adaPassword };
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets, user });
    await checkWizardHost(context, booted.shell, { keyboard: "us" });
    await shutDown(context, booted);
  },
};
