// The control socket: what must not hold it up, then a whole command through it.
import { existsSync, statSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeEnvelope, openControl, verifyReply } from "../../core/control/client.ts";
import { type CommandSocket, openCommandSocket } from "../../core/control/command-socket.ts";
import { encodeFrame, KIND } from "../../core/control/frames.ts";
import type { Gate } from "../../core/control/gate.ts";
import type { ResultReply } from "../../core/control/reply.ts";
import { sign, type TestHost, testHost } from "./control-host.ts";

let host: TestHost;
let gate: Gate;
let server: CommandSocket;
let clients: Socket[];
const path = () => join(host.folder, "control.sock");

beforeEach(async () => {
  host = testHost();
  clients = [];
  host.enroll([`ada ${host.key("ada").line}`], "version: 1\nprincipals: {ada: {operations: all}}\n");
  gate = await host.gate({ handlers: { "vm.start": async ({ name }) => ({ text: `${name} runs.` }) } });
  writeFileSync(path(), "left by a crash");
  server = await openCommandSocket({ path: path(), gate, mode: 0o666, clock: host.clock });
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await server.close();
  await gate.close();
  host.remove();
});

const HELLO = encodeFrame(KIND.hello, new Uint8Array());

async function open(): Promise<Socket> {
  const socket = connect({ path: path() });
  clients.push(socket);
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

const endedOf = (socket: Socket) =>
  new Promise<void>((resolve) => {
    if (socket.closed) return resolve();
    socket.once("close", () => resolve());
    socket.resume();
  });

/** The daemon has taken what was sent before: it answers what was sent after. */
async function answered(socket: Socket): Promise<void> {
  socket.write(HELLO);
  await new Promise((resolve) => socket.once("data", resolve));
}

test("takes the place of what a crash left, and anybody may connect", () => {
  expect(statSync(path()).isSocket()).toBe(true);
  expect(statSync(path()).mode & 0o777).toBe(0o666);
});

describe("the connection ends, and others are served,", () => {
  test.each([
    ["when a frame says 1 GiB", Buffer.from([0x40, 0, 0, 0])],
    ["when a frame says 65,537 bytes", Buffer.from([0, 1, 0, 1])],
    ["when a frame is empty", Buffer.from([0, 0, 0, 0])],
    ["when its kind is none", encodeFrame(0x7f, new Uint8Array())],
    ["when its kind is the daemon's own", encodeFrame(KIND.reply, new Uint8Array())],
    ["when a hello brings something", encodeFrame(KIND.hello, Uint8Array.of(1))],
  ])("%s", async (_, bytes) => {
    const socket = await open();
    socket.write(bytes);
    await endedOf(socket);
    await answered(await open());
  });

  test("when a frame takes longer than ten seconds, however it trickles in", async () => {
    const [socket, other] = [await open(), await open()];
    await answered(socket);
    await answered(other);
    // The first half of a length of 256 bytes.
    socket.write(Buffer.from([0, 0]));
    // What the other connection is answered after, the daemon has read.
    for (let second = 0; second < 9; second += 1) {
      await answered(other);
      host.clock.pass(1);
      socket.write(Buffer.from([second === 0 ? 1 : 0]));
    }
    await answered(other);
    expect(socket.closed).toBe(false);
    host.clock.pass(2);
    await endedOf(socket);
    await answered(other);
  });

  test("when nothing comes for a minute", async () => {
    const socket = await open();
    await answered(socket);
    host.clock.pass(59);
    await answered(socket);
    host.clock.pass(61);
    await endedOf(socket);
  });

  test("when its replies are not taken", async () => {
    const socket = await open();
    await answered(socket);
    socket.pause();
    let full = false;
    socket.write(Buffer.concat(Array.from({ length: 100_000 }, () => HELLO)), (error) => {
      full = error == null;
    });
    const other = await open();
    // Time goes on while the daemon's answers fill what the kernel keeps for a reader that does not read.
    while (!socket.closed) {
      await answered(other);
      host.clock.pass(1);
    }
    expect(full).toBe(false);
  });
});

test("a thousand idle connections keep nobody out", async () => {
  const idle: Socket[] = [];
  for (let index = 0; index < 1000; index += 1) idle.push(await open());
  await answered(await open());
  const alive = idle.filter((socket) => !socket.closed);
  // The last ones that came are still there, and the newest among them is served.
  const last = alive.at(-1);
  if (last === undefined) throw new Error("all are gone");
  await answered(last);
});

test("whoever was quiet longest goes first; a command that runs is not cut off", async () => {
  await server.close();
  let finish = () => {};
  const waiting = new Promise<void>((resolve) => {
    finish = resolve;
  });
  server = await openCommandSocket({
    ...{ path: path(), mode: 0o600, clock: host.clock, connections: 2 },
    gate: {
      hello: (connection) => gate.hello(connection),
      command: async () => {
        await waiting;
        return { json: "{}", signature: "" };
      },
    },
  });
  const working = await open();
  await answered(working);
  working.write(encodeFrame(KIND.command, Uint8Array.of(0)));
  const quiet = await open();
  await answered(quiet);
  const newer = await open();
  await answered(newer);
  await endedOf(quiet);
  const reply = new Promise((resolve) => working.once("data", resolve));
  finish();
  await reply;
});

test("a command through the socket, and its reply proven", async () => {
  const control = await openControl({ connect: open });
  const { host: fingerprint, challenge, now, boot } = await control.hello();
  expect([fingerprint, boot]).toEqual([host.host.fingerprint, "b1"]);
  const key = host.key("ada");
  const envelope = makeEnvelope({
    ...{ host: fingerprint, key: key.fingerprint, principal: "ada", iat: now, exp: now + 60, challenge },
    ...{ op: "vm.start", args: { name: "work" } },
  });
  const reply = await control.send(envelope, [sign(key, envelope)]);
  const { id } = JSON.parse(reply.json) as ResultReply;
  const { run, folder } = host;
  const { signed, message } = await verifyReply({ run, reply, hostKeyLine: host.host.line, folder, id });
  expect([signed, message]).toMatchObject([true, { type: "result", outcome: "done", text: "work runs." }]);
  control.close();
});

test("a client that sends and closes its side is answered", async () => {
  const socket = await open();
  socket.end(HELLO);
  const data = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
  expect(data[4]).toBe(KIND.reply);
  await endedOf(socket);
});

test("closing ends all connections and takes the socket away", async () => {
  const socket = await open();
  await answered(socket);
  await server.close();
  await endedOf(socket);
  expect(existsSync(path())).toBe(false);
  server = await openCommandSocket({ path: path(), gate, mode: 0o600, clock: host.clock });
});

test("a command that is being answered when the daemon ends is answered, and whoever only waits is not waited for", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const slow: Pick<Gate, "hello" | "command"> = {
    hello: (connection) => gate.hello(connection),
    async command() {
      begin();
      await ended;
      return { json: '{"done":true}', signature: "" };
    },
  };
  const other = await openCommandSocket({ path: `${path()}.2`, gate: slow, mode: 0o600, clock: host.clock });
  const control = await openControl({
    connect: async () => {
      const socket = connect({ path: `${path()}.2` });
      await new Promise((resolve) => socket.once("connect", resolve));
      return socket;
    },
  });
  const idle = connect({ path: `${path()}.2` });
  await new Promise((resolve) => idle.once("connect", resolve));
  await answered(idle);
  const reply = control.send(new TextEncoder().encode("{}"), ["x"]);
  await begun;
  const closed = other.close();
  await endedOf(idle);
  end();
  expect((await reply).json).toBe('{"done":true}');
  await closed;
});
