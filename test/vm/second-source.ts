// The system is copied from a second stick, which is pulled in the copy; put back, --resume finishes.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { InstallEvent } from "../../core/execute/events.ts";
import { probe } from "../../core/inventory/probe.ts";
import { parseMachine, replay } from "../../core/inventory/record.ts";
import { createDisk, createOverlay } from "../../core/vm/disk-image.ts";
import type { VmDisk } from "../../core/vm/machine-options.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { bootRescue, powerOff, type Rescue } from "./boot-rescue.ts";
import { checkHost } from "./host-checks.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec, TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { type InstallResult, install } from "./install-run.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDisk, targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const Table = z.object({
  partitiontable: z.object({ partitions: z.array(z.object({ name: z.string().optional(), uuid: z.string() })) }),
});

const STARTED_FROM = "/dev/disk/by-id/virtio-multiverse-live";

export const scenario: Scenario = {
  name: "second-source",
  title: "copies the system from a second stick, pulls it in the copy, puts it back and resumes; rescue is in memory",
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
    const device = await livePartition(context);
    const source = `live:${device}`;
    const state = await makeStateDisk(context, hostSpec(secrets, { unlock: "none", disk: TARGET_ID, source }));
    const rescue = await bootRescue(context, {
      ...{ name: "rescue", nvram, state, cold: true, words: "multiverse.toram", memoryMiB: 3072 },
      disks: [targetDisk(disk, TARGET_SERIAL), stick],
    });
    await sourceIsFound(context, rescue, device);

    const pulled = await pullDuringCopy(context, rescue, stick);
    judgeFailure(context, pulled);
    await nothingLeft(context, rescue);
    await eventsAreKept(context, rescue);
    const without = await rescue.shell.run("multiverse install --resume --headless 2>&1", {
      deadlineMs: DEADLINE.command,
    });
    context.same("going on without the stick is refused", String(without.exit), "4");
    context.check(
      "... and says that another source with the same image is there",
      /No Multiverse medium is found/.test(without.output) && /live: .*has the same image/.test(without.output),
      without.output,
    );

    await anotherSource(context, rescue);

    await rescue.machine.attach(stick);
    // The stick again: the machine has not even listed its partitions when this begins.
    const { exit, events } = await install(context, rescue, { resume: true, source });
    context.same("put back, the resumed install ended well", String(exit), "0");
    context.check("it did not begin again", events.some(isSkipped), JSON.stringify(events.slice(0, 5)));
    await nothingLeft(context, rescue);
    await powerOff(context, rescue);
    if (exit !== 0) return;
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets });
    await checkHost(context, booted.shell, { secrets, encryption: "none" });
    await shutDown(context, booted);
  },
};

const isSkipped = (event: InstallEvent): boolean => event.event === "step" && event.state === "skipped";

/** The name that stays of the stick's live partition. */
async function livePartition({ tools, images }: Context): Promise<string> {
  const said = await tools.run(["sfdisk", "-J", images.usb]);
  const { partitions } = Table.parse(JSON.parse(said.stdout)).partitiontable;
  const live = partitions.find(({ name }) => name === "multiverse-live");
  if (live === undefined) throw new Error("the USB image has no partition multiverse-live");
  return `/dev/disk/by-partuuid/${live.uuid.toLowerCase()}`;
}

async function sourceIsFound(context: Context, { shell }: Rescue, device: string): Promise<void> {
  const medium = await shell.output("findmnt -no SOURCE /run/multiverse/live/medium");
  context.check("the rescue system runs from memory", /^\/dev\/loop/.test(medium), medium);
  const before = await shell.output("findmnt -rno TARGET,SOURCE | LC_ALL=C sort");
  const recorded = await shell.output(
    "multiverse probe --output /run/machine.json >/dev/null 2>&1; cat /run/machine.json",
    {
      deadlineMs: DEADLINE.command,
    },
  );
  await writeFile(join(context.folder, "machine.json"), recorded);
  const { media, notes } = await probe(replay(parseMachine("machine.json", recorded)));
  const found = media.map((medium) => medium.device);
  context.check("the probe finds the second stick", found.includes(device), found.join(" "));
  // Run from memory it needs its own medium no more: that one is as good a source as any.
  context.check("... and the medium that the system was started from", found.includes(STARTED_FROM), found.join(" "));
  context.same("... and has nothing to complain of", notes.join("\n"), "");
  context.same(
    "... and mounts nothing for it",
    await shell.output("findmnt -rno TARGET,SOURCE | LC_ALL=C sort"),
    before,
  );
}

