// Follows the status socket for as long as somebody wants to see it: connects, connects again, and hands on what is known.
import { connect as connectSocket } from "node:net";
import type { Duplex } from "node:stream";
import { cutLines } from "../tools/cut-lines.ts";
import { afterLoss, applyLine, NOTHING_KNOWN } from "./apply-message.ts";
import type { StatusView } from "./view.ts";

const AGAIN_MS = 1_000;
/** The daemon says something at least every 10 s. */
export const SILENCE_MS = 25_000;
/** A snapshot with every part as long as a part may be (board.ts). */
const MOST_LINE = 32 * 1024 * 1024;

export interface StatusClock {
  /** performance.now() */
  now(): number;
  /** Returns what calls it off. */
  after(ms: number, run: () => void): () => void;
}

export interface FollowStatusOptions {
  /** The socket's path, or a stream that its lines come through from elsewhere; made anew for each connection. */
  from: string | (() => Duplex);
  /** Called for every change; each view is a new object. Never called from inside followStatus. */
  onStatus(view: StatusView): void;
  /** Each line as it came, after the view was told. */
  onLine?: (line: string) => void;
  clock?: StatusClock;
}

const REAL_CLOCK: StatusClock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Goes on until it is stopped; after that nothing is called any more. */
export function followStatus({ from, onStatus, onLine, clock = REAL_CLOCK }: FollowStatusOptions): { stop(): void } {
  let view: StatusView = NOTHING_KNOWN;
  let stopped = false;
  let end = () => {};
  open();
  return {
    stop() {
      stopped = true;
      end();
    },
  };

  function tell(next: StatusView): void {
    view = next;
    onStatus(view);
  }

  function open(): void {
    const stream = typeof from === "string" ? connectSocket(from) : from();
    let over = false;
    let heard = clock.now();
    let callOff = clock.after(SILENCE_MS, check);
    /** The first message of a connection is a snapshot, whatever is known from the last one. */
    let first = true;
    const close = () => {
      over = true;
      callOff();
      stream.destroy();
    };
    const lose = (why: string) => {
      if (over) return;
      close();
      callOff = clock.after(AGAIN_MS, open);
      end = callOff;
      tell(afterLoss(view, why));
    };
    end = close;
    stream.setEncoding("utf8");
    stream.on(
      "data",
      cutLines(MOST_LINE, (line) => {
        if (over) return;
        try {
          if (line.length >= MOST_LINE) throw new Error("it sent a line without an end");
          const next = applyLine(first ? { ...view, state: "connecting" } : view, line, clock.now());
          first = false;
          heard = clock.now();
          tell(next);
        } catch (error) {
          lose(error instanceof Error ? error.message : String(error));
          return;
        }
        // onStatus may have stopped it
        if (!stopped) onLine?.(line);
      }),
    );
    stream.on("error", (error: NodeJS.ErrnoException) => lose(inWords(error)));
    stream.on("close", () => lose("multiversed has ended the connection"));
    stream.on("end", () => lose("multiversed has ended the connection"));

    /** One timer that looks when it was last heard, instead of one that is set anew by each line. */
    function check(): void {
      const left = heard + SILENCE_MS - clock.now();
      if (left <= 0) lose(`multiversed has said nothing for ${SILENCE_MS / 1000} s`);
      else callOff = clock.after(left, check);
    }
  }
}

function inWords(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED") return "multiversed is not running";
  if (error.code === "EACCES" || error.code === "EPERM") return "multiversed's socket may not be opened by this user";
  return `multiversed cannot be reached: ${error.message}`;
}
