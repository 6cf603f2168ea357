// The letters that do something with the controller under the pointer.
import type { OnHostIntent } from "../host-state/intent.ts";

/** The operations that a letter stands for, wherever a controller is under the pointer. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ s: "vm.start", t: "vm.stop", p: "vm.pause", k: "vm.kill", c: "vm.console" },
};

export function controllerKey(letter: string, name: string | null, onIntent: OnHostIntent): boolean {
  const op = LETTERS[letter];
  if (op === undefined || name === null) return false;
  onIntent({ want: "command", op, args: { name } });
  return true;
}