/** Runs the install and pulls the stick between 30 and 70 % of the copy. */
async function pullDuringCopy(context: Context, rescue: Rescue, stick: VmDisk): Promise<InstallResult> {
  let copying: number | null = null;
  let pulling: Promise<void> | null = null;
  const onEvent = (event: InstallEvent) => {
    if (event.event === "step" && event.id === "copy-system") copying = event.index;
    if (event.event !== "progress" || event.index !== copying || event.total === null || pulling !== null) return;
    const share = Number(event.bytes) / Number(event.total);
    if (share < 0.3 || share > 0.7) return;
    context.log(`stick pulled at ${Math.round(share * 100)} % of the copy`);
    const from = performance.now();
    pulling = rescue.machine.detach(stick).then(() => {
      context.log(`gone after ${Math.round(performance.now() - from)} ms`);
    });
  };
  const result = await context.timed("the install until it stopped", () => install(context, rescue, { onEvent }));
  context.check("the stick was pulled in the middle of the copy", pulling !== null, "the install ended before");
  await pulling;
  return result;
}

/** Goes on from the image that the rescue system has in memory, and is stopped in the copy by a Ctrl-C. */
async function anotherSource(context: Context, { shell }: Rescue): Promise<void> {
  const said = await shell.output(
    `multiverse install --resume --source live: --progress json >/run/other.out 2>&1 &
pid=$!
until grep -q '"bytes"' /run/other.out; do
  kill -0 $pid || break
  sleep 0.2
done
kill -INT $pid
wait $pid; echo "exit=$?"; tail -n 3 /run/other.out
grep -c '"medium"' /run/multiverse/state/journal/*/plan.json || true`,
    { deadlineMs: DEADLINE.install, what: "an install from another source" },
  );
  context.check(
    "another source with the same image takes over",
    /exit=6[\s\S]*Interrupted at step 10[\s\S]*^0$/m.test(said),
    said,
  );
}

function judgeFailure(context: Context, { exit, events }: InstallResult): void {
  context.same("a pulled source ends the install with exit code 5", String(exit), "5");
  const failed = events.findLast((event) => event.event === "failed");
  const error = failed?.event === "failed" ? failed.error : null;
  context.same("... by its own name", error?.code ?? "", "source-stopped");
  context.same("... in words", error?.message ?? "", "The medium that the system is copied from stopped answering.");
  const evidence = (error?.evidence ?? []).join("\n");
  context.check("... with tar's last words", /tar: .*Input\/output error/.test(evidence), evidence);
  context.check("... and the kernel's", /^kernel: .*(I\/O error|disconnect|offline)/m.test(evidence), evidence);
  context.check("... and what to do", /Put it back.*--resume/.test(error?.hint ?? ""), error?.hint ?? "");
  const last = events.findLast((event) => event.event === "progress");
  const early = last?.event === "progress" && Number(last.bytes) < 0.9 * Number(last.total);
  context.check("it stopped there, not at the end of what could no longer be read", early, JSON.stringify(last));
}

async function nothingLeft(context: Context, { shell }: Rescue): Promise<void> {
  const left = await shell.output(
    "zpool list -H; findmnt -rno TARGET | grep -E '^(/mnt|/run/multiverse/(esp|source))' || true",
  );
  context.same("nothing stays mounted or imported", left.trim(), "");
}

async function eventsAreKept(context: Context, { shell }: Rescue): Promise<void> {
  const file = "/run/multiverse/install/events.jsonl";
  const followed = await shell.output(`head -n 1 ${file}; tail -n 1 ${file}`);
  context.check(
    "the events' file tells the install from its beginning to its failure",
    /"begin"[\s\S]*"failed"/.test(followed),
    followed,
  );
}
