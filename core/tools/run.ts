// The one door to programs: its shape. Whoever needs a program gets a Run passed in; only run-real.ts starts one.
import type { Readable, Writable } from "node:stream";

export type Argv = readonly [string, ...string[]];

export interface RunOptions {
  /** Text or bytes for standard input; without it standard input is empty. */
  stdin?: string | Uint8Array;
  /** Written to standard input and then forgotten: never logged, never in an error. Excludes `stdin`. */
  secret?: Uint8Array;
  /** Exit codes that count as success; default [0]. */
  ok?: readonly number[];
  /** Default 120 000. A program that outlives it is ended and the call fails with reason "timeout". */
  timeoutMs?: number;
  cwd?: string;
  /** Variables besides those that every program gets; no secrets, which others could read in /proc. */
  environment?: Readonly<Record<string, string>>;
  /** The program sees nothing of our environment but LC_ALL, LANG and PATH. */
  bare?: boolean;
  /** The kernel kills the program when this process ends, however it ends (prctl(2), PR_SET_PDEATHSIG). */
  endsWithUs?: boolean;
  /** Called for each complete line while the program runs. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
  signal?: AbortSignal;
}

export interface RunResult {
  argv: Argv;
  exit: number;
  stdout: string;
  stderr: string;
}

export interface PipeOptions {
  timeoutMs?: number;
  endsWithUs?: boolean;
  signal?: AbortSignal;
  /** Called with the number of bytes that went through so far, at most four times a second. */
  onBytes?: (bytes: number) => void;
  /** Called for each complete line that a stage writes to standard error. */
  onLine?: (line: string, stage: Argv) => void;
}

/**
 * Starts programs: argv arrays, no shell, `LC_ALL=C`, a timeout.
 * Both calls throw ProgramError when a program is missing, fails or outlives its time.
 */
export interface Run {
  (argv: Argv, options?: RunOptions): Promise<RunResult>;
  /** Connects the stages' standard outputs and inputs; resolves when all have ended well. */
  pipe(stages: readonly Argv[], options?: PipeOptions): Promise<void>;
}

/** A program that is talked with (ssh to another host): bytes in, bytes out, until either side ends it. */
export interface Talk {
  input: Writable;
  output: Readable;
  /** How it ended; standard error's end is what a person should see. Never rejects. */
  ended: Promise<{ reason: "exit" | "signal" | "missing"; exit: number | null; stderr: string }>;
  /** Ends it: SIGTERM. */
  end(): void;
}

/** Starts a program to talk with. It shares the terminal, so that ssh can ask for a passphrase there. */
export type Converse = (argv: Argv) => Talk;

/** A program that outlives the call that started it (a virtual machine). */
export interface Started {
  pid: number;
  /** Resolves with the exit status, or null when a signal ended it. */
  exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  stdoutFile?: string;
  stderrFile?: string;
  cwd?: string;
}

/** Starts a program and returns at once; it is ended when this process ends. */
export type Start = (argv: Argv, options?: StartOptions) => Promise<Started>;

export interface FollowOptions {
  /** Called for each complete line of standard output; longer ones are cut after 65,536 characters. */
  onLine(line: string): void;
  /** Ends the program: SIGTERM, and SIGKILL five seconds later. */
  signal: AbortSignal;
}

/** How a followed program ended. */
export interface Ended {
  /** stopped: by the signal that was passed in. */
  reason: "exit" | "signal" | "missing" | "stopped";
  exit: number | null;
  /** The end of what it wrote to standard error, at most 1,024 characters. */
  said: string;
}

/**
 * Starts a program that runs until it is stopped and tells something line by line (`ip monitor`). Nothing of its output
 * is kept. Resolves when it has ended, and never rejects; one that cannot be killed keeps it waiting.
 */
export type Follow = (argv: Argv, options: FollowOptions) => Promise<Ended>;
