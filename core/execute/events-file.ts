// Every install's events in a file, so that a second console or a restarted screen can follow (docs/formats/progress-events.md).
import {
  appendFileSync,
  closeSync,
  existsSync,
  type FSWatcher,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  watch,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { InstallEvent, OnEvent } from "./events.ts";

export const EVENTS_FILE = "/run/multiverse/install/events.jsonl";

export interface EventsFile {
  /** Puts a new file, which begins with this event, in the place of the last install's. */
  begin(host: string): void;
  /** What comes before `begin` is kept until then. Never throws: a full memory must not stop an install. */
  write: OnEvent;
}

export function eventsFile(path: string = EVENTS_FILE): EventsFile {
  let before: InstallEvent[] | null = [];
  const line = (event: InstallEvent) => `${JSON.stringify(event)}\n`;
  const attempt = (write: () => void) => {
    try {
      write();
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  };
  return {
    begin(host) {
      const lines = [{ event: "begin", v: 1, pid: process.pid, host } as const, ...(before ?? [])].map(line);
      before = null;
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeFileSync(`${path}.new`, lines.join(""), { mode: 0o600 });
        // A new file, not an emptied one: whoever follows sees by its number that another install has begun.
        renameSync(`${path}.new`, path);
      });
    },
    write(event) {
      if (before !== null) before.push(event);
      else attempt(() => appendFileSync(path, line(event)));
    },
  };
}

/** A watch may miss what is renamed or remounted: at least this often the file is looked at. */
const POLL_MS = 2000;

/**
 * Gives every event of the file from its beginning and then as they are written, until the signal is aborted; begins
 * again, with that one's `begin`, when another install starts. The file need not be there yet.
 */
export async function followEvents(path: string, onEvent: OnEvent, signal: AbortSignal): Promise<void> {
  const read = tail(path);
  let wake = Promise.withResolvers<void>();
  const wakeUp = () => wake.resolve();
  const watching = watchNearest(dirname(path), wakeUp);
  signal.addEventListener("abort", wakeUp, { once: true });
  try {
    while (!signal.aborted) {
      // First the bell, then the look: what is written in between rings.
      wake = Promise.withResolvers<void>();
      watching.renew();
      for (const line of read()) {
        const event = parseEvent(line);
        if (event !== null) onEvent(event);
        if (signal.aborted) return;
      }
      const timer = setTimeout(wakeUp, POLL_MS);
      await wake.promise;
      clearTimeout(timer);
    }
  } finally {
    signal.removeEventListener("abort", wakeUp);
    watching.close();
  }
}

/** Watches a folder, or the nearest one above it that is there, which tells when the next one is made. */
function watchNearest(folder: string, onChange: () => void): { renew(): void; close(): void } {
  let watched = "";
  let watcher: FSWatcher | null = null;
  const nearest = () => {
    let path = folder;
    while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
    return path;
  };
  const close = () => {
    watcher?.close();
    watcher = null;
    watched = "";
  };
  return {
    renew() {
      // Again when it was made just before the one above was watched.
      for (let found = nearest(); found !== watched || watcher === null; found = nearest()) {
        close();
        try {
          watcher = watch(found, onChange);
          // Too many watches, or a folder that went: looking from time to time is left.
          watcher.on("error", close);
          watched = found;
        } catch {
          return;
        }
      }
    },
    close,
  };
}

const CHUNK = 65_536;

/** Each call gives the complete lines that came since the last one. */
function tail(path: string): () => string[] {
  let file = -1;
  let offset = 0;
  let rest = "";
  let decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(CHUNK);
  return () => {
    let fd: number;
    try {
      fd = openSync(path, "r");
    } catch {
      return [];
    }
    try {
      const { ino } = fstatSync(fd);
      if (ino !== file) [file, offset, rest, decoder] = [ino, 0, "", new StringDecoder("utf8")];
      for (;;) {
        const count = readSync(fd, buffer, 0, CHUNK, offset);
        if (count === 0) break;
        offset += count;
        rest += decoder.write(buffer.subarray(0, count));
      }
    } finally {
      closeSync(fd);
    }
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    return lines;
  };
}

/** The event of a line; null for a line that is none. Only root writes to the file. */
export function parseEvent(line: string): InstallEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null || !("event" in value)) return null;
    return typeof value.event === "string" ? (value as InstallEvent) : null;
  } catch {
    return null;
  }
}
