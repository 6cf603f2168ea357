// Starts the real program on a terminal of its own and measures what a person would feel: first frame, keys, memory, idling.
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openPty, type Pty } from "../../tui/pty/open-pty.ts";
import { memoryOf, TICKS, ticksOf } from "./measure-process.ts";

const REPO = join(import.meta.dirname, "../..");
const NODE = process.execPath;
const BUNDLE = join(REPO, "dist/multiverse.mjs");
/** As rescue/root/host/usr/bin/multiverse starts it. */
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=256"];
/** As host-screen does on an installed host. */
const HOST_FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=64"];

export interface ScreenFigures {
  /** Milliseconds from spawn to the end of `node -e 0`, and to the first full frame. */
  floor: number[];
  frame: number[];
  /** Milliseconds from a key to what it draws: a program that only echoes, and the list of disks. */
  echo: number[];
  key: number[];
  disks: number;
  /** Bytes. */
  rss: number;
  /** Share of a core, and bytes a second, while nothing happens. */
  idleCpu: number;
  idleBytes: number;
}

/** The status screen of a host. */
export interface StatusFigures {
  /** Milliseconds from spawn to the end of `node -e 0`, and to the first full frame while no source answers. */
  floor: number[];
  frame: number[];
  /** With a real daemon on this machine, at 80×24 and 160×50, a minute after the last key. */
  cpu: { small: number; large: number };
  /** Bytes a second to a serial terminal, and bytes of memory, in the same minute. */
  bytes: number;
  rss: number;
}

interface Program {
  pty: Pty;
  ended: Promise<void>;
  /** Resolves when the pattern has come in what was written since the last call. */
  until(pattern: RegExp): Promise<void>;
  bytes(): number;
}

async function open(args: readonly string[], term: string, columns = 160, rows = 50): Promise<Program> {
  const env = { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", HOME: "/root" };
  const pty = await openPty({ file: NODE, args, env, term, columns, rows, cwd: REPO });
  let text = "";
  let count = 0;
  let look = () => {};
  pty.onData((data) => {
    text += data;
    count += data.length;
    look();
  });
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  return {
    pty,
    ended,
    bytes: () => count,
    until: (pattern) =>
      new Promise((resolve) => {
        look = () => {
          if (!pattern.test(text)) return;
          text = "";
          look = () => {};
          resolve();
        };
        look();
      }),
  };
}

/** The bottom row is written last: the frame is whole. */
const WHOLE = /\?[^\n]{0,20}help/;

/** A multiversed that takes connections and has nothing to say yet. */
async function silentDaemon(folder: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, "status.sock"), resolve));
  return server;
}

const STATUS = (folder: string) => [...HOST_FLAGS, BUNDLE, "--screen", "status", "--daemon", folder];

export async function measureStatus(folder: string, runs: number, seconds: number): Promise<StatusFigures> {
  const server = await silentDaemon(folder);
  const starts = await measureStart(runs, STATUS(folder));
  server.close();
  await rm(join(folder, "status.sock"), { force: true });
  const daemon = await open([...HOST_FLAGS, BUNDLE, "daemon", ...daemonFolders(folder)], "linux");
  await daemon.until(/status at/);
  const [small, large, serial] = await Promise.all([
    idling(folder, "linux", [80, 24], seconds),
    idling(folder, "linux", [160, 50], seconds),
    idling(folder, "vt220", [80, 24], seconds),
  ]);
  daemon.pty.close();
  await daemon.ended;
  return {
    ...starts,
    cpu: { small: small.cpu, large: large.cpu },
    ...{ bytes: serial.bytes, rss: Math.max(small.rss, large.rss) },
  };
}

function daemonFolders(folder: string): string[] {
  return ["run", "state", "etc"].flatMap((name) => [`--${name}-folder`, name === "run" ? folder : join(folder, name)]);
}

async function idling(folder: string, term: string, [columns, rows]: [number, number], seconds: number) {
  const program = await open(STATUS(folder), term, columns, rows);
  await program.until(WHOLE);
  // Half a minute after the last key it is calm; and what is loaded behind the first frame is not idling.
  await delay(45_000);
  const [ticks, bytes] = [ticksOf(program.pty.pid), program.bytes()];
  await delay(seconds * 1000);
  const figures = {
    cpu: (ticksOf(program.pty.pid) - ticks) / TICKS / seconds,
    bytes: (program.bytes() - bytes) / seconds,
    rss: memoryOf(program.pty.pid),
  };
  program.pty.close();
  await program.ended;
  return figures;
}

export async function measureStart(
  runs: number,
  args: readonly string[] = [...FLAGS, BUNDLE, "--demo"],
): Promise<Pick<ScreenFigures, "floor" | "frame">> {
  const floor: number[] = [];
  const frame: number[] = [];
  for (let at = 0; at < runs; at += 1) {
    const bare = performance.now();
    const empty = await open(["-e", "0"], "linux", 80, 24);
    await empty.ended;
    floor.push(performance.now() - bare);
    const from = performance.now();
    const program = await open(args, "linux", 80, 24);
    await program.until(WHOLE);
    frame.push(performance.now() - from);
    program.pty.close();
    await program.ended;
  }
  return { floor, frame };
}

const ECHO =
  "process.stdin.setRawMode(true);process.stdout.write('ready');process.stdin.on('data',()=>process.stdout.write('.'))";

/** One key after the other, each after the former was drawn and the pointer has rested. */
async function times(program: Program, keys: number, drawn: RegExp): Promise<number[]> {
  const list: number[] = [];
  for (let at = 0; at < keys; at += 1) {
    const from = performance.now();
    program.pty.write("\u001b[B");
    await program.until(drawn);
    list.push(performance.now() - from);
  }
  return list;
}

export async function measureKeys(machine: string, keys: number): Promise<Pick<ScreenFigures, "echo" | "key" | "rss">> {
  const echoing = await open(["-e", ECHO], "linux");
  await echoing.until(/ready/);
  const program = await open([...FLAGS, BUNDLE, "--machine", machine], "linux");
  await program.until(WHOLE);
  for (const next of [/us /, /What do you want/, /Do you have a spec/, /Where should the system go/]) {
    program.pty.write("\r");
    await program.until(next);
  }
  // The first disk is too small for the layout: its picture says so.
  await program.until(/is too small/);
  const echo = await times(echoing, keys, /\./);
  const key = await times(program, keys, /\u001b\[7m/);
  const rss = memoryOf(program.pty.pid);
  for (const each of [echoing, program]) {
    each.pty.close();
    await each.ended;
  }
  return { echo, key, rss };
}

export async function measureIdle(seconds: number): Promise<Pick<ScreenFigures, "idleCpu" | "idleBytes">> {
  const program = await open([...FLAGS, BUNDLE, "--demo"], "vt220", 80, 24);
  await program.until(WHOLE);
  // What is still being loaded behind the first frame is not idling.
  await delay(3000);
  const [ticks, bytes] = [ticksOf(program.pty.pid), program.bytes()];
  await delay(seconds * 1000);
  const idleCpu = (ticksOf(program.pty.pid) - ticks) / TICKS / seconds;
  const idleBytes = (program.bytes() - bytes) / seconds;
  program.pty.close();
  await program.ended;
  return { idleCpu, idleBytes };
}
