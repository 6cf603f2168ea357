// What multiversed-vsock.service runs: bytes both ways, and no guest that keeps out others. Only AF_VSOCK itself is played.
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sampleFolder } from "./ssh-sample.ts";
import { type PlayedProxy, playProxy } from "./vsock-play.ts";

let folder: ReturnType<typeof sampleFolder>;
let daemon: Server;
let proxy: PlayedProxy;
/** The daemon's ends of what came to it, and whoever waits for the next one. */
let arrived: Socket[];
let waiting: (() => void)[];

const control = () => join(folder.path, "control.sock");

beforeEach(async () => {
  folder = sampleFolder();
  [arrived, waiting] = [[], []];
  daemon = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    arrived.push(socket);
    waiting.shift()?.();
  });
  await new Promise<void>((resolve) => daemon.listen(control(), resolve));
  proxy = await playProxy(folder.path, control(), [5, 2]);
});
afterEach(async () => {
  for (const socket of arrived) socket.destroy();
  await proxy.end();
  daemon.close();
  folder.remove();
});

/** A guest's connection and the daemon's end of it. */
async function pair(cid: number): Promise<{ guest: Socket; host: Socket }> {
  const came = new Promise<void>((resolve) => waiting.push(resolve));
  const guest = await proxy.connect(cid);
  await came;
  const host = arrived.at(-1);
  if (host === undefined) throw new Error("nothing came");
  return { guest, host };
}

/** Everything until the other side has ended. */
async function all(socket: Socket): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  const ends = [once(socket, "end"), once(socket, "close")];
  await Promise.race(ends);
  return Buffer.concat(pieces);
}

test("its unit gives it less room than the daemon has, no rights, and no family of sockets but Unix", () => {
  const unit = readFileSync(new URL("../../systemd/host/multiversed-vsock.service", import.meta.url), "utf8").split(
    "\n",
  );
  expect(unit).toContain("ExecStart=/usr/lib/multiverse-control/vsock-proxy /run/multiverse/control.sock 32 4");
  for (const line of [
    "DynamicUser=yes",
    "CapabilityBoundingSet=",
    "NoNewPrivileges=yes",
    "RestrictAddressFamilies=AF_UNIX",
  ])
    expect(unit).toContain(line);
});

const bytes = (length: number, step: number) => Buffer.from(Uint8Array.from({ length }, (_, at) => (at * step) >> 3));

describe("whoever holds connections keeps out itself", () => {
  test("one guest has so many and not one more; another one is let in", async () => {
    await pair(3);
    await pair(3);
    expect(await all(await proxy.connect(3))).toHaveLength(0);
    const { guest, host } = await pair(4);
    host.end("served");
    expect((await all(guest)).toString()).toBe("served");
    expect(proxy.said()).toContain("CID 3 was not let in: it has 2, all have 2");
    expect(arrived).toHaveLength(3);
  });

  test("all guests together have so many", async () => {
    for (const cid of [3, 3, 4, 4, 5]) await pair(cid);
    expect(await all(await proxy.connect(6))).toHaveLength(0);
    expect(arrived).toHaveLength(5);
  });

  test("when one of a guest's has ended there is room again, whichever side ended it", async () => {
    const [first, second] = [await pair(3), await pair(3)];
    first.guest.destroy();
    await all(first.host);
    first.host.end();
    await roomFor(3);
    second.host.destroy();
    await all(second.guest);
    await roomFor(3);
  });

  test("a guest that takes nothing is left when its time is over", async () => {
    const { guest, host } = await pair(3);
    guest.pause();
    host.resume();
    host.write(Buffer.alloc(4 * 1024 * 1024));
    await new Promise<void>((resolve) => void host.once("close", () => resolve()));
  });

  test("one whose daemon is gone ends", async () => {
    daemon.close();
    rmSync(control(), { force: true });
    expect(await all(await proxy.connect(3))).toHaveLength(0);
  });
});

/** Until one more is let in, which is when the processes of one that has ended are gone. */
async function roomFor(cid: number): Promise<void> {
  for (;;) {
    const came = new Promise<true>((resolve) => waiting.push(() => resolve(true)));
    const guest = await proxy.connect(cid);
    if (await Promise.race([came, all(guest).then(() => false)])) return;
    waiting.length = 0;
  }
}

describe("bytes", () => {
  test("go both ways as they are, as many as a frame and a reply can have", async () => {
    const { guest, host } = await pair(3);
    const [up, down] = [bytes(65_540, 13), bytes(262_148, 7)];
    guest.write(up);
    let got = Buffer.alloc(0);
    while (got.length < up.length) got = Buffer.concat([got, (await once(host, "data"))[0] as Buffer]);
    expect(got.equals(up)).toBe(true);
    host.end(down);
    expect((await all(guest)).equals(down)).toBe(true);
  });

  test("come to a guest that has closed its own side", async () => {
    const { guest, host } = await pair(3);
    guest.end("the last frame");
    expect((await all(host)).toString()).toBe("the last frame");
    host.end("the reply");
    expect((await all(guest)).toString()).toBe("the reply");
  });

  test("come to a guest that has sent ahead more than the daemon reads", async () => {
    const { guest, host } = await pair(3);
    host.pause();
    guest.write(Buffer.alloc(4 * 1024 * 1024));
    const [reply] = [once(guest, "data"), host.write("the reply")];
    expect(((await reply)[0] as Buffer).toString()).toBe("the reply");
  });

  test("end where the daemon ends the connection", async () => {
    const { guest, host } = await pair(3);
    host.destroy();
    expect(await all(guest)).toHaveLength(0);
  });
});
