// The control socket: bounded connections, bounded frames, bounded patience; everything else is the gate's.
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { Clock } from "./clock.ts";
import { CLIENT_FRAME_LIMIT, encodeFrame, encodeReply, type Frame, FrameReader, KIND, type Reply } from "./frames.ts";
import type { Gate } from "./gate.ts";

export interface CommandSocketOptions {
  path: string;
  gate: Pick<Gate, "hello" | "command">;
  /** File mode of the socket. */
  mode: number;
  clock: Pick<Clock, "after" | "monotonic">;
  /** Connections at once; default 64. */
  connections?: number;
}

export interface CommandSocket {
  /**
   * Ends all connections; one that waits for its reply gets it first, if that comes within 5 s: whoever has restarted the
   * host is to learn that it was done. Resolves when the socket is gone.
   */
  close(): Promise<void>;
}

const CONNECTIONS = 64;
/** From the first byte of a frame to its last; and for a client to take its reply. */
const FRAME_MS = 10_000;
/** For replies that are under way when the daemon ends. */
const LAST_REPLY_MS = 5_000;
/** Between frames. */
const IDLE_MS = 60_000;

/** Listens; an old socket of that name, left by a crash, is taken away first. */
export async function openCommandSocket(options: CommandSocketOptions): Promise<CommandSocket> {
  const { path, gate, mode, clock, connections = CONNECTIONS } = options;
  const open = new Set<Connection>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (open.size >= connections) {
      // Whoever holds connections open cannot keep others out: the one that was quiet longest goes.
      const quiet = [...open].filter(({ working }) => !working).sort((a, b) => a.since - b.since)[0];
      if (quiet === undefined) {
        socket.destroy();
        return;
      }
      quiet.end();
      open.delete(quiet);
    }
    const connection = new Connection(socket, gate, clock);
    open.add(connection);
    socket.on("close", () => {
      connection.end();
      open.delete(connection);
    });
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, backlog: 128 }, resolve);
  });
  chmodSync(path, mode);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of open) connection.finish();
      }),
  };
}

class Connection {
  readonly #socket: Socket;
  readonly #gate: CommandSocketOptions["gate"];
  readonly #clock: CommandSocketOptions["clock"];
  readonly #reader = new FrameReader(CLIENT_FRAME_LIMIT);
  /** Ends the connection unless it is stopped in time. */
  #deadline: () => void = () => {};
  #ended = false;
  #finishing = false;
  /** A whole frame is being answered. */
  working = false;
  /** Monotonic: when the last frame came, or the connection. */
  since: number;

  constructor(socket: Socket, gate: CommandSocketOptions["gate"], clock: CommandSocketOptions["clock"]) {
    this.#socket = socket;
    this.#gate = gate;
    this.#clock = clock;
    this.since = clock.monotonic();
    this.#wait(IDLE_MS);
    // Whoever goes away has had enough; nothing is told to it.
    socket.on("error", () => this.end());
    // Comes after all that was sent has been answered, since reading pauses until then.
    socket.on("end", () => this.end());
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
  }

  /** Ends when what is being answered has been. */
  finish(): void {
    this.#finishing = true;
    if (this.working) this.#wait(LAST_REPLY_MS);
    else this.end();
  }

  end(): void {
    this.#ended = true;
    this.#deadline();
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const before = this.#reader.begun;
    let frames: Frame[];
    try {
      frames = this.#reader.push(chunk);
    } catch {
      this.end();
      return;
    }
    if (frames.length > 0) {
      // Nothing more is read until these are answered: what a client sends ahead waits in its own kernel buffer.
      this.#socket.pause();
      void this.#answer(frames);
    } else if (!before && this.#reader.begun) this.#wait(FRAME_MS);
  }

  async #answer(frames: readonly Frame[]): Promise<void> {
    this.working = true;
    this.#deadline();
    for (const frame of frames) {
      const reply = await this.#replyTo(frame);
      if (reply === null || this.#ended) return this.end();
      if (!(await this.#write(reply))) return this.end();
    }
    if (this.#finishing) return this.end();
    this.working = false;
    this.since = this.#clock.monotonic();
    this.#wait(this.#reader.begun ? FRAME_MS : IDLE_MS);
    this.#socket.resume();
  }

  async #replyTo({ kind, body }: Frame): Promise<Reply | null> {
    if (kind === KIND.hello && body.length === 0) return this.#gate.hello(this);
    if (kind === KIND.command) return this.#gate.command(body, this);
    return null;
  }

  /** Whether the client took it in time. */
  #write(reply: Reply): Promise<boolean> {
    return new Promise((resolve) => {
      const stop = this.#clock.after(FRAME_MS, () => resolve(false));
      this.#socket.write(encodeFrame(KIND.reply, encodeReply(reply)), (error) => {
        stop();
        resolve(error == null);
      });
    });
  }

  #wait(ms: number): void {
    this.#deadline();
    this.#deadline = this.#ended ? () => {} : this.#clock.after(ms, () => this.end());
  }
}
