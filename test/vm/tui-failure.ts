// The stick that the system is copied from is pulled in the copy: the screen says so, and goes on when it is back.
import { join } from "node:path";
import { z } from "zod";
import { createDisk, createOverlay } from "../../core/vm/disk-image.ts";
import type { VmDisk } from "../../core/vm/machine-options.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { powerOff } from "./boot-rescue.ts";
import { waitForScreen } from "./console-screen.ts";
import { confirm, keep, pointed, waitForInstalled } from "./drive-wizard.ts";
import { checkHost } from "./host-checks.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec, TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDisk, targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { sitAtTty1 } from "./sit-down.ts";

const Table = z.object({
  partitiontable: z.object({ partitions: z.array(z.object({ name: z.string().optional(), uuid: z.string() })) }),
});

export const scenario: Scenario = {
  name: "tui-failure",
  title: "pulls the second stick that is copied from; the screen says why, and goes on when it is back",
  ci: false,
  needs: ["live", "usb"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const disk = join(context.work, "target.qcow2");
    const nvram = join(context.work, "nvram.fd");
    const file = join(context.work, "stick.qcow2");
    await createDisk(run, disk, TARGET_BYTES);
    await createOverlay(run, file, context.images.usb, "raw");
    const stick: VmDisk = { id: "stick", file, format: "qcow2", bus: "usb", serial: "MVSOURCE01" };
    const source = `live:${await livePartition(context)}`;
    const state = await makeStateDisk(context, hostSpec(secrets, { unlock: "none", disk: TARGET_ID, source }));
    const seat = await sitAtTty1(context, {
      ...{ name: "rescue", nvram, state, words: "multiverse.toram", memoryMiB: 3072 },
      disks: [targetDisk(disk, TARGET_SERIAL), stick],
    });
    const { screen, shell, machine } = seat;
    const medium = await shell.output("findmnt -no SOURCE /run/multiverse/live/medium");
    context.check("the rescue system runs from memory", /^\/dev\/loop/.test(medium), medium);
    await waitForScreen(screen, /This is what will happen/, { deadlineMs: DEADLINE.boot });
    await confirm(context, seat);
    await waitForScreen(screen, /copy the system[\s\S]*\s[2-5]\d\d MiB of/, { deadlineMs: DEADLINE.install });
    await machine.detach(stick);
    const failed = await waitForScreen(screen, /Stopped at step/, { deadlineMs: DEADLINE.install });
    await keep(context, seat, "failed", failed);
    const text = failed.join("\n");
    context.check("it says what happened", /medium that the system is copied from stopped answering/.test(text), text);
    context.check("it says what to do", /[Pp]ut it back/.test(text), text);
    context.check("it says that nothing is lost", /Nothing is lost/.test(text), text);
    await saveReport(context, seat);

    await machine.attach(stick);
    await screen.press("enter");
    await waitForScreen(screen, /Installing /);
    await waitForInstalled(context, seat);
    await powerOff(context, seat);
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets });
    await checkHost(context, booted.shell, { secrets, encryption: "none" });
    await shutDown(context, booted);
  },
};

/** The fourth choice: a report on the stick, its essentials as a code. */
async function saveReport(context: Context, seat: Awaited<ReturnType<typeof sitAtTty1>>): Promise<void> {
  const { screen, shell } = seat;
  for (const at of ["Use another source", "Open a shell", "Save a report"]) {
    await screen.press("down");
    await waitForScreen(screen, pointed(at));
  }
  await screen.press("enter");
  await keep(context, seat, "report", await waitForScreen(screen, /Saved: .*report-/));
  await screen.press("escape");
  await waitForScreen(screen, pointed("Try again"));
  const report = await shell.output("cat /run/multiverse/state/report-*.txt");
  context.check(
    "the report on the stick names the failed step and the cause",
    /copy the system[\s\S]*source-stopped/.test(report),
    report,
  );
}

/** The name that stays of the stick's live partition. */
async function livePartition({ tools, images }: Context): Promise<string> {
  const said = await tools.run(["sfdisk", "-J", images.usb]);
  const { partitions } = Table.parse(JSON.parse(said.stdout)).partitiontable;
  const live = partitions.find(({ name }) => name === "multiverse-live");
  if (live === undefined) throw new Error("the USB image has no partition multiverse-live");
  return `/dev/disk/by-partuuid/${live.uuid.toLowerCase()}`;
}
