// The operations on controllers as the gate of signed commands calls them.
import type { CommandContext, Handler, Handlers } from "../control/handlers.ts";
import { Refusal } from "../control/refusal.ts";
import type { JsonObject } from "../control/strict-json.ts";
import { ActionableError } from "../errors.ts";
import type { Controller, ControllerState } from "../status/controller-facts.ts";
import type { ControllerOperations, Operation } from "./operations.ts";

export interface HandlerOptions {
  operations: ControllerOperations;
  /** What the status says of the controllers now: it knows starting, running and silent apart, which libvirt does not. */
  known(): readonly Pick<Controller, "name" | "state">[];
}

/** vm.switch begins with the controller that is left, where there is one; the others have one `name`. */
const nameIn = ({ name, from, to }: JsonObject) => String(name ?? from ?? to);

export function controllerHandlers({ operations, known }: HandlerOptions): Handlers {
  /** @throws Refusal `state` when it is another than the command says */
  async function checkState(args: JsonObject, { ifState }: CommandContext): Promise<void> {
    if (ifState === null) return;
    const name = nameIn(args);
    const coarse = await operations.stateOf(name);
    const told = known().find((each) => each.name === name)?.state;
    const state: ControllerState = coarse === "running" ? (told ?? coarse) : coarse;
    if (state !== ifState) throw new Refusal("state", `${name} is ${state}, not ${ifState}.`);
  }

  const handle =
    (operation: Operation, text: (args: JsonObject) => string): Handler =>
    async (args, context) => {
      await checkState(args, context);
      // What an operation answers is names and states.
      const data = (await operation({ ...args }, context).catch((error: unknown) => {
        throw inOneText(error);
      })) as JsonObject;
      return { text: text(args), data };
    };

  return {
    "vm.start": handle(operations.vmStart, (args) => `${nameIn(args)} is started.`),
    "vm.stop": handle(operations.vmStop, (args) => `${nameIn(args)} is off.`),
    "vm.kill": handle(operations.vmKill, (args) => `${nameIn(args)} was ended.`),
    "vm.pause": handle(operations.vmPause, (args) =>
      args.resume === true ? `${nameIn(args)} goes on.` : `${nameIn(args)} is paused.`,
    ),
    "vm.switch": handle(operations.vmSwitch, ({ to }) => `${String(to)} is in front.`),
    "vm.console": handle(operations.vmConsole, (args) => `The console of ${nameIn(args)} can be opened.`),
  };
}

/** An answer to a command is one short text: libvirt's last word goes into it, or else what to do. */
function inOneText(error: unknown): unknown {
  if (!(error instanceof ActionableError)) return error;
  const { message, evidence, hint } = error;
  const more = FOREIGN.has(error.code) ? evidence.at(-1) : hint;
  return more === undefined ? error : new Error(`${message} ${more}`, { cause: error });
}

/** Errors whose reason others gave. */
const FOREIGN: ReadonlySet<string> = new Set(["vm-refused", "libvirt-silent", "no-such-controller"]);
