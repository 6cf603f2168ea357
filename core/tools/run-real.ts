// The only place that starts programs: execa with argv arrays, no shell, LC_ALL=C and a timeout.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { execa } from "execa";
import { ProgramError } from "../errors.ts";
import { cutLines } from "./cut-lines.ts";
import type { Argv, Converse, Follow, PipeOptions, Run, RunOptions, RunResult, Start } from "./run.ts";

const DEFAULT_TIMEOUT_MS = 120_000;
const STDERR_KEPT = 16_384;
const FOLLOWED_LINE = 65_536;
const FOLLOWED_SAID = 1024;
const KILL_AFTER_MS = 5_000;
const LEFT_OPEN_MS = 1_000;
/** What a stage says when its neighbour is gone; Node connects stages by socket pairs, hence "Connection reset". */
const CUT_OFF = /Broken pipe|Connection reset|Unexpected EOF/;

/** sbin is not on an ordinary user's PATH, and sudo's secure_path is not everywhere. */
const environment = () => ({
  LC_ALL: "C",
  LANG: "C",
  PATH: `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`,
});

/** Nothing that whoever started us could have set. */
const BARE = { LC_ALL: "C", LANG: "C", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };

/** util-linux's way to PR_SET_PDEATHSIG; Node has none. */
const WITH_US = ["setpriv", "--pdeathsig", "KILL"] as const;

/** What setpriv ends with where the program itself is not there. */
const NOT_FOUND = 127;

const started = (argv: Argv, endsWithUs: boolean | undefined): Argv =>
  endsWithUs === true ? [...WITH_US, ...argv] : argv;

