// Times `multiverse install` against the script it exports, in turn on disks of their own in one machine.
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import { bootRescue, powerOff } from "./boot-rescue.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec } from "./host-spec.ts";
import { parseEvent } from "./install-run.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDiskWith, onStateDisk, targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface InstallTimes {
  /** Milliseconds, one an install. */
  install: number[];
  script: number[];
  /** Bytes. */
  peakRss: number;
  /** Milliseconds from power-on to the rescue system's shell. */
  ready: number;
}

/** A and B in turn, then B and A: whoever comes first is not always the same. */
const ORDER = ["install", "script", "script", "install"] as const;

export async function measureInstalls(context: Context): Promise<InstallTimes> {
  const secrets = await makeHostSecrets(context.tools.run);
  const serials = ORDER.map((_, index) => `MVBENCH0${index}`);
  const files = serials.map((serial) => join(context.work, `${serial}.qcow2`));
  for (const file of files) await createDisk(context.tools.run, file, TARGET_BYTES);
  const specs = serials.map((serial) => [
    `${serial}.yml`,
    hostSpec(secrets, { unlock: "none", disk: `virtio-${serial}` }),
  ]);
  const state = await makeStateDiskWith(context, Object.fromEntries(specs));
  const began = performance.now();
  const rescue = await bootRescue(context, {
    ...{ name: "bench-rescue", nvram: join(context.work, "bench-nvram.fd"), state, cold: true },
    disks: files.map((file, index) => targetDisk(file, serials[index] ?? "", `disk${index}`)),
  });
  const times: InstallTimes = { install: [], script: [], peakRss: 0, ready: performance.now() - began };
  const { shell } = rescue;
  // Read the source once, so that the first of the four does not pay for the others.
  await shell.output("tar -C /run/multiverse/live/host -cf - . | cat >/dev/null", { deadlineMs: DEADLINE.install });
  const wait = { deadlineMs: DEADLINE.install, what: "an install to end" };
  for (const [index, kind] of ORDER.entries()) {
    const serial = serials[index] ?? "";
    const spec = onStateDisk(`${serial}.yml`);
    if (kind === "script") await shell.output(`multiverse plan ${spec} --format sh >/run/${serial}.sh`, wait);
    const command =
      kind === "script"
        ? `sh /run/${serial}.sh --erase virtio-${serial} </dev/null >/run/${serial}.log 2>&1`
        : `multiverse install ${spec} --headless --progress json`;
    const from = performance.now();
    const status = await shell.stream(
      command,
      (line) => {
        const event = parseEvent(line);
        if (event?.event === "done") times.peakRss = Math.max(times.peakRss, Number(event.peakRss));
      },
      wait,
    );
    if (status !== 0) throw new Error(`${kind} on ${serial} ended with status ${status}`);
    times[kind].push(performance.now() - from);
    context.log(`${kind}: ${((times[kind].at(-1) ?? 0) / 1000).toFixed(1)} s`);
  }
  await powerOff(context, rescue);
  return times;
}
