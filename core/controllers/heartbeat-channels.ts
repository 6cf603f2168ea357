// Listens on the heartbeat channels of running controllers (docs/formats/heartbeat.md): every new line is a beat, whatever stands in it.
import { connect } from "node:net";

/** What of a connected socket is used; tests pass their own. */
export interface Line {
  /** Called when something can be read, and not again before it was. */
  onReadable(ready: () => void): void;
  onEnd(ended: () => void): void;
  /** All that is there, or null. */
  read(): Uint8Array | null;
  close(): void;
}

export type ConnectLine = (path: string) => Line;

export interface HeartbeatChannels {
  /** Listens on exactly these: path by controller. One that has ended is tried again by the next call. */
  keep(paths: ReadonlyMap<string, string>): void;
  /** When a line last came, monotonic milliseconds. */
  heardAt(uuid: string): number | null;
  close(): void;
}

const NEW_LINE = 0x0a;
/** A guest that floods its channel is read once in so long; what it wrote in between waits in its own machine. */
const REST_MS = 1_000;

export function createHeartbeatChannels(options: {
  now: () => number;
  connectLine?: ConnectLine;
  /** Calls back once after so many milliseconds. */
  later?: (call: () => void, ms: number) => void;
}): HeartbeatChannels {
  const { now, connectLine = connectUnix, later = laterUnref } = options;
  const open = new Map<string, { path: string; line: Line }>();
  const heard = new Map<string, number>();

  function begin(uuid: string, path: string): void {
    const line = connectLine(path);
    const entry = { path, line };
    open.set(uuid, entry);
    let resting = false;
    const take = () => {
      if (resting || open.get(uuid) !== entry) return;
      const bytes = line.read();
      if (bytes === null) return;
      // A serial port brings its line byte by byte: what counts is all that came in between, not each piece.
      if (bytes.includes(NEW_LINE)) heard.set(uuid, now());
      resting = true;
      later(() => {
        resting = false;
        take();
      }, REST_MS);
    };
    line.onReadable(take);
    line.onEnd(() => {
      if (open.get(uuid) === entry) open.delete(uuid);
    });
  }

  function end(uuid: string): void {
    const entry = open.get(uuid);
    open.delete(uuid);
    entry?.line.close();
  }

  return {
    keep(paths) {
      for (const [uuid, { path }] of open) if (paths.get(uuid) !== path) end(uuid);
      for (const uuid of heard.keys()) if (!paths.has(uuid)) heard.delete(uuid);
      for (const [uuid, path] of paths) if (!open.has(uuid)) begin(uuid, path);
    },
    heardAt: (uuid) => heard.get(uuid) ?? null,
    close() {
      for (const uuid of [...open.keys()]) end(uuid);
    },
  };
}

/** A socket that keeps no process alive. */
function connectUnix(path: string): Line {
  const socket = connect(path);
  socket.unref();
  return {
    onReadable: (ready) => void socket.on("readable", ready),
    onEnd: (ended) => {
      // An error is followed by "close"; without a listener it would end the daemon.
      socket.on("error", () => {});
      socket.on("close", ended);
    },
    read: () => socket.read() as Uint8Array | null,
    close: () => void socket.destroy(),
  };
}

function laterUnref(call: () => void, ms: number): void {
  setTimeout(call, ms).unref();
}
