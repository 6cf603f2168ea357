// A connection to the daemon: its socket, or a program that leads there: ssh to a host's `multiverse control-pipe`, or vsock.
import { createConnection, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { setTimeout as rest } from "node:timers/promises";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { Converse, Talk } from "../../core/tools/run.ts";
import type { Place } from "./place.ts";
import { vsockFailure, vsockPipe } from "./vsock-pipe.ts";

export interface Connection {
  stream: Duplex;
  /** What a person should see instead of "the connection was closed"; null where nothing is known. */
  why(): Promise<ActionableError | null>;
}

/** @throws ActionableError `no-daemon` for this host; of another, `why` tells when the first answer does not come */
export function connect(place: Place, converse: Converse): Promise<Connection> {
  if (place.kind === "local") return toSocket(place.socket);
  return Promise.resolve(
    place.kind === "ssh"
      ? // The command is the same for every host, so that an authorized_keys line can be limited to it.
        through(converse(["ssh", "-T", ...place.argv, "multiverse", "control-pipe"]), (how) => sshFailure(place, how))
      : through(converse(vsockPipe(place)), (how) => vsockFailure(place, how)),
  );
}

async function toSocket(path: string): Promise<Connection> {
  return { stream: await daemonSocket(path), why: async () => null };
}

/** How long the daemon may be busy letting others in. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 50;

/** A connection to the daemon's socket. @throws ActionableError `no-daemon` */
export async function daemonSocket(path: string): Promise<Socket> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await connected(path);
    } catch (cause) {
      // connect(2), EAGAIN: the queue of those who wait is full, which somebody may have done on purpose.
      const full = (cause as NodeJS.ErrnoException).code === "EAGAIN" && performance.now() < until;
      if (!full) throw noDaemon(path, cause as NodeJS.ErrnoException);
      await rest(AGAIN_MS);
    }
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const stream = createConnection(path);
    stream.once("error", reject).once("connect", () => {
      stream.removeAllListeners("error");
      resolve(stream);
    });
  });
}

/** No daemon behind a socket, with what to do. */
function noDaemon(path: string, cause: NodeJS.ErrnoException): ActionableError {
  const absent = cause.code === "ENOENT";
  return new ActionableError({
    code: "no-daemon",
    exit: EXIT.refused,
    message: absent ? "Nothing takes commands on this machine." : "The daemon of this host does not answer.",
    evidence: [`${path}: ${cause.code ?? cause.message}`],
    hint: absent
      ? "It is for installed hosts: systemctl status multiversed. Another host: --host ssh://USER@HOST; from a controller: --host vsock://2"
      : "systemctl status multiversed",
    cause,
  });
}

type Ended = Awaited<Talk["ended"]>;

function through(talk: Talk, failure: (how: Ended) => ActionableError): Connection {
  return { stream: both(talk), why: async () => failure(await talk.ended) };
}

function sshFailure({ name }: Extract<Place, { kind: "ssh" }>, { reason, exit, stderr }: Ended): ActionableError {
  const said = stderr.split("\n").filter((line) => line.trim() !== "");
  return new ActionableError({
    code: "host-unreachable",
    exit: EXIT.refused,
    message:
      exit === null || exit === 255 || reason === "missing"
        ? `${name} cannot be reached by ssh.`
        : `${name} was reached, and its daemon was not.`,
    evidence: reason === "missing" ? ["ssh is not installed"] : said.slice(-3),
    hint: `Try it by hand: ssh ${name} multiverse control-pipe </dev/null`,
  });
}

/** After its input was closed, the program has this long to end by itself and say why. */
const GRACE_MS = 3_000;

function both({ input, output, end }: Talk): Duplex {
  const stream = new Duplex({
    read: () => void output.resume(),
    write: (chunk: Uint8Array, _encoding, done) => void input.write(chunk, done),
    final: (done) => void input.end(done),
    destroy: (error, done) => {
      input.destroy();
      output.destroy();
      setTimeout(end, GRACE_MS).unref();
      done(error);
    },
  });
  output.on("data", (chunk: Uint8Array) => {
    if (!stream.push(chunk)) output.pause();
  });
  output.on("end", () => stream.push(null));
  return stream;
}
