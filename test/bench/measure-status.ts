// Starts the daemon as a process of its own and measures it: memory over many readings, the snapshot, and idling.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { memoryOf, TICKS, ticksOf } from "./measure-process.ts";

const REPO = join(import.meta.dirname, "../..");
/** As rescue/root/host/usr/bin/multiversed starts it. */
export const FLAGS = ["--jitless", "--optimize-for-size", "--max-semi-space-size=1", "--max-old-space-size=64"];
const RUNNING_XML = readFileSync(join(REPO, "test/fixtures/libvirt/running.xml"), "utf8");
const ENV = {
  ...{ PATH: process.env.PATH ?? "", LANG: "C.UTF-8" },
  ...{ UV_THREADPOOL_SIZE: "24", MALLOC_MMAP_THRESHOLD_: "131072" },
};

export interface StatusFigures {
  controllers: number;
  readings: number;
  /** Bytes: the middle value of the second and of the last fifth of the readings (the first is still filling up), and the most. */
  rssEarly: number;
  rssLate: number;
  rssMost: number;
  /** The same with libvirt made up instead of the controllers. */
  libvirtReadings: number;
  libvirtRss: number;
  libvirtGrowth: number;
  /** Milliseconds from connecting to the whole first line, and its bytes. */
  snapshot: number[];
  snapshotBytes: number;
  /** Shares of a core: a daemon whose controllers are read every 5 s, and the real one with its sources here and their programs. */
  idleMany: number;
  idleReal: number;
  rssReal: number;
}

async function ready(socket: string): Promise<void> {
  // The file is there a moment before anybody listens.
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const probe = connect(socket, () => resolve(true)).on("error", () => resolve(false));
      probe.once("connect", () => probe.destroy());
    });
  while (!(await answers())) await delay(10);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** A made-up daemon of this folder, bundled as the program is: stripping types would count as its memory. */
export async function bundleDaemon(folder: string, name: "status-daemon" | "controllers-daemon"): Promise<string> {
  const rolldown = join(REPO, "node_modules/rolldown/bin/cli.mjs");
  const args = [rolldown, join(import.meta.dirname, `${name}.ts`), "--platform", "node", "--format", "esm"];
  const child = spawn(process.execPath, [...args, "--dir", folder], {
    cwd: REPO,
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "exit");
  return join(folder, `${name}.js`);
}

/** One reader takes everything meanwhile, one nothing. */
export async function measureReadings(bundle: string, socket: string, controllers: number, readings: number) {
  const child = fork(bundle, [socket, String(controllers), "1000", RUNNING_XML], { execArgv: FLAGS, env: ENV });
  const samples: number[] = [];
  const done = new Promise<void>((resolve) => {
    child.on("message", (turn: number) => {
      if (turn % (readings / 100) === 0) samples.push(memoryOf(child.pid ?? 0));
      if (turn >= readings) resolve();
    });
  });
  await ready(socket);
  const quick = connect(socket).resume();
  const stuck = connect(socket);
  quick.on("error", () => {});
  stuck.on("error", () => {});
  await done;
  await stop(child);
  const fifth = (at: number) => {
    const part = samples
      .slice((samples.length * at) / 5, (samples.length * (at + 1)) / 5)
      .sort((one, two) => one - two);
    return part[part.length >> 1] ?? 0;
  };
  return { rssEarly: fifth(1), rssLate: fifth(4), rssMost: Math.max(...samples) };
}

export async function measureSnapshot(bundle: string, socket: string, controllers: number, times: number) {
  const child = fork(bundle, [socket, String(controllers)], { execArgv: FLAGS, env: ENV });
  await ready(socket);
  await once(child, "message");
  await delay(1000);
  const snapshot: number[] = [];
  let snapshotBytes = 0;
  for (let at = 0; at < times; at += 1) {
    const from = performance.now();
    const client = connect(socket);
    let bytes = 0;
    await new Promise<void>((resolve) =>
      client.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (chunk.includes(10)) resolve();
      }),
    );
    snapshot.push(performance.now() - from);
    snapshotBytes = bytes;
    client.destroy();
  }
  const follower = connect(socket).resume();
  const idleMany = await idle(child, 20);
  follower.destroy();
  await stop(child);
  return { snapshot, snapshotBytes, idleMany };
}

/** The program as it is, with the sources that it has. */
export async function measureReal(folder: string): Promise<{ idleReal: number; rssReal: number }> {
  const args = [...FLAGS, join(REPO, "dist/multiverse.mjs"), "daemon", "--run-folder", folder];
  const options = ["--state-folder", join(folder, "state"), "--etc-folder", join(folder, "etc")];
  const child = spawn(process.execPath, [...args, ...options], { env: ENV, stdio: "ignore" });
  const socket = join(folder, "status.sock");
  await ready(socket);
  const follower = connect(socket).resume();
  await delay(5000);
  const idleReal = await idle(child, 20);
  const rssReal = memoryOf(child.pid ?? 0);
  follower.destroy();
  await stop(child);
  return { idleReal, rssReal };
}

async function idle(child: ChildProcess, seconds: number): Promise<number> {
  const ticks = ticksOf(child.pid ?? 0);
  await delay(seconds * 1000);
  return (ticksOf(child.pid ?? 0) - ticks) / TICKS / seconds;
}
