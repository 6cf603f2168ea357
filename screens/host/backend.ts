// What the screens of a host need from outside: its status, and somebody who signs commands. The demo has another one.
import type { StatusView } from "../../core/status/view.ts";

/** What came of a command; `text` is the daemon's own sentence. */
export type Outcome =
  | { state: "done"; text: string | null }
  | { state: "failed"; text: string }
  /** Accepted, and nobody saw its end. */
  | { state: "in-doubt"; text: string };

/** Sends what the seat can sign. */
export interface Commander {
  /** Never throws for what the daemon answers: that is an outcome. */
  send(op: string, args: Readonly<Record<string, unknown>>): Promise<Outcome>;
}

export interface HostBackend {
  /** Tells what is known now and at each change, until the function that it returns is called. */
  follow(onView: (view: StatusView) => void): () => void;
  command(op: string, args: Readonly<Record<string, unknown>>): Promise<Outcome>;
  /** The line that does the same from an admin's machine, with that admin's key: "multiverse ctl vm.kill …". */
  line(op: string, args: Readonly<Record<string, unknown>>): string;
  /** What proves presence at this terminal, such as "4821-7730"; null where it is not for this terminal. */
  seatCode(): Promise<string | null>;
  /** Drops the seat's certificate. */
  lock(): Promise<void>;
}
