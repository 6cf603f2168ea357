// Everything that a host can be told, a line each, and what is not built yet.
import { OPERATION_NAMES, OPERATIONS, type OperationName } from "../../core/control/operations.ts";

const SAYS: Readonly<Record<OperationName, string>> = {
  "vm.start": "start a controller: name=…",
  "vm.stop": "ask a controller to shut down: name=… [seconds:=N]",
  "vm.kill": "end a controller at once: name=…",
  "vm.pause": "pause a controller, or let it go on: name=… [resume:=true]",
  "vm.switch": "leave one controller for another: to=… [from=… left=pause|stop|run]",
  "vm.console": "give a controller's console: name=…",
  "vm.create": "make a controller",
  "vm.change": "change a controller's resources, disks and snapshots",
  "vm.remove": "remove a controller",
  "os.install": "install an operating system into a controller",
  "pci.assign": "give a PCI device to a controller",
  "pci.release": "take a PCI device back",
  "usb.allow": "allow a USB device",
  "usb.block": "block a USB device",
  "netchain.apply": "change how the controllers reach the network",
  "bootmenu.apply": "change the boot menu",
  "update.run": "update the host",
  "update.rollback": "go back to an earlier release of the host",
  "package.install": "install packages that are passed in",
  "cik.make": "make a crypto ignition key",
  "key.rotate": "change the keys of the disks",
  "host.reboot": "restart the host",
  "host.poweroff": "power the host off",
  confirm: "keep a change that would go back by itself: id=…",
  "seat.grant": "unlock tty1 for eight hours: --code CODE, which tty1 shows",
  "seat.drop": "lock tty1",
  "audit.acknowledge": "say that a break in the audit log was seen to",
};

/** The text of `multiverse ctl` without an operation. */
export function listOperations(): string {
  const width = Math.max(...OPERATION_NAMES.map((name) => name.length));
  const line = (name: OperationName) => `  ${name.padEnd(width)}  ${SAYS[name]}`;
  const built = OPERATION_NAMES.filter((name) => OPERATIONS[name].args !== null);
  const later = OPERATION_NAMES.filter((name) => OPERATIONS[name].args === null);
  return `${[
    "A host can be told:",
    ...built.map(line),
    ...(later.length === 0 ? [] : ["", "not yet:", ...later.map(line)]),
    "",
    "multiverse ctl --help shows how; what a key may do is in the host's policy.",
  ].join("\n")}\n`;
}
