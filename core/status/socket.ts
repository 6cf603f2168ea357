// The status socket: whoever may open it is told everything, and can change nothing (docs/formats/status-messages.md).
import { lstat, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { ActionableError, EXIT } from "../errors.ts";
import type { Board, Change } from "./board.ts";
import { type StatusReader, serveReader } from "./reader.ts";
import type { PartName } from "./snapshot.ts";

export const MOST_READERS = 64;
/** Parts that were read again without being new are told with the beat; every second one says that we live. */
export const BEAT_MS = 5_000;
const UNREAD_MS = 30_000;

export interface StatusSocketOptions {
  path: string;
  board: Board;
  /** /proc/sys/kernel/random/boot_id. */
  boot: string;
  monotonic(): number;
}

export interface StatusSocket {
  /** Ends all connections and takes the socket away. */
  close(): Promise<void>;
}

/** @throws ActionableError `daemon-runs` where another process answers at `path`. */
export async function openStatusSocket({ path, board, boot, monotonic }: StatusSocketOptions): Promise<StatusSocket> {
  await removeStale(path);
  const readers = new Map<StatusReader, () => void>();
  let beat: NodeJS.Timeout | undefined;
  let quiet = new Set<PartName>();
  let flushing: NodeJS.Immediate | undefined;

  const flush = () => {
    flushing = undefined;
    for (const reader of readers.keys()) reader.flush();
  };
  const owe = (name: PartName, change: Change) => {
    for (const reader of readers.keys()) reader.owe(name, change);
    // Several changes of one part in a row are one message.
    flushing ??= setImmediate(flush);
  };
  const onBeat = () => {
    const again = quiet;
    quiet = new Set();
    for (const name of again) owe(name, "again");
    clearImmediate(flushing);
    flush();
    const since = monotonic() - 2 * BEAT_MS + BEAT_MS / 2;
    for (const reader of readers.keys()) reader.beat(since);
  };
  const server = createServer((socket) => {
    const reader = serveReader({ socket, board, boot, monotonic, patience: UNREAD_MS });
    readers.set(reader, () => socket.destroy());
    beat ??= setInterval(onBeat, BEAT_MS);
    socket.on("close", () => {
      readers.delete(reader);
      if (readers.size > 0) return;
      // Nobody to tell: nothing to wake up for.
      clearInterval(beat);
      beat = undefined;
      quiet.clear();
    });
  });
  server.maxConnections = MOST_READERS;
  const deaf = board.listen((name, change) => {
    if (readers.size === 0) return;
    if (change === "again") quiet.add(name);
    else owe(name, change);
  });
  await listen(server, path);
  return {
    close: () =>
      new Promise((resolve) => {
        deaf();
        clearInterval(beat);
        clearImmediate(flushing);
        server.close(() => resolve());
        for (const end of readers.values()) end();
      }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, readableAll: true, writableAll: true }, () => {
      server.off("error", reject);
      // Such as too many open files: the next connection is another matter.
      server.on("error", () => {});
      resolve();
    });
  });
}

/** A daemon that was killed leaves its socket behind, and nothing can listen there again. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null || !found.isSocket()) return;
  const answered = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => resolve(true)).once("error", () => resolve(false));
    probe.once("connect", () => probe.destroy());
  });
  if (answered) {
    throw new ActionableError({
      ...{ code: "daemon-runs", exit: EXIT.refused, message: `Another multiversed answers at ${path}.` },
      hint: "Use that one, end it, or choose another folder with --run-folder.",
    });
  }
  await unlink(path);
}
