// The status socket with real readers: slow ones, many, and ones that talk; what each of them is told.
import { once } from "node:events";
import { linkSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Board, makeBoard } from "../../core/status/board.ts";
import { type StatusMessage, statusMessage } from "../../core/status/snapshot.ts";
import { BEAT_MS, MOST_READERS, openStatusSocket, type StatusSocket } from "../../core/status/socket.ts";
import { sensor } from "./status-stand-ins.ts";

let folder = "";
let path = "";
let board: Board;
let opened: StatusSocket | undefined;
let clock = 0;
const sockets: Socket[] = [];
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  folder = mkdtempSync(join(tmpdir(), "status-"));
  path = join(folder, "status.sock");
  board = makeBoard();
  clock = 1000;
  opened = await openStatusSocket({ path, board, boot: "b1", monotonic: () => clock });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await opened?.close();
  opened = undefined;
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Real sockets, so turns of the event loop bring what was sent; only a broken server makes this wait for ever. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function dial(): Socket {
  const socket = connect({ path, allowHalfOpen: true });
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}

/** A reader that takes everything, checked against the schema. */
function reader(): { socket: Socket; messages: StatusMessage[]; text(): string; next(count: number): Promise<void> } {
  const socket = dial();
  const messages: StatusMessage[] = [];
  let all = "";
  let rest = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    all += text;
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) messages.push(statusMessage.parse(JSON.parse(line)));
  });
  return { socket, messages, text: () => all, next: (count) => until(() => messages.length >= count) };
}

async function beat(): Promise<void> {
  clock += BEAT_MS;
  vi.advanceTimersByTime(BEAT_MS);
}

/** Some megabytes, so that no buffer of the kernel holds it. */
const long = (celsius: number) =>
  Array.from({ length: 15_000 }, (_, at) => ({ ...sensor(celsius), name: `sensor ${at} `.padEnd(60, "x") }));

describe("what a reader is told", () => {
  test("a snapshot first, then what changes, each with the daemon's clock", async () => {
    board.read("sensors", 900, [sensor(40)]);
    const { messages, next } = reader();
    await next(1);
    expect(messages[0]).toMatchObject({ type: "snapshot", version: 1, now: 1000, boot: "b1" });
    expect(messages[0]).toMatchObject({
      parts: {
        sensors: { at: 900, value: [sensor(40)], failure: null, live: false },
        pools: { at: null, value: null, failure: null, live: false },
      },
    });
    clock = 2000;
    board.read("sensors", 1900, [sensor(41)]);
    await next(2);
    expect(messages[1]).toEqual({
      ...{ type: "part", now: 2000, name: "sensors" },
      part: { at: 1900, value: [sensor(41)], failure: null, live: false },
    });
  });

  test("a failure at once and without the value, which it has", async () => {
    board.read("sensors", 900, [sensor(40)]);
    const { messages, next } = reader();
    await next(1);
    board.failed("sensors", "no sensors");
    await next(2);
    expect(messages[1]).toEqual({
      ...{ type: "part", now: 1000, name: "sensors", part: { at: 900, failure: "no sensors", live: false } },
    });
  });

  test("several changes in a row are one message with the newest", async () => {
    const { messages, next } = reader();
    await next(1);
    for (let celsius = 0; celsius < 100; celsius += 1) board.read("sensors", celsius, [sensor(celsius)]);
    board.live("sensors", true);
    board.failed("pools", "hung");
    await next(3);
    expect(messages.slice(1)).toMatchObject([
      { name: "sensors", part: { at: 99, value: [sensor(99)], live: true } },
      { name: "pools", part: { failure: "hung" } },
    ]);
  });

  test("the same value again is told with the beat, without it; and at least every ten seconds something comes", async () => {
    board.read("sensors", 1, [sensor(40)]);
    const { messages, next } = reader();
    await next(1);
    for (let at = 2; at < 100; at += 1) board.read("sensors", at, [sensor(40)]);
    await beat();
    await next(2);
    expect(messages[1]).toEqual({
      ...{ type: "part", now: 6000, name: "sensors", part: { at: 99, failure: null, live: false } },
    });
    for (let beats = 0; beats < 4; beats += 1) await beat();
    await next(4);
    expect(messages.slice(2)).toEqual([
      { type: "alive", now: 16_000 },
      { type: "alive", now: 26_000 },
    ]);
  });

  test("strings of any kind are told whole", async () => {
    const name = 'grün \u2028 \ud83d\udd25 "quoted" \\ \n';
    board.read("sensors", 1, [{ ...sensor(1), name }]);
    const { messages, next } = reader();
    await next(1);
    expect(messages[0]).toMatchObject({ parts: { sensors: { value: [{ name }] } } });
  });

  test("nobody there: no timer runs", async () => {
    expect(vi.getTimerCount()).toBe(0);
    const { socket, next } = reader();
    await next(1);
    expect(vi.getTimerCount()).toBe(1);
    socket.destroy();
    await until(() => vi.getTimerCount() === 0);
  });
});

