// The serial line of a machine: everything it said, waiting for words in it, and typing into it.
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { ActionableError, EXIT } from "../errors.ts";
import { scrub } from "./scrub.ts";

export interface WaitOptions {
  deadlineMs: number;
  /** What is waited for, in words, for the error message. */
  what: string;
  /** Seeing this first ends the wait with an error: a panic, an emergency shell. */
  unless?: RegExp;
}

export interface Serial {
  /** Everything seen since the connection was made. */
  readonly text: string;
  /**
   * Waits for the pattern in what came after the last match and moves past it.
   * Throws ActionableError "vm-wait-timeout", "vm-wait-hopeless" (the `unless` pattern) or "vm-serial-closed".
   */
  waitFor(pattern: RegExp | string, options: WaitOptions): Promise<RegExpExecArray>;
  send(text: string): void;
  /** Calls back for each piece of output from now on; the result stops it. */
  watch(onText: (text: string) => void): () => void;
  /** Resolves when the machine has closed the line, which is when QEMU ends. */
  readonly closed: Promise<void>;
  close(): void;
}

interface Waiter {
  /** Looks at the text again; true when it is settled. */
  look(): boolean;
  fail(code: string, message: string): void;
}

/** The two named pipes of a serial line; QEMU's chardev `pipe` takes `path` and adds the endings by itself. */
export function serialPipes(path: string): { fromGuest: string; toGuest: string } {
  return { fromGuest: `${path}.out`, toGuest: `${path}.in` };
}

/**
 * Opens the named pipes of a serial line; QEMU must have opened them already. Pipes and not a socket: QEMU writes byte
 * by byte, a unix socket is full after some 280 such writes, and its emulated UART then repeats and loses characters.
 */
export function openSerial(path: string): Serial {
  const pipes = serialPipes(path);
  const input = new Socket({
    fd: openSync(pipes.fromGuest, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
  });
  const output = new Socket({
    fd: openSync(pipes.toGuest, constants.O_WRONLY | constants.O_NONBLOCK),
    readable: false,
    writable: true,
  });
  const decoder = new StringDecoder("utf8");
  const closed = Promise.withResolvers<void>();
  const watchers = new Set<(text: string) => void>();
  const waiters = new Set<Waiter>();
  let text = "";
  let cursor = 0;
  let isClosed = false;

  input.on("data", (bytes) => {
    const piece = decoder.write(bytes);
    text += piece;
    for (const watcher of watchers) watcher(piece);
    for (const waiter of waiters) if (waiter.look()) waiters.delete(waiter);
  });
  input.on("close", () => {
    isClosed = true;
    for (const waiter of waiters) waiter.fail("vm-serial-closed", "The machine ended");
    waiters.clear();
    closed.resolve();
  });
  // Writing to a machine that has just ended: the reading side says so to whoever waits.
  for (const side of [input, output]) side.on("error", () => side.destroy());

  const waitFor = (pattern: RegExp | string, options: WaitOptions) => {
    const wanted = typeof pattern === "string" ? new RegExp(escapeRegExp(pattern)) : pattern;
    const pending = Promise.withResolvers<RegExpExecArray>();
    const fail = (code: string, message: string) => {
      clearTimeout(timer);
      pending.reject(waitError(code, message, options, text.slice(cursor)));
    };
    const look = () => {
      const fresh = text.slice(cursor);
      const found = wanted.exec(fresh);
      const bad = options.unless?.exec(fresh);
      if (bad != null && (found === null || bad.index < found.index)) {
        fail("vm-wait-hopeless", `The machine said "${scrub(bad[0])}"`);
        return true;
      }
      if (found === null) return false;
      cursor += found.index + found[0].length;
      clearTimeout(timer);
      pending.resolve(found);
      return true;
    };
    const timer = setTimeout(() => {
      waiters.delete(waiter);
      fail("vm-wait-timeout", `Nothing of the kind within ${Math.round(options.deadlineMs / 1000)} s`);
    }, options.deadlineMs);
    const waiter: Waiter = { look, fail };
    if (!look()) {
      if (isClosed) fail("vm-serial-closed", "The machine ended");
      else waiters.add(waiter);
    }
    return pending.promise;
  };

  return {
    get text() {
      return text;
    },
    waitFor,
    send: (keys) => void output.write(keys),
    watch(onText) {
      watchers.add(onText);
      return () => void watchers.delete(onText);
    },
    closed: closed.promise,
    close() {
      input.destroy();
      output.destroy();
    },
  };
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function waitError(code: string, message: string, options: WaitOptions, unread: string): ActionableError {
  return new ActionableError({
    code,
    exit: EXIT.stepFailed,
    message: `${message}, while waiting for ${options.what}.`,
    evidence: scrub(unread)
      .split("\n")
      .filter((line) => line.trim() !== "")
      .slice(-20),
    hint: "The whole transcript is serial.log in the machine's artefacts.",
  });
}
