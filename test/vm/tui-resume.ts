// A power cut in the copy of an install by the screens; the next start offers to go on, and finishes.
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { powerOff } from "./boot-rescue.ts";
import { waitForScreen } from "./console-screen.ts";
import { confirm, keep, waitForInstalled } from "./drive-wizard.ts";
import { checkHost } from "./host-checks.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec, TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDisk, targetDisk } from "./rescue-machine.ts";
import { DEADLINE, type Scenario } from "./scenario.ts";
import { sitAtSaved, sitAtTty1 } from "./sit-down.ts";

export const scenario: Scenario = {
  name: "tui-resume",
  title: "cuts the power in the copy; the next start offers to go on, and finishes",
  ci: false,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const disk = join(context.work, "target.qcow2");
    const nvram = join(context.work, "nvram.fd");
    await createDisk(run, disk, TARGET_BYTES);
    const state = await makeStateDisk(context, hostSpec(secrets, { unlock: "none", disk: TARGET_ID }));
    const machine = { nvram, state, disks: [targetDisk(disk, TARGET_SERIAL)] };

    const cut = await sitAtSaved(context, { ...machine, name: "power-cut" });
    await waitForScreen(cut.screen, /This is what will happen/);
    await confirm(context, cut);
    const half = await waitForScreen(cut.screen, /copy the system[\s\S]*\s[2-7]\d\d MiB of/, {
      deadlineMs: DEADLINE.install,
    });
    await keep(context, cut, "cut-here", half);
    await cut.machine.cutPower();

    const again = await sitAtTty1(context, { ...machine, name: "again" });
    const offered = await waitForScreen(again.screen, /An installation is unfinished/, { deadlineMs: DEADLINE.boot });
    await keep(context, again, "offered", offered);
    context.check(
      "it says where it stopped",
      offered.some((row) => /it stopped at: copy the system/.test(row)),
      offered.join("\n"),
    );
    await again.screen.press("enter");
    await waitForInstalled(context, again);
    await powerOff(context, again);
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets });
    await checkHost(context, booted.shell, { secrets, encryption: "none" });
    await shutDown(context, booted);
  },
};
