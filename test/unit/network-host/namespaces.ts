// Network namespaces for one test: a host and the router at the other end of its cable, made and removed by ip-netns(8).
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Why there can be none here, or null. Making one needs root and a kernel that allows it. */
export function whyNoNamespaces(): string | null {
  if (process.getuid?.() !== 0) return "needs root to make network namespaces";
  try {
    const name = `mvwhy${process.pid}`;
    ip("netns", "add", name);
    ip("netns", "del", name);
    return null;
  } catch (error) {
    return `ip netns does not work here: ${String(error).split("\n").at(-1)}`;
  }
}

export function ip(...args: string[]): string {
  return execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export interface Namespace {
  name: string;
  /** `ip` in it: "addr add 192.0.2.1/24 dev x". */
  ip(command: string): string;
  /** A program's output in it. */
  exec(...argv: string[]): string;
  remove(): void;
}

export function makeNamespace(suffix: string): Namespace {
  const name = `mv${process.pid}${suffix}`;
  ip("netns", "add", name);
  const inside = { name, ip: (command: string) => ip("-n", name, ...command.split(" ")) };
  inside.ip("link set lo up");
  return {
    ...inside,
    exec: (...argv) => execFileSync("ip", ["netns", "exec", name, ...argv], { encoding: "utf8" }),
    remove: () => void ip("netns", "del", name),
  };
}

/** A program of this folder that runs in a namespace and prints lines. */
export interface Running {
  /** The first line from now on (or the last one so far) that fits; fails with the last line after `deadlineMs`. */
  until(fits: (line: string) => boolean, deadlineMs?: number): Promise<string>;
  stop(): Promise<void>;
}

/** What only a broken machine takes; no wait of the tests lasts that long. */
const DEADLINE_MS = 30_000;

export function startIn(namespace: Namespace, file: string, ...args: string[]): Running {
  const path = new URL(file, import.meta.url).pathname;
  const child: ChildProcess = spawn("ip", ["netns", "exec", namespace.name, process.execPath, path, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = new Promise<void>((resolve) => child.on("close", () => resolve()));
  let last = "";
  const waiting = new Set<(line: string) => void>();
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on("line", (line) => {
      last = line;
      for (const wait of [...waiting]) wait(line);
    });
  return {
    until(fits, deadlineMs = DEADLINE_MS) {
      if (last !== "" && fits(last)) return Promise.resolve(last);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => done(() => reject(new Error(`not seen in time; last: ${last.slice(0, 4000)}`))),
          deadlineMs,
        );
        const done = (end: () => void) => {
          clearTimeout(timer);
          waiting.delete(look);
          end();
        };
        const look = (line: string) => {
          if (fits(line)) done(() => resolve(line));
        };
        waiting.add(look);
      });
    },
    async stop() {
      child.stdin?.end();
      await gone;
    },
  };
}
