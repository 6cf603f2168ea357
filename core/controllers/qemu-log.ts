// What libvirt's log of a domain (/var/log/libvirt/qemu/NAME.log) says of how its last run ended.
import { scrub } from "../inventory/scrub.ts";

export interface LastEnd {
  /** The word that libvirt writes: shutdown, destroyed, crashed, failed, migrated, saved, from-snapshot, daemon, unknown. */
  why: string;
  /** Milliseconds since 1970. */
  at: number | null;
  /** QEMU's own last words in that run; null where it said nothing but the usual. */
  said: string | null;
}

const ENDED = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+)\+0000: shutting down, reason=([a-z-]+)$/;
const STARTED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+0000: (starting up|attaching)/;
/** What QEMU says of itself: "2026-11-20T20:58:22.848392Z qemu-system-x86_64: …". */
const SAID = /^(?:\d{4}-\d\d-\d\dT\S+Z )?(qemu\S*: .*|.*(?:error|fail|abort|assert|killed).*)$/i;
/** The log has the whole command line in it, one option a line, each ended by a backslash. */
const COMMAND_LINE = /\\$|^-/;

/** Null while it runs, or where the text has no end in it. */
export function lastEnd(text: string): LastEnd | null {
  const lines = text.split("\n").filter((line) => line !== "");
  const ended = ENDED.exec(lines.at(-1) ?? "");
  if (ended === null) return null;
  const began = lines.findLastIndex((line) => STARTED.test(line));
  const earlier = lines.findLastIndex((line, index) => index < lines.length - 1 && ENDED.test(line));
  const run = lines.slice(Math.max(began, earlier) + 1, -1).filter((line) => !COMMAND_LINE.test(line));
  const said = run.flatMap((line) => SAID.exec(line)?.[1] ?? []).at(-1);
  const at = Date.parse(`${ended[1]}T${ended[2]}Z`);
  return {
    why: ended[3] ?? "unknown",
    at: Number.isNaN(at) ? null : at,
    said: said === undefined ? null : scrub(said),
  };
}
