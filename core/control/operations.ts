// Everything the daemon can be told to do: a closed list.
import { checkArgs, flag, type Shape, text, whole } from "./arguments.ts";
import { Refusal } from "./refusal.ts";
import type { JsonObject } from "./strict-json.ts";

interface Operation {
  /** null: it does not exist yet, and is answered "not-yet" whatever its arguments. */
  args: Shape | null;
  /** What `ifState` may say; empty: it may not be there. */
  states: readonly string[];
  /** It could cut off whoever asked for it, so it goes back by itself unless it is confirmed. */
  reverts: boolean;
  /** The daemon itself sees to it; the others are handlers passed in. */
  own: boolean;
}

/** As core/status/controller-facts.ts names them. */
const STATES = ["off", "starting", "running", "silent", "paused", "failed"] as const;
/** What libvirt takes and no path, option or XML can be made of. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MACHINE = { name: text(NAME) };

const machine = (more: Shape = {}): Operation => ({
  ...{ args: { ...MACHINE, ...more }, states: STATES, reverts: false, own: false },
});
const host: Operation = { args: {}, states: [], reverts: false, own: false };
const own = (args: Shape): Operation => ({ args, states: [], reverts: false, own: true });
const later: Operation = { args: null, states: [], reverts: false, own: false };
const laterReverting: Operation = { ...later, reverts: true };

const LIST = {
  "vm.start": machine(),
  /** Asks the guest to shut down; `seconds`: how long it is waited for. */
  "vm.stop": machine({ seconds: whole(1, 3600, "optional") }),
  "vm.kill": machine(),
  "vm.pause": machine({ resume: flag("optional") }),
  /** Leaves `from`, where there is one (`left`: what becomes of it), and has `to` run. `ifState` is that of `from`. */
  "vm.switch": {
    ...machine(),
    args: { to: text(NAME), from: text(NAME, "optional"), left: text(/^(pause|stop|run)$/, "optional") },
  },
  "vm.console": machine(),
  "vm.create": later,
  "vm.change": later,
  "vm.remove": later,
  "os.install": later,
  "pci.assign": laterReverting,
  "pci.release": laterReverting,
  "usb.allow": laterReverting,
  "usb.block": laterReverting,
  "netchain.apply": laterReverting,
  "bootmenu.apply": laterReverting,
  "update.run": later,
  "update.rollback": later,
  "package.install": later,
  "cik.make": later,
  "key.rotate": later,
  "host.reboot": host,
  "host.poweroff": host,
  /** Keeps a change that would revert; `id`: of the command that made it. */
  confirm: own({ id: text(/^[0-9a-f]{64}$/) }),
  /** Unlocks tty1: `certificate` is a line of a -cert.pub file for the seat's key, `code` what tty1 shows. */
  "seat.grant": own({
    code: text(/^[A-Z0-9-]{1,32}$/),
    certificate: text(/^[a-z0-9@.-]{1,64} [A-Za-z0-9+/]+={0,2}$/),
  }),
  "seat.drop": own({}),
  /** The break in the audit log has been seen to. */
  "audit.acknowledge": own({}),
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof LIST;
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = LIST;
export const OPERATION_NAMES = Object.keys(LIST) as OperationName[];

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(LIST, name);
}

/** Throws Refusal "arguments". */
export function checkOperation(name: OperationName, args: JsonObject, ifState: string | null): void {
  const { args: shape, states } = OPERATIONS[name];
  if (shape === null) return;
  checkArgs(shape, args);
  if (ifState !== null && !states.includes(ifState)) {
    throw new Refusal(
      "arguments",
      states.length === 0 ? `${name} takes no "ifState".` : `"ifState" must be one of ${states.join(", ")}.`,
    );
  }
}
