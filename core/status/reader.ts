// One reader of the status socket: gets what is new, and while it is slow, only the newest once it has caught up.
import type { Socket } from "node:net";
import type { Board, Change } from "./board.ts";
import { aliveLine, partLine, snapshotLine } from "./lines.ts";
import type { PartName } from "./snapshot.ts";

/** Nobody has anything to say here; a little is passed over for the sake of tools that send a line. */
const MOST_RECEIVED = 4096;

export interface ReaderOptions {
  socket: Socket;
  board: Board;
  boot: string;
  monotonic(): number;
  /** Milliseconds that what was sent may lie unread. */
  patience: number;
}

export interface StatusReader {
  owe(name: PartName, change: Change): void;
  /** Sends what is owed, or as much of it as the reader takes. */
  flush(): void;
  /** Sends that we live, where nothing was sent since `since`; ends a reader whose time is up. */
  beat(since: number): void;
}

export function serveReader({ socket, board, boot, monotonic, patience }: ReaderOptions): StatusReader {
  /** With true, the value too. */
  const owed = new Map<PartName, boolean>();
  let received = 0;
  /** When the reader stopped taking what is sent; null while it takes it. */
  let stuck: number | null = null;
  let sent = monotonic();

  socket.on("data", (chunk) => {
    received += chunk.length;
    if (received > MOST_RECEIVED) socket.destroy();
  });
  // It went away in the middle of a line: no matter to anyone else. "close" follows.
  socket.on("error", () => socket.destroy());
  socket.on("drain", () => {
    stuck = null;
    flush();
  });
  send(snapshotLine(board, sent, boot));
  return {
    owe: (name, change) => void owed.set(name, change === "value" || owed.get(name) === true),
    flush,
    beat(since) {
      if (stuck !== null) {
        if (monotonic() - stuck >= patience) socket.destroy();
      } else if (sent <= since) send(aliveLine(monotonic()));
    },
  };

  function flush(): void {
    for (const [name, withValue] of owed) {
      if (stuck !== null || socket.destroyed) return;
      owed.delete(name);
      send(partLine(board, monotonic(), name, withValue));
    }
  }

  /** The pieces go out as one write; a value's bytes are not copied. */
  function send(pieces: readonly (string | Buffer)[]): void {
    sent = monotonic();
    let taken = true;
    socket.cork();
    for (const piece of pieces) taken = socket.write(piece);
    socket.uncork();
    if (!taken && socket.writableNeedDrain) stuck ??= sent;
  }
}
