// A console that a person sits at: what it shows now, keys pressed on it, waiting until it shows something.
import { setTimeout as delay } from "node:timers/promises";
import xterm from "@xterm/headless";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { DEADLINE } from "./scenario.ts";

export type ConsoleKey = "enter" | "tab" | "escape" | "up" | "down" | "left" | "right" | "backspace";

export interface ConsoleScreen {
  /** The rows as they are now, without spaces at their ends. */
  read(): Promise<string[]>;
  press(key: ConsoleKey): Promise<void>;
  type(text: string): Promise<void>;
}

/** How long a console may take to show what it is waited for. */
const POLL_MS = 250;

/** Waits until the console shows the pattern; throws with what it shows when it does not in time. */
export async function waitForScreen(
  console: ConsoleScreen,
  pattern: RegExp,
  options: { deadlineMs?: number; unless?: RegExp } = {},
): Promise<string[]> {
  const deadline = performance.now() + (options.deadlineMs ?? DEADLINE.command);
  for (;;) {
    const rows = await console.read();
    const text = rows.join("\n");
    if (pattern.test(text)) return rows;
    const hopeless = options.unless?.test(text) === true;
    if (hopeless || performance.now() > deadline) {
      throw new ActionableError({
        code: hopeless ? "screen-hopeless" : "screen-timeout",
        exit: EXIT.stepFailed,
        message: `The console does not show ${pattern}${hopeless ? `, and shows ${options.unless}` : ""}.`,
        evidence: rows.filter((row) => row !== ""),
        hint: "The machine's pictures and serial.log are in its artefacts.",
      });
    }
    await delay(POLL_MS);
  }
}

/** The names of QEMU's keys. */
const QEMU_KEYS: Readonly<Record<ConsoleKey, string>> = {
  ...{ enter: "ret", tab: "tab", escape: "esc", up: "up", down: "down", left: "left", right: "right" },
  backspace: "backspace",
};

/** tty1 of a machine: keys by the machine's own keyboard, read back from /dev/vcs1 by a shell on the serial line. */
export async function vtScreen(machine: Machine, shell: GuestShell): Promise<ConsoleScreen> {
  const size = async () => Number((await shell.output("stty -F /dev/tty1 size")).split(" ")[1]);
  let columns = await size();
  return {
    async read() {
      // One character a cell, in the font's own numbers beyond ASCII: what is waited for is ASCII.
      const encoded = await shell.output("stty -F /dev/tty1 size; base64 -w0 /dev/vcs1");
      const [first = "", data = ""] = encoded.split("\n");
      columns = Number(first.split(" ")[1]) || columns;
      const text = Buffer.from(data, "base64").toString("latin1");
      return Array.from({ length: Math.ceil(text.length / columns) }, (_, row) =>
        text.slice(row * columns, (row + 1) * columns).trimEnd(),
      );
    },
    press: (key) => machine.press(QEMU_KEYS[key]),
    async type(text) {
      // When the shell has answered, the machine has had its turn to read its keyboard.
      for (let at = 0; at < text.length; at += KEYS_AT_ONCE) {
        await machine.type(text.slice(at, at + KEYS_AT_ONCE));
        await shell.run(":");
      }
    },
  };
}

/** A keyboard keeps 16 bytes, three for each key: what comes on top is lost. */
const KEYS_AT_ONCE = 2;

/** What a terminal sends for a key. */
const BYTES: Readonly<Record<ConsoleKey, string>> = {
  ...{ enter: "\r", tab: "\t", escape: "\u001b", up: "\u001b[A", down: "\u001b[B", left: "\u001b[D" },
  ...{ right: "\u001b[C", backspace: "\u007f" },
};

export interface SerialScreenOptions {
  columns?: number;
  rows?: number;
  /** Whether it answers what programs ask of it, such as its size; default true. */
  answers?: boolean;
}

export interface SerialScreen extends ConsoleScreen {
  /** It reads and answers no more. */
  close(): void;
}

/** The serial line of a machine as a terminal of a given size. */
export function serialScreen(machine: Machine, options: SerialScreenOptions = {}): SerialScreen {
  const { columns = 80, rows = 24, answers = true } = options;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const stop = machine.serial.watch((text) => terminal.write(text));
  if (answers) terminal.onData((text) => machine.serial.send(text));
  return {
    close() {
      stop();
      terminal.dispose();
    },
    async read() {
      const { active } = terminal.buffer;
      return Array.from(
        { length: rows },
        (_, row) =>
          active
            .getLine(active.baseY + row)
            ?.translateToString(true)
            .trimEnd() ?? "",
      );
    },
    press: async (key) => machine.serial.send(BYTES[key]),
    type: async (text) => machine.serial.send(text),
  };
}
