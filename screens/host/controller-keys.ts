// The letters that do something with the controller under the pointer.
import type { Controller } from "../../core/status/controller-facts.ts";
import type { OnHostIntent } from "../host-state/intent.ts";

const LETTERS: Readonly<Record<string, string>> = {
  ...{ s: "vm.start", t: "vm.stop", p: "vm.pause", k: "vm.kill", c: "vm.console" },
};

/** Returns whether the letter stands for an operation. Pausing what is paused lets it go on. */
export function controllerKey(letter: string, controller: Controller | undefined, onIntent: OnHostIntent): boolean {
  const op = LETTERS[letter];
  if (op === undefined || controller === undefined) return false;
  const { name, state } = controller;
  const resume = op === "vm.pause" && state === "paused" ? { resume: true } : {};
  onIntent({ want: "command", op, args: { name, ...resume } });
  return true;
}
