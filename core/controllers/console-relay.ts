// Opens the console of a controller to one client: a socket that is used once, joined to the terminal that QEMU gave it.
import { randomBytes } from "node:crypto";
import { constants, open } from "node:fs";
import { chmod, chown, mkdir, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { ReadStream } from "node:tty";
import { promisify } from "node:util";
import { ActionableError, EXIT } from "../errors.ts";

export interface ConsoleRelay {
  /** Opens `tty` and answers where one client may connect, once, within so many seconds. */
  open(tty: string): Promise<{ socket: string; seconds: number }>;
  /** Ends all of them. */
  close(): void;
}

export interface ConsoleRelayOptions {
  /** /run/multiverse/console by default; made where it is missing. */
  folder?: string;
  /** Whose members may connect besides root; null: nobody. */
  group: number | null;
  openTty?: (path: string) => Promise<Duplex>;
}

const SECONDS = 30;
/** Each keeps a socket and a terminal open. */
const MOST = 8;

export function createConsoleRelay(options: ConsoleRelayOptions): ConsoleRelay {
  const folder = options.folder ?? "/run/multiverse/console";
  const openTty = options.openTty ?? openPts;
  const ends = new Set<() => void>();

  async function allow(path: string, mode: number): Promise<void> {
    await chmod(path, options.group === null ? mode & 0o700 : mode);
    if (options.group !== null) await chown(path, -1, options.group);
  }

  return {
    async open(tty) {
      if (ends.size >= MOST) throw tooMany();
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // The folder's x bit only: the name of a socket is a secret of whoever asked for it.
      await allow(folder, 0o710);
      const terminal = await openTty(tty);
      const socket = join(folder, randomBytes(16).toString("hex"));
      const server = createServer({ pauseOnConnect: true });
      let client: Socket | null = null;
      const end = once(() => {
        server.close();
        terminal.destroy();
        client?.destroy();
        void rm(socket, { force: true });
        ends.delete(end);
      });
      ends.add(end);
      const expiry = setTimeout(end, SECONDS * 1000).unref();
      server.once("connection", (connected) => {
        client = connected;
        connected.on("error", end);
        clearTimeout(expiry);
        // One client only: the socket's name is gone before a byte is passed on.
        server.close();
        void rm(socket, { force: true }).then(() => joinStreams(connected, terminal, end));
      });
      try {
        await listening(server, socket);
        await allow(socket, 0o660);
      } catch (error) {
        end();
        throw error;
      }
      return { socket, seconds: SECONDS };
    },
    close() {
      for (const end of [...ends]) end();
    },
  };
}

function joinStreams(client: Socket, terminal: Duplex, end: () => void): void {
  for (const stream of [client, terminal]) {
    stream.on("error", end);
    stream.on("close", end);
    stream.on("end", end);
  }
  client.pipe(terminal);
  terminal.pipe(client);
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) {
      done = true;
      act();
    }
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

const openFile = promisify(open) as (path: string, flags: number) => Promise<number>;

/** QEMU's end of the pair is raw already. tty.ReadStream, because a read of a terminal by fs would block a thread for ever. */
async function openPts(path: string): Promise<Duplex> {
  if (!/^\/dev\/pts\/\d+$/.test(path)) {
    throw new ActionableError({
      ...{
        code: "vm-no-console",
        exit: EXIT.refused,
        message: "Its console is no terminal of this host.",
        evidence: [path],
      },
      hint: "Give its domain a <console type='pty'/>.",
    });
  }
  // Without NOCTTY it would become the daemon's own terminal.
  return new ReadStream(await openFile(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
}

const tooMany = () =>
  new ActionableError({
    ...{ code: "too-many-consoles", exit: EXIT.refused },
    message: `${MOST} consoles are open already.`,
    hint: "Leave one of them.",
  });
