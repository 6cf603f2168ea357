// The plan written out as a shell script, run alone: without multiverse it must make the same host.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import { scrub } from "../../core/vm/scrub.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { bootRescue, powerOff } from "./boot-rescue.ts";
import { checkHost } from "./host-checks.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDisk, SPEC_PATH, targetDisk } from "./rescue-machine.ts";
import { DEADLINE, type Scenario } from "./scenario.ts";

const SERIAL = "MVTARGET02";
/** The serial line is 1000 columns wide, and a progress bar fills them. */
const LINE = 100;

export const scenario: Scenario = {
  name: "exported-script",
  title: "exports the plan as a shell script, runs that alone on a second disk, boots and checks it",
  ci: true,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const disk = join(context.work, "second.qcow2");
    const nvram = join(context.work, "nvram.fd");
    await createDisk(run, disk, TARGET_BYTES);
    const state = await makeStateDisk(context, hostSpec(secrets, { unlock: "none", disk: `virtio-${SERIAL}` }));
    const rescue = await bootRescue(context, {
      ...{ name: "rescue", nvram, state },
      disks: [targetDisk(disk, SERIAL, "second")],
    });
    const { shell } = rescue;
    const script = await context.timed("the plan is exported", () =>
      shell.output(`multiverse plan ${SPEC_PATH} --format sh | tee /run/install.sh`, { deadlineMs: DEADLINE.command }),
    );
    await writeFile(join(context.folder, "install.sh"), script);
    context.check("the script is a POSIX shell script", script.startsWith("#!/bin/sh\n"), script.slice(0, 200));
    context.check("the script does not call multiverse", !/^\s*(?:\/usr\/bin\/)?multiverse\s/m.test(script));
    // Alone means alone: the program is hidden while the script runs.
    await shell.output('mount --bind /bin/false "$(readlink -f "$(command -v multiverse)")"');
    const status = await context.timed("the script runs", () =>
      shell.stream(
        `env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh /run/install.sh --erase virtio-${SERIAL} </dev/null 2>&1`,
        (line) => context.log(`  ${scrub(line).slice(0, LINE)}`),
        { deadlineMs: DEADLINE.install, what: "the script to end" },
      ),
    );
    context.same("the script ended well", String(status), "0");
    await powerOff(context, rescue);
    if (status !== 0) return;
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets, serial: SERIAL });
    await checkHost(context, booted.shell, { secrets, encryption: "none" });
    await shutDown(context, booted);
  },
};
