// The whole state of a running machine in a file, and machines that go on from it in a second instead of booting.
import { ActionableError, EXIT } from "../errors.ts";
import type { Qmp } from "./qmp.ts";

/**
 * Stops the machine and writes its memory and devices to a file (about 80 MiB for a booted rescue system); the machine
 * is over then. Its disks are not in it: a machine that goes on must have the same ones, unchanged, and may be given
 * more afterwards (Machine.attach, in the slots that `spareSlots` left).
 */
export async function saveState(machine: { qmp: Qmp; close(): Promise<void> }, file: string): Promise<void> {
  await machine.qmp.execute("stop");
  await migrate(machine.qmp, "migrate", `exec:zstd -q -1 -T0 -f -o ${shellWord(file)}`);
  await machine.close();
}

/**
 * Loads a saved state into a machine that waits for one; startMachine does this with `restoreFrom`. vmgenid tells the
 * kernel that it is a copy, and it draws new random numbers; the machine id is still the saved one.
 */
export async function loadState(qmp: Qmp, file: string): Promise<void> {
  await migrate(qmp, "migrate-incoming", `exec:zstd -q -dc ${shellWord(file)}`);
}

async function migrate(qmp: Qmp, command: "migrate" | "migrate-incoming", uri: string): Promise<void> {
  await qmp.execute("migrate-set-capabilities", { capabilities: [{ capability: "events", state: true }] });
  await qmp.execute(command, { uri });
  for (;;) {
    const { data } = await qmp.takeEvent("MIGRATION");
    if (data.status === "completed") return;
    if (data.status === "failed" || data.status === "cancelled") throw failed(command, String(data.status));
  }
}

function failed(command: string, status: string): ActionableError {
  return new ActionableError({
    code: "vm-state-failed",
    exit: EXIT.stepFailed,
    message: "The state of a virtual machine could not be saved or restored.",
    evidence: [`${command}: ${status}`],
    hint: "See qemu.log in the machine's artefacts; is there room on the disk?",
  });
}

/** QEMU hands the command to a shell. */
function shellWord(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
