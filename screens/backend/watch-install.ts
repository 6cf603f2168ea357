// An install that another process does: an unattended one, or one of another console. Shown here, not begun a second time.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { InstallEvent } from "../../core/execute/events.ts";
import { EVENTS_FILE, followEvents, parseEvent } from "../../core/execute/events-file.ts";
import type { Run } from "../../core/tools/run.ts";

const SPEC = "/run/multiverse/state/multiverse.yml";
/** Written when the unattended installation has ended, or had nothing to do. */
const ENDED = "/run/multiverse/unattended.exit";
const UNIT = "multiverse-unattended.service";
const POLL_MS = 1000;

/** Gives the other install's events until it ends; false when there is none. */
export async function watchInstall(
  run: Run,
  onEvent: (event: InstallEvent) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const pid = runningInstall() ?? (await unattendedInstall(run, signal));
  if (pid === null) return false;
  const end = new AbortController();
  let told = false;
  const follow = followEvents(
    EVENTS_FILE,
    (event) => {
      onEvent(event);
      told = event.event === "done" || event.event === "stopped" || event.event === "failed";
      if (told) end.abort();
    },
    AbortSignal.any([signal, end.signal]),
  );
  // Whoever installs may be killed, and then says nothing more.
  while (!end.signal.aborted && !signal.aborted) {
    await delay(POLL_MS, undefined, { signal: end.signal }).catch(() => {});
    if (end.signal.aborted || lives(pid)) continue;
    end.abort();
    if (!told) onEvent(silent(pid));
  }
  await follow;
  return true;
}

/** The process that installs now, by the events' first line; null when there is none, or it is this one. */
function runningInstall(): number | null {
  let first: string;
  try {
    first = readFileSync(EVENTS_FILE, "utf8").split("\n")[0] ?? "";
  } catch {
    return null;
  }
  const event = parseEvent(first);
  return event?.event === "begin" && event.pid !== process.pid && lives(event.pid) ? event.pid : null;
}

/** The stick's spec may say `unattended: true`: its unit decides that, and is waited for. */
async function unattendedInstall(run: Run, signal: AbortSignal): Promise<number | null> {
  while (existsSync(SPEC) && !existsSync(ENDED) && !signal.aborted) {
    const pid = runningInstall();
    if (pid !== null) return pid;
    if (!(await willRun(run))) return null;
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return null;
}

/** Whether the unit runs, or the system still starts and may yet start it. */
async function willRun(run: Run): Promise<boolean> {
  const { stdout } = await run(["systemctl", "show", "--property=ActiveState,Job", UNIT], { ok: [0, 1] });
  if (/^ActiveState=(active|activating)$/m.test(stdout)) return true;
  return /^Job=[1-9]/m.test(stdout);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function silent(pid: number): InstallEvent {
  return {
    event: "failed",
    index: null,
    error: {
      code: "install-ended",
      message: "The installation that was shown here ended without a word.",
      evidence: [`process ${pid} is gone`],
      hint: "Look at the journal (journalctl -b) on another console, and try again.",
    },
  };
}
