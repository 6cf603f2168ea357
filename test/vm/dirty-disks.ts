// Twelve kinds of used disks, one after the other in one booted rescue machine: each is cleared and partitioned at the first attempt.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { InstallEvent } from "../../core/execute/events.ts";
import { createDisk } from "../../core/vm/disk-image.ts";
import { bootRescue, powerOff, type Rescue } from "./boot-rescue.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec } from "./host-spec.ts";
import { type InstallOptions, install } from "./install-run.ts";
import { makeStateDisk, STATE_FOLDER, targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { SERIAL, TOOLS, TWIN_SERIAL, USED_KINDS, type UsedKind, WORDS } from "./used/used-kinds.ts";
import { lookAt, NEW_TABLE } from "./used/used-look.ts";
import { makeToolsDisk, TOOLS_SERIAL } from "./used/used-tools.ts";

const BYTES = 6 * 1024 ** 3;
const [DISK, TWIN] = [SERIAL, TWIN_SERIAL].map((serial) => `/dev/disk/by-id/virtio-${serial}`) as [string, string];

export const scenario: Scenario = {
  name: "dirty-disks",
  title: "clears twelve kinds of used disks, made by the real programs, in one machine; proves them clear, undoes some",
  ci: false,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const state = await makeStateDisk(context, hostSpec(secrets, { unlock: "none", disk: `virtio-${SERIAL}` }));
    const files = [SERIAL, TWIN_SERIAL].map((serial) => join(context.work, `${serial}.qcow2`));
    for (const file of files) await createDisk(run, file, BYTES);
    const rescue = await bootRescue(context, {
      ...{ name: "rescue", nvram: join(context.work, "nvram.fd"), state },
      disks: [
        ...files.map((file, at) => targetDisk(file, at === 0 ? SERIAL : TWIN_SERIAL, at === 0 ? "used" : "twin")),
        await makeToolsDisk(context),
      ],
    });
    const tools = `/dev/disk/by-id/virtio-${TOOLS_SERIAL}`;
    await rescue.shell.output(`mkdir -p ${TOOLS}; mount -t vfat -o ro,exec ${tools} ${TOOLS}`);
    const figures: Record<string, number> = {};
    for (const kind of USED_KINDS) {
      try {
        figures[kind.name] = await oneKind(context, rescue, kind);
      } catch (error) {
        // The others are worth knowing all the same.
        context.check(`${kind.name}: went to its end`, false, error instanceof Error ? error.message : String(error));
      }
    }
    await writeFile(join(context.folder, "cleaning.json"), `${JSON.stringify(figures, null, 2)}\n`);
    await powerOff(context, rescue);
  },
};

/** Gives the milliseconds that saving and clearing took. */
async function oneKind(context: Context, rescue: Rescue, kind: UsedKind): Promise<number> {
  const { shell } = rescue;
  context.log(`--- ${kind.name}: ${kind.title}`);
  await shell.output(
    `${WORDS}for disk in $D $W; do blkdiscard -f -z $disk; done; rm -rf ${STATE_FOLDER}/saved; settle`,
    {
      deadlineMs: DEADLINE.command,
    },
  );
  const made = await shell.run(WORDS + kind.make, { deadlineMs: DEADLINE.command, what: `${kind.name} to be made` });
  context.check(`${kind.name}: it is made`, made.exit === 0, made.output);
  const dirty = await lookAt(shell, DISK);
  const twin = await lookAt(shell, TWIN);
  for (const wanted of kind.seen)
    context.check(
      `${kind.name}: it is what it should be: ${wanted.source}`,
      dirty.some((line) => wanted.test(line)),
      dirty.join("\n"),
    );
  if (kind.undo !== undefined) await changeOfMind(context, rescue, kind, kind.undo, dirty);

  const { exit, events } = await partly(context, rescue, { restart: true, until: "partition" });
  context.same(`${kind.name}: cleared and partitioned at the first attempt`, String(exit), "0");
  judgeTeardown(context, kind, kind.undo === undefined ? events : []);
  const left = (await lookAt(shell, DISK)).filter((line) => !NEW_TABLE.test(line));
  context.same(`${kind.name}: nothing is left on the disk or its new partitions`, left.join("\n"), "");
  context.same(`${kind.name}: the other disk is as it was`, (await lookAt(shell, TWIN)).join("\n"), twin.join("\n"));

  const on = await partly(context, rescue, { resume: true, until: "create-pool" });
  context.same(`${kind.name}: file systems and pool are made on it`, String(on.exit), "0");
  const now = await lookAt(shell, DISK);
  const zfs = now.filter((line) => line.endsWith(" zdb"));
  context.same(`${kind.name}: the new pool is the only one`, zfs.join("\n"), "part2 zdb");
  return took(events, ["save-table", "clear-disk"]);
}

/** Stops before the first file system, has it undone, and looks into the old content. */
async function changeOfMind(
  context: Context,
  rescue: Rescue,
  kind: UsedKind,
  look: string,
  dirty: readonly string[],
): Promise<void> {
  const { exit, events } = await partly(context, rescue, { restart: true, until: "partition" });
  context.same(`${kind.name}: ready for its first file system`, String(exit), "0");
  judgeTeardown(context, kind, events);
  const undone = await rescue.shell.run("multiverse install --undo 2>&1", { deadlineMs: DEADLINE.command });
  context.check(
    `${kind.name}: a change of mind, and the disk is as it was`,
    undone.exit === 0 && /is as it was/.test(undone.output),
    undone.output,
  );
  // What was open stays closed; everything else is found in the very same places.
  const still = (lines: readonly string[]) => lines.filter((line) => !line.startsWith("open ")).join("\n");
  context.same(`${kind.name}: ... and is recognised as before`, still(await lookAt(rescue.shell, DISK)), still(dirty));
  const found = await rescue.shell.run(WORDS + look, { deadlineMs: DEADLINE.command });
  context.check(`${kind.name}: ... and its old content can be used`, found.exit === 0, found.output);
}

function judgeTeardown(context: Context, kind: UsedKind, events: readonly InstallEvent[]): void {
  if (events.length === 0) return;
  const closed = events.flatMap((event) =>
    event.event === "step" && event.state === "done" && event.id.startsWith("close-holder") ? [event.title] : [],
  );
  const wanted = kind.closes ?? [];
  const all = wanted.length === closed.length && wanted.every((pattern) => closed.some((title) => pattern.test(title)));
  context.check(`${kind.name}: what was open is closed by name (${wanted.length})`, all, closed.join("\n"));
}

const partly = (context: Context, rescue: Rescue, options: InstallOptions) => install(context, rescue, options);

function took(events: readonly InstallEvent[], ids: readonly string[]): number {
  return events.reduce(
    (sum, event) =>
      sum + (event.event === "step" && event.state === "done" && ids.includes(event.id) ? (event.ms ?? 0) : 0),
    0,
  );
}
