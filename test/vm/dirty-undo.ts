// A change of mind before the first file system: every sector of an installed host's disk is as it was, and the host starts.
import { join } from "node:path";
import { bootHost, shutDown } from "./boot-host.ts";
import { bootRescue, powerOff } from "./boot-rescue.ts";
import { checkHost } from "./host-checks.ts";
import { hostSpec, TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { install } from "./install-run.ts";
import { makeStateDisk, targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

export const scenario: Scenario = {
  name: "dirty-undo",
  title:
    "begins an install over an installed host, loses power, undoes it: the disk is as it was, and the old system boots",
  ci: false,
  needs: ["live"],
  after: ["zfs-plain"],
  async run(context) {
    const old = await context.installedHost("zfs-plain");
    const nvram = join(context.work, "nvram.fd");
    // Another host: another salt, and with it other identifiers than those that are on the disk.
    const spec = hostSpec(old.secrets, { unlock: "none", disk: TARGET_ID }).replaceAll("jupiter", "neptune");
    const state = await makeStateDisk(context, spec);
    const machine = { nvram, state, disks: [targetDisk(old.disk, TARGET_SERIAL)] };

    const first = await bootRescue(context, { name: "power-cut", ...machine });
    const { exit } = await install(context, first, { until: "partition" });
    context.same("stopped before the first file system", String(exit), "0");
    const names = await first.shell.output(`lsblk -nro PARTLABEL /dev/disk/by-id/${TARGET_ID}`);
    context.check("the old table is gone by then", names.includes("multiverse-unfinished"), names);
    await first.machine.cutPower();
    await first.machine.close();
    context.check("... and the disk is another one", !(await sameSectors(context, old.disk, old.kept)));

    const second = await bootRescue(context, { name: "undo", ...machine });
    const undone = await second.shell.run("multiverse install --undo 2>&1", { deadlineMs: DEADLINE.command });
    context.check(
      "the undo ended well, and says what it did",
      undone.exit === 0 && /is as it was/.test(undone.output),
      undone.output,
    );
    const again = await second.shell.run("multiverse install --undo 2>&1", { deadlineMs: DEADLINE.command });
    context.check(
      "... and there is nothing more to undo",
      again.exit === 4 && /no unfinished install/.test(again.output),
      again.output,
    );
    await powerOff(context, second);
    context.check("every sector is as it was", await sameSectors(context, old.disk, old.kept));

    const booted = await bootHost(context, { name: "host", disk: old.disk, nvram: old.nvram, secrets: old.secrets });
    await checkHost(context, booted.shell, { secrets: old.secrets, encryption: "none" });
    await shutDown(context, booted);
  },
};

/** Compares what the machine would read, sector by sector. */
async function sameSectors(context: Context, disk: string, kept: string): Promise<boolean> {
  const { run } = context.tools;
  return context.timed("the disk is compared", async () => {
    const { exit } = await run(["qemu-img", "compare", "-q", disk, join(kept, "disk.qcow2")], {
      ...{ ok: [0, 1], timeoutMs: DEADLINE.command },
    });
    return exit === 0;
  });
}
