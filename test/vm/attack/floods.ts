// Too much, too slow, too many: what costs the daemon memory or time without anybody having signed anything.
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { encodeCommand, encodeFrame, KIND } from "../../../core/control/frames.ts";
import { connect, connectRaw, envelope, type Person, rightCommand, send, sign, told } from "./wire.ts";

/** How the daemon is come to. */
export interface Way {
  /** Before the titles of what is seen: "", or "by vsock: ". */
  words: string;
  open(): Promise<Duplex>;
}

const BY_SOCKET: Way = { words: "", open: connectRaw };

/** Resolves when the other side has ended the connection, with what it said before. */
export function ended(socket: Duplex): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  // Writing to a connection that is gone is an error, which is how this ends, too.
  socket.on("error", () => {});
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  socket.once("end", () => socket.destroy()).once("close", () => resolve(Buffer.concat(pieces)));
  return promise;
}

/** A frame that says it is a gibibyte long, and as much of it as is taken. */
export async function gibibyte({ words, open } = BY_SOCKET): Promise<void> {
  const socket = await open();
  const end = ended(socket);
  const size = 1024 ** 3;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(size);
  head[4] = KIND.command;
  socket.write(head);
  const piece = Buffer.alloc(65_536, "{");
  let written = 0;
  const pour = () => {
    while (written < size && !socket.destroyed) {
      written += piece.length;
      if (!socket.write(piece)) return void socket.once("drain", pour);
    }
  };
  pour();
  const said = await end;
  const seen = `${said.length} bytes of answer, ${written < size ? "not all of it taken" : "all of it taken"}`;
  told({ title: `${words}an envelope of 1 GiB`, seen, expected: "0 bytes of answer, not all of it taken" });
}

const SLOW = 5;

/** Bytes of a right command, one a second: each connection ends before its frame does, and others are served meanwhile. */
export async function slowWriters(grace: Person, { words, open } = BY_SOCKET, count = SLOW): Promise<void> {
  const frame = encodeFrame(KIND.command, encodeCommand({ signatures: ["x".repeat(300)], envelope: randomBytes(300) }));
  const sockets = await Promise.all(Array.from({ length: count }, open));
  const writers = sockets.map((socket) => slowly(socket, frame));
  told({ title: `${words}slow writers: others are served`, seen: await rightCommand(grace), expected: "done signed" });
  const cut = (await Promise.all(writers)).filter(Boolean).length;
  const all = `${count} of ${count} cut off before their frame was whole`;
  told({ title: `${words}slow writers`, seen: all.replace(String(count), String(cut)), expected: all });
}

/** Resolves when the connection has ended: whether that was without an answer and before the last byte. */
async function slowly(socket: Duplex, frame: Uint8Array): Promise<boolean> {
  const end = ended(socket);
  let at = 0;
  const timer = setInterval(() => {
    if (at < frame.length && !socket.destroyed) socket.write(frame.subarray(at, ++at));
  }, 1_000);
  const said = await end;
  clearInterval(timer);
  return said.length === 0 && at < frame.length;
}

const IDLE = 1_000;
/** Connections that the daemon keeps at once. */
const KEPT = 64;

export async function idleConnections(grace: Person): Promise<void> {
  let closed = 0;
  const sockets: Duplex[] = [];
  for (let at = 0; at < IDLE; at += 1) {
    const socket = await connectRaw();
    void ended(socket).then(() => {
      closed += 1;
    });
    sockets.push(socket);
  }
  told({
    title: `${IDLE} idle connections: others are served`,
    seen: await rightCommand(grace),
    expected: "done signed",
  });
  const open = IDLE - closed;
  told({
    title: `${IDLE} idle connections: the daemon keeps no more than it should`,
    seen: open <= KEPT ? "no more" : `${open}`,
    expected: "no more",
  });
  told({ note: `${open} of ${IDLE} idle connections were still open` });
  for (const socket of sockets) socket.destroy();
}

/** A small generator, so that a run can be had again from its seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Frames of noise, frames that are almost commands, and commands with a signature of nothing. */
export async function garbage(grace: Person, count: number, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => random(256)));
  const armoured = sign(grace, Buffer.from("something else"));
  const seen = new Map<string, number>();
  const bad = (said: string) => said.includes(" signed") || said.startsWith("done") || said.startsWith("hello");
  let taken = 0;
  for (let at = 0; at < count; at += 1) {
    // The last kind gets as far as ssh-keygen, which takes its time.
    const kind = at % 50 === 0 ? 3 : random(3);
    const said = kind === 0 ? await rawFrame(noise(1 + random(400))) : await command(kind);
    seen.set(said, (seen.get(said) ?? 0) + 1);
    if (bad(said)) taken += 1;
  }
  told({ title: `${count} frames of garbage (seed ${seed}): none is taken`, seen: `${taken}`, expected: "0" });
  told({ note: [...seen].map(([said, times]) => `${times} × ${said}`).join(", ") });

  async function command(kind: number): Promise<string> {
    const client = await connect();
    try {
      const right = Buffer.from(envelope(grace, await client.hello(), "vm.start", { args: { name: "work" } }));
      const signature = kind === 3 ? armoured : random(2) === 0 ? armoured : noise(200).toString("latin1");
      const bytes = kind === 1 ? noise(random(600)) : kind === 2 ? mutated(right, random) : right;
      return await send(client, bytes, [signature]);
    } finally {
      client.close();
    }
  }
}

/** One to four bytes turned, cut out or doubled. */
function mutated(right: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(right);
  for (let change = 1 + random(4); change > 0; change -= 1) {
    const at = random(bytes.length);
    const kind = random(3);
    if (kind === 0) bytes[at] = random(256);
    else
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(kind === 1 ? at + random(8) : Math.max(0, at - 4))]);
  }
  return bytes;
}

/** What comes of bytes of any kind in a frame of their own; "closed" where nothing does. */
async function rawFrame(body: Buffer): Promise<string> {
  const socket = await connectRaw();
  const end = ended(socket);
  const kind = body[0] ?? 0;
  // A frame that happens to be a right hello is answered, and rightly.
  socket.end(encodeFrame(kind === KIND.hello && body.length === 1 ? 0 : kind, body.subarray(1)));
  const said = await end;
  return said.length === 0 ? "closed" : said.includes('"refused"') ? "refused unsigned" : "hello";
}
