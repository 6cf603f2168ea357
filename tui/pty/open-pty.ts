// Starts a program on a terminal of its own. The only file that loads node-pty, and only when a pane is first opened.

export interface PtyRequest {
  file: string;
  args: readonly string[];
  cwd?: string;
  /** Exactly what the program gets (see paneEnvironment); TERM is set from `term`. */
  env: Readonly<Record<string, string>>;
  /** Its terminfo name. */
  term: string;
  columns: number;
  rows: number;
}

export interface PtyExit {
  /** Exit status; 0 when a signal ended it. */
  code: number;
  /** Number of the signal that ended it, or null. */
  signal: number | null;
}

export interface Pty {
  pid: number;
  onData(listener: (data: string) => void): void;
  /** After the last data. */
  onExit(listener: (exit: PtyExit) => void): void;
  write(data: string): void;
  resize(columns: number, rows: number): void;
  /** Stops reading, so that a flood of output waits in the kernel instead of in memory. */
  pause(): void;
  resume(): void;
  /** Hangs up, as closing a terminal does. */
  close(): void;
}

export type OpenPty = (request: PtyRequest) => Promise<Pty>;

/** What a program in a pane may know of our environment; what else is there may be a secret. */
const KNOWN = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "LC_ALL",
  "LC_CTYPE",
  "LC_MESSAGES",
  "TZ",
];

export function paneEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    KNOWN.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Fails where node-pty was not built for this machine. A program that does not exist is an exit status, as in a shell. */
export const openPty: OpenPty = async ({ file, args, cwd = "/", env, term, columns, rows }) => {
  const { spawn } = await import("node-pty");
  const pty = spawn(file, [...args], {
    name: term,
    cols: Math.max(1, columns),
    rows: Math.max(1, rows),
    cwd,
    env: { ...env, TERM: term },
  });
  let over = false;
  pty.onExit(() => {
    over = true;
  });
  // After the exit the descriptor is closed, and node-pty throws.
  const whileOpen = (act: () => void) => {
    if (!over) act();
  };
  return {
    pid: pty.pid,
    onData: (listener) => {
      pty.onData(listener);
    },
    onExit: (listener) => {
      pty.onExit(({ exitCode, signal }) =>
        listener({ code: exitCode, signal: signal === undefined || signal === 0 ? null : signal }),
      );
    },
    write: (data) => whileOpen(() => pty.write(data)),
    resize: (width, height) => whileOpen(() => pty.resize(Math.max(1, width), Math.max(1, height))),
    pause: () => whileOpen(() => pty.pause()),
    resume: () => whileOpen(() => pty.resume()),
    close: () => whileOpen(() => pty.kill("SIGHUP")),
  };
};
