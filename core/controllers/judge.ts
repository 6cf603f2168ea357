// From what is known of a running domain to starting, running or silent: pure, so that every case can be tested.
import type { Controller } from "../status/controller-facts.ts";

export type HeardBy = NonNullable<Controller["heartbeat"]>["by"];

/** Milliseconds of the monotonic clock. */
export interface Heard {
  at: number;
  by: HeardBy;
}

export interface Running {
  now: number;
  /** When it began to run, or was let go on after a pause, or was first seen to run. */
  since: number;
  /** It ran before we did: its start is over. */
  foundRunning: boolean;
  /** What would be heard of it if it were well; the console is no such thing, for a well guest may have nothing to say. */
  expected: readonly ("guest-agent" | "virtio-serial")[];
  /** In this run. */
  heard: Heard | null;
  /** When its console last grew. */
  consoleAt: number | null;
  /** When its QEMU last answered libvirt, if it does not now; null while it does. */
  unansweredSince: number | null;
}

export interface Judged {
  state: "starting" | "running" | "silent";
  heartbeat: Heard | null;
  /** Of "silent" only: since when (monotonic) and what is missing. */
  silence: { since: number; text: string } | null;
}

/** Without a heartbeat for so long a controller is silent. */
export const SILENT_AFTER_MS = 30_000;
/** A start may take so long until the first heartbeat: firmware, a slow disk, a check of file systems. */
export const START_BOUND_MS = 180_000;

export function judge(known: Running): Judged {
  const { now, since, expected, heard, unansweredSince } = known;
  if (unansweredSince !== null && now - unansweredSince > SILENT_AFTER_MS) {
    return {
      state: "silent",
      heartbeat: heard,
      silence: { since: unansweredSince, text: "Its QEMU process hangs: it answers nothing any more" },
    };
  }
  if (expected.length === 0) {
    const { consoleAt } = known;
    const spoke = consoleAt !== null && now - consoleAt <= SILENT_AFTER_MS;
    return { state: "running", heartbeat: spoke ? { at: consoleAt, by: "console" } : null, silence: null };
  }
  if (heard !== null) {
    // Nobody could be heard during a pause.
    if (now - Math.max(heard.at, since) <= SILENT_AFTER_MS)
      return { state: "running", heartbeat: heard, silence: null };
    const text = `Nothing is heard of it any more ${BY[heard.by]}`;
    return { state: "silent", heartbeat: heard, silence: { since: heard.at, text } };
  }
  if (now - since <= (known.foundRunning ? SILENT_AFTER_MS : START_BOUND_MS)) {
    return { state: "starting", heartbeat: null, silence: null };
  }
  const text = `It runs, but nothing has been heard of it ${expected.map((by) => BY[by]).join(" or ")}`;
  return { state: "silent", heartbeat: null, silence: { since, text } };
}

const BY: Readonly<Record<HeardBy, string>> = {
  "guest-agent": "from its guest agent",
  "virtio-serial": "on its heartbeat channel",
  console: "on its console",
};
