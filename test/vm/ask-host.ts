// Asks a booted host by its shell, and checks what it says.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface Ask {
  /** The output of a command, without its last newline; empty when it fails. */
  get(command: string): Promise<string>;
  is(title: string, command: string, expected: string): Promise<void>;
  matches(title: string, command: string, pattern: RegExp): Promise<void>;
}

export function asker(context: Context, shell: GuestShell, prefix: string): Ask {
  const get = async (command: string) => {
    const { output } = await shell.run(command, { deadlineMs: DEADLINE.command, what: command });
    return output.trim();
  };
  return {
    get,
    is: async (title, command, expected) => context.same(prefix + title, await get(command), expected),
    async matches(title, command, pattern) {
      const output = await get(command);
      context.check(prefix + title, pattern.test(output), `${output}\n(not ${pattern})`);
    },
  };
}
