// A power cut in the middle of the copy, then --resume: the tree must be the one of an uninterrupted install.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ActionableError } from "../../core/errors.ts";
import type { InstallEvent } from "../../core/execute/events.ts";
import { createDisk } from "../../core/vm/disk-image.ts";
import { type BootedHost, bootHost, shutDown } from "./boot-host.ts";
import { bootRescue, powerOff, type Rescue } from "./boot-rescue.ts";
import { checkHost } from "./host-checks.ts";
import { TARGET_SERIAL } from "./host-spec.ts";
import { install } from "./install-run.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDisk, targetDisk } from "./rescue-machine.ts";
import type { Context, Scenario } from "./scenario.ts";
import { fetchManifest, keptTreeHash, treeManifest } from "./tree-manifest.ts";

export const scenario: Scenario = {
  name: "resume",
  title: "cuts the power in the middle of the copy, resumes, and compares the tree with an uninterrupted install",
  ci: true,
  needs: ["live"],
  after: ["zfs-plain"],
  async run(context) {
    const { run } = context.tools;
    // The same spec to the letter, so that the salt and with it every UUID is the same.
    const whole = await context.installedHost("zfs-plain");
    const disk = join(context.work, "target.qcow2");
    const nvram = join(context.work, "nvram.fd");
    await createDisk(run, disk, TARGET_BYTES);
    const state = await makeStateDisk(context, whole.spec);
    const machine = { nvram, state, disks: [targetDisk(disk, TARGET_SERIAL)] };

    const cut = await bootRescue(context, { name: "power-cut", ...machine });
    const at = await cutDuringCopy(context, cut);
    context.check("the power was cut in the middle of the copy", at !== null, "the install ended before");

    const rescue = await bootRescue(context, { name: "resume", ...machine });
    const { exit, events } = await install(context, rescue, { resume: true });
    context.same("the resumed install ended well", String(exit), "0");
    context.check("it did not begin again", events.some(isSkipped), JSON.stringify(events.slice(0, 5)));
    await powerOff(context, rescue);
    if (exit !== 0) return;

    const resumed = await bootHost(context, { name: "host", disk, nvram, secrets: whole.secrets });
    await checkHost(context, resumed.shell, { secrets: whole.secrets, encryption: "none" });
    const mine = await treeManifest(context, resumed.shell);
    const kept = await keptTreeHash(whole);
    // Booted only where its hash is not known, or where the difference must be shown.
    const other = kept?.hash === mine.hash ? null : await bootHost(context, { name: "uninterrupted", ...whole });
    const theirs = other === null ? kept : await treeManifest(context, other.shell);
    context.log(`the trees: ${mine.files} lines, ${mine.hash.slice(0, 12)} and ${theirs?.hash.slice(0, 12)}`);
    context.same("the tree is that of an uninterrupted install", mine.hash, theirs?.hash ?? "");
    if (other !== null && mine.hash !== theirs?.hash) await showDifference(context, resumed, other);
    await shutDown(context, resumed);
    if (other !== null) await shutDown(context, other);
  },
};

const isSkipped = (event: InstallEvent): boolean => event.event === "step" && event.state === "skipped";

/** Runs the install and ends the machine between 30 and 70 % of the copy; gives the share, or null if it never came. */
async function cutDuringCopy(context: Context, rescue: Rescue): Promise<number | null> {
  let copying: number | null = null;
  let share: number | null = null;
  const onEvent = (event: InstallEvent) => {
    if (event.event === "step" && event.id.startsWith("copy-system"))
      copying = event.state === "start" ? event.index : null;
    if (event.event !== "progress" || event.index !== copying || event.total === null || share !== null) return;
    const now = Number(event.bytes) / Number(event.total);
    if (now < 0.3 || now > 0.7) return;
    share = now;
    context.log(`power cut at ${Math.round(now * 100)} % of the copy`);
    void rescue.machine.cutPower();
  };
  try {
    await install(context, rescue, { onEvent });
  } catch (error) {
    // The serial line of a machine without power is closed; anything else is a failure of its own.
    if (!(error instanceof ActionableError) || error.code !== "vm-serial-closed") throw error;
  }
  await rescue.machine.close();
  return share;
}

async function showDifference(context: Context, mine: BootedHost, theirs: BootedHost): Promise<void> {
  const left = new Set(await fetchManifest(context, mine.shell, "tree-resumed"));
  const right = new Set(await fetchManifest(context, theirs.shell, "tree-uninterrupted"));
  const lines = [
    ...[...left].filter((line) => !right.has(line)).map((line) => `+ ${line}`),
    ...[...right].filter((line) => !left.has(line)).map((line) => `- ${line}`),
  ];
  await writeFile(join(context.folder, "tree-difference.txt"), `${lines.join("\n")}\n`);
  for (const line of lines.slice(0, 20)) context.log(`  ${line}`);
}
