// A host that takes commands from the real `multiverse ctl`: the real gate behind a real socket, in a temporary folder.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dispatch } from "../../bin/dispatch.ts";
import { openCommandSocket } from "../../core/control/command-socket.ts";
import type { Handler } from "../../core/control/handlers.ts";
import { Refusal } from "../../core/control/refusal.ts";
import { ActionableError } from "../../core/errors.ts";
import { createRun } from "../../core/tools/run-real.ts";
import { type TestHost, testHost } from "./control-host.ts";
import { makeKey, type SampleKey } from "./ssh-sample.ts";

export interface CtlHost extends TestHost {
  socket: string;
  /** What the handlers were asked, "vm.start {"name":"work"}". */
  done: string[];
  /** A key with its .pub beside it. */
  person(name: string): SampleKey;
  close(): Promise<void>;
}

/** `seatKey`: the line of the seat's public key. */
export async function ctlHost(options: { seatKey?: string } = {}): Promise<CtlHost> {
  const host = testHost();
  const done: string[] = [];
  const doing =
    (op: string): Handler =>
    async (args, { ifState }) => {
      if (ifState !== null && ifState !== "off") throw new Refusal("state", "It is off.");
      done.push(`${op} ${JSON.stringify(args)}`);
      return { text: `${op} happens.` };
    };
  const seatKey = join(host.folder, "seat-key.pub");
  if (options.seatKey !== undefined) writeFileSync(seatKey, `${options.seatKey}\n`);
  const gate = await host.gate({
    ...{ seatKey },
    handlers: { "vm.start": doing("vm.start"), "host.reboot": doing("host.reboot"), "vm.stop": doing("vm.stop") },
  });
  const socket = join(host.folder, "control.sock");
  const listening = await openCommandSocket({ path: socket, gate, mode: 0o666, clock: host.clock });
  return {
    ...{ ...host, socket, done },
    person: (name) => makeKey(host.folder, name),
    close: async () => {
      await listening.close();
      await gate.close();
      host.remove();
    },
  };
}

export interface CtlRun {
  /** The exit code, or that of the error. */
  exit: number;
  out: string;
  said: string;
  error: ActionableError | null;
}

/** `multiverse` with these words, in this process. Errors that a person cannot act on are thrown on. */
export async function multiverse(...words: string[]): Promise<CtlRun> {
  let [out, said] = ["", ""];
  const context = {
    ...{ run: createRun(), signal: new AbortController().signal },
    out: (text: string) => {
      out += text;
    },
    say: (text: string) => {
      said += text;
    },
  };
  try {
    return { exit: await dispatch(words, context), out, said, error: null };
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error;
    return { exit: error.exit, out, said, error };
  }
}
