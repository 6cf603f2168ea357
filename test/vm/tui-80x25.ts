// The screens on a console of 80 columns and 25 rows: every one is whole, and the wizard reaches the review.
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import { powerOff } from "./boot-rescue.ts";
import { waitForScreen } from "./console-screen.ts";
import { answerEverything, confirm, keep, waitForInstalled } from "./drive-wizard.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDiskWith, targetDisk } from "./rescue-machine.ts";
import type { Scenario } from "./scenario.ts";
import { sitAtTty1 } from "./sit-down.ts";

export const scenario: Scenario = {
  name: "tui-80x25",
  title: "the wizard and the install on a console of 80x25",
  ci: false,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const disk = join(context.work, "target.qcow2");
    const nvram = join(context.work, "nvram.fd");
    await createDisk(run, disk, TARGET_BYTES);
    const state = await makeStateDiskWith(context, {});
    const seat = await sitAtTty1(context, {
      // 640×400 dots in letters of 8×16
      ...{ name: "rescue", nvram, state, words: "video=640x400" },
      disks: [targetDisk(disk, TARGET_SERIAL)],
    });
    const { screen, shell } = seat;
    await waitForScreen(screen, /Language and keyboard/);
    context.same("the console has 25 rows of 80", (await shell.output("stty -F /dev/tty1 size")).trim(), "25 80");
    const bottom = async (name: string) => {
      const rows = await screen.read();
      context.check(`${name}: the last row tells the keys`, /\? help/.test(rows[24] ?? ""), rows.join("\n"));
    };
    await bottom("language");
    await screen.type("?");
    await keep(context, seat, "help", await waitForScreen(screen, /Keys on this screen/));
    await screen.press("escape");
    await waitForScreen(screen, /Enter go on/);
    await answerEverything(context, seat, { password: secrets.adaPassword, disk: /MVTARGET01/, keyboard: "de" });
    const keys = await shell.output("dumpkeys -C /dev/tty1 | grep -E '^keycode +(21|44) = '");
    context.check(
      "the chosen keyboard is the console's at once: y and z have changed places",
      /21 = \+?z[\s\S]*44 = \+?y/.test(keys),
      keys,
    );
    await bottom("review");
    await confirm(context, seat);
    await bottom("running");
    await screen.type("l");
    await keep(context, seat, "log", await waitForScreen(screen, /\$ \S+/));
    await waitForInstalled(context, seat);
    await bottom("done");
    await powerOff(context, seat);
  },
};