describe("a reader that does not read", () => {
  test("gets only the newest of each part when it goes on, and holds up nobody", async () => {
    const slow = dial();
    await once(slow, "connect");
    const quick = reader();
    await quick.next(1);
    // The snapshot was small; from here on the slow one's socket fills up.
    slow.pause();
    for (let celsius = 1; celsius <= 50; celsius += 1) {
      board.read("sensors", celsius, long(celsius));
      await quick.next(celsius + 1);
    }
    const seen: StatusMessage[] = [];
    let rest = "";
    slow.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) seen.push(statusMessage.parse(JSON.parse(line)));
    });
    slow.resume();
    const newest = () => seen.at(-1);
    await until(() => newest()?.type === "part" && JSON.stringify(newest()).includes('"at":50'));
    expect(seen.length).toBeLessThan(6);
    expect(newest()).toEqual(quick.messages.at(-1));
  });

  test("is dropped after half a minute", async () => {
    board.read("sensors", 1, long(1));
    const slow = dial();
    await once(slow, "connect");
    slow.pause();
    board.read("sensors", 2, long(2));
    await until(() => vi.getTimerCount() === 1);
    let gone = false;
    slow.once("close", () => {
      gone = true;
    });
    for (let beats = 0; beats < 8; beats += 1) await beat();
    // What lay in the kernel's buffer is still there to be read, and then comes the end.
    let bytes = 0;
    slow.on("data", (chunk) => {
      bytes += chunk.length;
    });
    slow.on("end", () => slow.end());
    slow.resume();
    await until(() => gone);
    expect(bytes).toBeLessThan(JSON.stringify(long(1)).length);
  });
});

describe("hostile readers", () => {
  test("a thousand connections: 64 are served, the others closed, and there is room again when they leave", async () => {
    const all = Array.from({ length: 1000 }, dial);
    let [served, closed] = [0, 0];
    for (const socket of all) {
      socket.once("data", () => {
        served += 1;
      });
      socket.once("close", () => {
        closed += 1;
      });
      socket.once("end", () => socket.end());
    }
    await until(() => served + closed >= 1000);
    expect(served).toBe(MOST_READERS);
    for (const socket of all) socket.destroy();
    let again = false;
    while (!again) {
      const late = reader();
      await until(() => late.messages.length > 0 || late.socket.readableEnded || late.socket.destroyed);
      again = late.messages.length > 0;
    }
  });

  test("a little that a reader says is passed over, more than 4 KiB ends it", async () => {
    const { socket, messages, next } = reader();
    await next(1);
    socket.write("GET / HTTP/1.0\r\n\r\n");
    board.read("sensors", 1, [sensor(1)]);
    await next(2);
    const ended = once(socket, "end");
    socket.write(Buffer.alloc(5000, 0xff));
    await ended;
    const other = reader();
    await other.next(1);
    expect(messages).toHaveLength(2);
  });

  test("one that goes away in the middle of a line is no matter to the others", async () => {
    const other = reader();
    await other.next(1);
    const leaving = dial();
    await once(leaving, "connect");
    board.read("sensors", 1, long(1));
    leaving.destroy();
    board.read("sensors", 2, [sensor(2)]);
    await until(() => JSON.stringify(other.messages.at(-1)).includes('"at":2'));
  });
});

describe("the socket's file", () => {
  test("may be opened by everybody", () => {
    expect(statSync(path).mode & 0o777).toBe(0o666);
  });

  test("of a daemon that was killed is replaced; of one that runs it is not, and neither is another file", async () => {
    await expect(openStatusSocket({ path, board, boot: "b1", monotonic: () => 0 })).rejects.toMatchObject({
      code: "daemon-runs",
    });
    const { messages, next } = reader();
    await next(1);
    expect(messages).toHaveLength(1);
    // A socket whose listener is gone: unlinked behind its back and bound again by one that dies without a word.
    const stale = join(folder, "stale.sock");
    const dead = createServer().listen(stale);
    await once(dead, "listening");
    const kept = `${stale}.kept`;
    linkSync(stale, kept);
    await new Promise((resolve) => dead.close(resolve));
    renameSync(kept, stale);
    const again = await openStatusSocket({ path: stale, board, boot: "b1", monotonic: () => 0 });
    await again.close();
    const file = join(folder, "file");
    writeFileSync(file, "precious");
    await expect(openStatusSocket({ path: file, board, boot: "b1", monotonic: () => 0 })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  test("goes when the daemon ends, and every reader is told by the end of its connection", async () => {
    const { socket, next } = reader();
    await next(1);
    const ended = once(socket, "end");
    await opened?.close();
    opened = undefined;
    await ended;
    expect(() => statSync(path)).toThrow("ENOENT");
  });
});
