// The demo without a terminal: installs the default spec unattended, restarts, and tells what booted and how long it took.
import type { InstallEvent } from "../../core/execute/events.ts";
import { scrub } from "../../core/vm/scrub.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { bootRescue, powerOff } from "./boot-rescue.ts";
import type { Demo } from "./demo.ts";
import { TARGET_SERIAL } from "./host-spec.ts";
import { install } from "./install-run.ts";
import { progressLine } from "./progress-line.ts";
import { targetDisk } from "./rescue-machine.ts";

/** What booted, one value a line. */
const SEEN = `hostname
findmnt -no SOURCE /
zfs get -Hpo value origin "$(findmnt -no SOURCE /)"
uname -r
. /etc/os-release; echo "$PRETTY_NAME"`;

/** At most one progress line in so many milliseconds. */
const EVERY_MS = 5_000;

export async function runHeadless(demo: Demo, imagesMs: number): Promise<number> {
  const { context, disk, nvram, state, secrets, files, print } = demo;
  const times: [string, number][] = [["images", imagesMs]];
  const part = async <Result>(name: string, job: () => Promise<Result>): Promise<Result> => {
    const from = performance.now();
    const result = await job();
    times.push([name, performance.now() - from]);
    return result;
  };

  const rescue = await part("start of the rescue system", () =>
    bootRescue(context, { ...{ name: "rescue", nvram, state, cold: true }, disks: [targetDisk(disk, TARGET_SERIAL)] }),
  );
  const onEvent = progressPrinter(context.log);
  const result = await part("install", () => install(context, rescue, { files, onEvent }));
  await part("switching off", () => powerOff(context, rescue));
  if (result.exit !== 0) {
    print(`The install ended with status ${result.exit}; its last words are above and in ${context.folder}.`);
    return result.exit;
  }
  const host = await part("start of the installed host", () =>
    bootHost(context, { name: "host", disk, nvram, secrets }),
  );
  const [name, root, release, kernel, system] = scrub(await host.shell.output(SEEN)).split("\n");
  await shutDown(context, host);

  print("");
  print(`What booted: ${name}, ${system}, kernel ${kernel}`);
  print(`  root       ${root} (a fresh clone for this boot)`);
  print(`  release    ${release}`);
  print("How long it took:");
  for (const [what, ms] of times) print(`  ${what.padEnd(30)}${(ms / 1000).toFixed(1).padStart(8)} s`);
  print(`Transcripts and pictures: ${context.folder}`);
  return 0;
}

function progressPrinter(log: (line: string) => void): (event: InstallEvent) => void {
  let next = 0;
  let step = 0;
  return (event) => {
    if (event.event === "step" && event.state === "start") {
      log(`  step ${event.index}/${event.of} ${event.title}`);
      step = event.index;
      next = 0;
    }
    if (event.event !== "progress" || event.index !== step || performance.now() < next) return;
    next = performance.now() + EVERY_MS;
    log(`    ${progressLine(event)}`);
  };
}