async function runOne(argv: Argv, options: RunOptions = {}): Promise<RunResult> {
  const [file, ...args] = started(argv, options.endsWithUs);
  const child = execa(file, args, {
    reject: false,
    ...(options.bare === true
      ? { env: { ...BARE, ...options.environment }, extendEnv: false }
      : { env: { ...environment(), ...options.environment } }),
    ...(options.secret === undefined && options.stdin === undefined
      ? { stdin: "ignore" as const }
      : { input: options.secret ?? options.stdin ?? "" }),
    stripFinalNewline: false,
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    forceKillAfterDelay: KILL_AFTER_MS,
    maxBuffer: 256 * 1024 * 1024,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (options.onLine !== undefined) {
    const { onLine } = options;
    watchLines(child.stdout, (line) => onLine(line, "stdout"));
    watchLines(child.stderr, (line) => onLine(line, "stderr"));
  }
  const result = await child;
  const stdout = String(result.stdout ?? "");
  const stderr = String(result.stderr ?? "");
  const ok = options.ok ?? [0];
  if (result.exitCode !== undefined && ok.includes(result.exitCode) && !result.timedOut) {
    return { argv, exit: result.exitCode, stdout, stderr };
  }
  const reason = result.timedOut
    ? "timeout"
    : result.exitCode === NOT_FOUND && options.endsWithUs === true && /^setpriv: failed to execute/.test(stderr)
      ? "missing"
      : result.exitCode !== undefined
        ? "exit"
        : "code" in result && result.code === "ENOENT"
          ? "missing"
          : "signal";
  // A program that could not even be started has said nothing: the system's own reason stands for it.
  const said =
    stderr || stdout || ("code" in result && reason === "signal" ? `could not be started (${result.code})` : "");
  throw new ProgramError(argv, reason, result.exitCode ?? null, said.slice(-STDERR_KEPT));
}

function watchLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.on("data", (chunk: Buffer | string) => {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
}

/**
 * Connects programs by file descriptors that the kernel passes on, so the bytes never come through this process.
 * The bytes are counted by `pv -n -b`, which writes its count to standard error.
 */
async function pipe(stages: readonly Argv[], options: PipeOptions = {}): Promise<void> {
  const counter: Argv = ["pv", "--numeric", "--bytes", "--interval", "0.5"];
  const [first, ...rest] = stages;
  const all = options.onBytes === undefined || first === undefined ? [...stages] : [first, counter, ...rest];
  const children: ReturnType<typeof spawn>[] = [];
  const ended: Promise<ProgramError | null>[] = [];
  const stop = () => {
    for (const child of children) child.kill("SIGTERM");
  };
  const timer = setTimeout(stop, options.timeoutMs ?? 3_600_000);
  timer.unref();
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    for (const [index, argv] of all.entries()) {
      const [file, ...args] = started(argv, options.endsWithUs);
      const before = children[index - 1]?.stdout;
      const last = index === all.length - 1;
      const child = spawn(file, args, {
        env: { ...process.env, ...environment() },
        stdio: [before ?? "ignore", last ? "ignore" : "pipe", "pipe"],
      });
      // Our own copy of the reading end must go, or the writer never learns that its reader died.
      before?.destroy();
      children.push(child);
      let stderr = "";
      const counts = argv === counter;
      watchLines(child.stderr, (line) => {
        const bytes = counts ? Number(line) : Number.NaN;
        if (Number.isFinite(bytes)) options.onBytes?.(bytes);
        else {
          stderr = `${stderr}${line}\n`.slice(-STDERR_KEPT);
          options.onLine?.(line, argv);
        }
      });
      ended.push(
        new Promise((resolve) => {
          child.on("error", (cause) => resolve(new ProgramError(argv, "missing", null, stderr, cause)));
          child.on("close", (code, signal) =>
            resolve(code === 0 ? null : new ProgramError(argv, signal === null ? "exit" : "signal", code, stderr)),
          );
        }),
      );
    }
    const failures = (await Promise.all(ended)).filter((failure) => failure !== null);
    // A stage that was cut off by another's death is not the cause: name the one that ended by itself with words.
    const cause =
      failures.find((failure) => failure.reason === "missing") ??
      failures.find((failure) => failure.stderr !== "" && !CUT_OFF.test(failure.stderr)) ??
      failures[0];
    if (cause !== undefined) throw cause;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
  }
}

/** The real door. Everything that needs a program gets this (or a recorded one) passed in. */
export function createRun(): Run {
  return Object.assign((argv: Argv, options?: RunOptions) => runOne(argv, options), { pipe });
}

/** Starts a program to talk with; it is ended when this process ends, which closes its standard input. */
export const converse: Converse = (argv) => {
  const [file, ...args] = argv;
  const child = spawn(file, args, { env: { ...process.env, ...environment() }, stdio: "pipe" });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  // Writing to one that has gone is told by its end, not by an error of the pipe.
  child.stdin.on("error", () => {});
  const ended = new Promise<Awaited<ReturnType<Converse>["ended"]>>((resolve) => {
    child.on("error", () => resolve({ reason: "missing", exit: null, stderr }));
    child.on("close", (exit) => resolve({ reason: exit === null ? "signal" : "exit", exit, stderr }));
  });
  return { input: child.stdin, output: child.stdout, ended, end: () => void child.kill("SIGTERM") };
};

/** Starts a long-lived program; it gets SIGKILL when this process ends. */
export const start: Start = async (argv, options = {}) => {
  const [file, ...args] = argv;
  const opened: number[] = [];
  const to = (path: string | undefined) => {
    if (path === undefined) return "ignore";
    const fd = openSync(path, "a");
    opened.push(fd);
    return fd;
  };
  const child = spawn(file, args, {
    env: { ...process.env, ...environment() },
    stdio: ["ignore", to(options.stdoutFile), to(options.stderrFile)],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  for (const fd of opened) closeSync(fd);
  const killAtEnd = () => child.kill("SIGKILL");
  process.on("exit", killAtEnd);
  const exited = new Promise<number | null>((resolve) => {
    child.on("close", (code) => {
      process.off("exit", killAtEnd);
      resolve(code);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => reject(new ProgramError(argv, "missing", null, "", cause)));
  });
  return { pid: child.pid ?? 0, exited, kill: (signal) => child.kill(signal) };
};

/** What is followed now: it ends with this process. One listener for all, or Node warns of a leak from the eleventh on. */
const followed = new Set<ReturnType<typeof spawn>>();
const killFollowed = () => {
  for (const child of followed) child.kill("SIGKILL");
};

export const follow: Follow = (argv, { onLine, signal }) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ reason: "stopped", exit: null, said: "" });
    const [file, ...args] = argv;
    const child = spawn(file, args, {
      env: { ...process.env, ...environment() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (followed.size === 0) process.on("exit", killFollowed);
    followed.add(child);
    let said = "";
    let force: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill("SIGTERM");
      force ??= setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
    };
    const ended = (reason: "exit" | "signal" | "missing", exit: number | null) => {
      clearTimeout(force);
      signal.removeEventListener("abort", stop);
      followed.delete(child);
      if (followed.size === 0) process.off("exit", killFollowed);
      resolve({ reason: signal.aborted ? "stopped" : reason, exit, said });
    };
    signal.addEventListener("abort", stop, { once: true });
    child.stdout.setEncoding("utf8").on("data", cutLines(FOLLOWED_LINE, onLine));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-FOLLOWED_SAID);
    });
    child.once("error", () => {
      if (child.pid === undefined) ended("missing", null);
    });
    child.once("close", (exit) => ended(exit === null ? "signal" : "exit", exit));
    // A child that it left behind would hold its pipes open for ever.
    child.once("exit", () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, LEFT_OPEN_MS).unref();
    });
  });
