// Starts a virtual machine and is its handle: serial line, control socket, screen, power.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActionableError, EXIT } from "../errors.ts";
import type { Started } from "../tools/run.ts";
import { type Accel, detectAccel } from "./accel.ts";
import { blockNode, deviceId, diskDevice } from "./block-devices.ts";
import type { MachineOptions, VmDisk } from "./machine-options.ts";
import { qemuArgv } from "./qemu-argv.ts";
import { listenForQmp, type Qmp } from "./qmp.ts";
import { loadState } from "./save-state.ts";
import { pressKeys, takePicture, typeText } from "./screen.ts";
import { openSerial, type Serial, serialPipes } from "./serial.ts";
import { startTpm } from "./tpm.ts";
import type { VmTools } from "./vm-tools.ts";

export interface Machine {
  readonly name: string;
  /** Where its transcript and pictures are. */
  readonly folder: string;
  readonly serial: Serial;
  readonly qmp: Qmp;
  readonly pid: number;
  /** Resolves when QEMU has ended, with its status (null: by a signal). */
  readonly exited: Promise<number | null>;
  /** Writes the screen to `<folder>/<name>.png` and gives the path. */
  picture(name: string): Promise<string>;
  press(...keys: string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** Plugs a disk into a running machine; virtio and NVMe disks need a spare slot. */
  attach(disk: VmDisk, slot?: string): Promise<void>;
  /** Pulls a disk out; resolves when the guest has let it go. */
  detach(disk: VmDisk): Promise<void>;
  /** Waits until the machine has switched itself off; throws ActionableError "vm-still-running". */
  waitForPowerOff(deadlineMs: number): Promise<void>;
  /**
   * Ends the machine as a power cut does. Lost: everything that the guest had not yet written to its disks, and of what
   * it wrote to a qcow2 disk without a flush, the clusters that QEMU had not linked yet.
   */
  cutPower(): Promise<void>;
  /** Ends the machine if it still runs and removes its sockets. Idempotent. */
  close(): Promise<void>;
}

const START_MS = 30_000;
let accelOfThisHost: Promise<Accel> | undefined;

/** How machines run here; found out once for each process. */
export function machineAccel(tools: VmTools): Promise<Accel> {
  accelOfThisHost ??= detectAccel(tools.run);
  return accelOfThisHost;
}

/** Starts a machine and lets it run; its serial line is connected before the first instruction. */
export async function startMachine(tools: VmTools, options: MachineOptions): Promise<Machine> {
  const accel = await machineAccel(tools);
  // Socket paths are limited to 107 bytes, so they live in a short folder of their own.
  const sockets = await mkdtemp(join(tmpdir(), "mv-"));
  const files = {
    qmpSocket: join(sockets, "qmp"),
    serial: join(sockets, "serial"),
    transcript: join(options.folder, "serial.log"),
    tpmSocket: join(sockets, "tpm"),
  };
  const pipes = serialPipes(files.serial);
  await tools.run(["mkfifo", "-m", "600", pipes.fromGuest, pipes.toGuest]);
  const qemuLog = join(options.folder, "qemu.log");
  const control = await listenForQmp(files.qmpSocket);
  const tpm =
    options.tpm === undefined
      ? null
      : await startTpm(tools.start, {
          ...{ state: options.tpm.state, socket: files.tpmSocket, log: join(options.folder, "swtpm.log") },
        });
  const program = await tools.start(qemuArgv(options, accel, files), { stdoutFile: qemuLog, stderrFile: qemuLog });
  const end = async () => {
    program.kill("SIGKILL");
    await program.exited;
    // A TPM answers when its memory is written: nothing is lost.
    tpm?.kill("SIGKILL");
    await tpm?.exited;
    await rm(sockets, { recursive: true, force: true });
  };
  try {
    const qmp = await control.accept(program.exited, START_MS);
    const serial = openSerial(files.serial);
    if (options.restoreFrom !== undefined) await loadState(qmp, options.restoreFrom);
    await qmp.execute("cont");
    return handle(options, program, serial, qmp, end);
  } catch (cause) {
    await end();
    throw await startError(options.name, qemuLog, cause);
  }
}

function handle(
  options: MachineOptions,
  program: Started,
  serial: Serial,
  qmp: Qmp,
  end: () => Promise<void>,
): Machine {
  return {
    name: options.name,
    folder: options.folder,
    serial,
    qmp,
    pid: program.pid,
    exited: program.exited,
    async picture(name) {
      const path = join(options.folder, `${name}.png`);
      await takePicture(qmp, path);
      return path;
    },
    press: (...keys) => pressKeys(qmp, keys),
    type: (text) => typeText(qmp, text),
    async attach(disk, slot) {
      await qmp.execute("blockdev-add", blockNode(disk));
      await qmp.execute("device_add", diskDevice(disk, slot));
    },
    async detach(disk) {
      const gone = qmp.takeEvent("DEVICE_DELETED");
      await qmp.execute("device_del", { id: deviceId(disk) });
      await gone;
      await qmp.execute("blockdev-del", { "node-name": disk.id });
    },
    async waitForPowerOff(deadlineMs) {
      const late = Promise.withResolvers<"late">();
      const timer = setTimeout(() => late.resolve("late"), deadlineMs);
      const first = await Promise.race([program.exited, late.promise]);
      clearTimeout(timer);
      if (first === "late") throw runningError(options.name, deadlineMs);
    },
    cutPower: end,
    async close() {
      serial.close();
      qmp.close();
      await end();
    },
  };
}

async function startError(name: string, qemuLog: string, cause: unknown): Promise<ActionableError> {
  const words = await readFile(qemuLog, "utf8").catch(() => "");
  return new ActionableError({
    code: "vm-start-failed",
    exit: EXIT.stepFailed,
    message: `The virtual machine ${name} did not start.`,
    evidence: [...words.trim().split("\n").slice(-10), cause instanceof Error ? cause.message : String(cause)],
    hint: `QEMU's own words are in ${qemuLog}.`,
    cause,
  });
}

function runningError(name: string, deadlineMs: number): ActionableError {
  return new ActionableError({
    code: "vm-still-running",
    exit: EXIT.stepFailed,
    message: `The virtual machine ${name} has not switched itself off within ${Math.round(deadlineMs / 1000)} s.`,
    hint: "See serial.log in its artefacts for what it was doing.",
  });
}
