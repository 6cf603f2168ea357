// The rescue system in a machine: direct kernel start under real UEFI firmware, its spec on a small FAT disk.
import { join } from "node:path";
import { createFatDisk } from "../../core/vm/disk-image.ts";
import { uefiFirmware } from "../../core/vm/firmware.ts";
import { type GuestShell, openGuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import type { VmDisk } from "../../core/vm/machine-options.ts";
import { type Context, DEADLINE } from "./scenario.ts";

const STATE_FOLDER = "/run/multiverse/state";
export const SPEC_PATH = `${STATE_FOLDER}/multiverse.yml`;

export interface Rescue {
  machine: Machine;
  shell: GuestShell;
}

export interface RescueOptions {
  name: string;
  disks: readonly VmDisk[];
  nvram: string;
  /** The FAT disk with the spec; made by makeStateDisk, kept over a power cut. */
  state: string;
  onReboot?: "exit";
}

/** The disk that stands for the stick's writable partition; `spec` becomes its multiverse.yml. */
export async function makeStateDisk(context: Context, spec: string): Promise<string> {
  return makeStateDiskWith(context, { "multiverse.yml": spec });
}

export async function makeStateDiskWith(context: Context, files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(context.work, "state.img");
  await createFatDisk(context.tools.run, path, "MULTIVERSE", files);
  return path;
}

/** Where a file of the state disk is in the rescue system. */
export function onStateDisk(name: string): string {
  return `${STATE_FOLDER}/${name}`;
}

/** A blank target disk on virtio, as every scenario uses it unless it is about another bus. */
export function targetDisk(file: string, serial: string, id = "target"): VmDisk {
  return { id, file, format: "qcow2", bus: "virtio", serial };
}

const CONSOLES = "console=tty0 console=ttyS0,115200";
const LIVE = "/dev/disk/by-id/virtio-multiverse-live";
const STATE = "/dev/disk/by-id/virtio-multiverse-state";

/** Starts the rescue system's machine and gives it back before anything has booted. */
export async function startRescue(context: Context, options: RescueOptions): Promise<Machine> {
  const { images } = context;
  return context.machine({
    name: options.name,
    firmware: await uefiFirmware(options.nvram),
    network: "isolated",
    ...(options.onReboot === undefined ? {} : { onReboot: options.onReboot }),
    kernel: {
      vmlinuz: images.vmlinuz,
      initrd: images.initrd,
      append: `boot=multiverse-live ${CONSOLES} multiverse.live=${LIVE} multiverse.state=${STATE}`,
    },
    disks: [
      { id: "live", file: images.live, format: "raw", bus: "virtio", serial: "multiverse-live", readOnly: true },
      { id: "state", file: options.state, format: "raw", bus: "virtio", serial: "multiverse-state" },
      ...options.disks,
    ],
  });
}

/** Starts the rescue system and gives a root shell on its serial line. */
export async function bootRescue(context: Context, options: RescueOptions): Promise<Rescue> {
  return context.timed(`${options.name}: the rescue system starts`, async () => {
    const machine = await startRescue(context, options);
    await machine.serial.waitFor(/root@multiverse-rescue:[^\n]*# /, {
      deadlineMs: DEADLINE.boot,
      what: "the rescue system's root shell",
      unless: /Kernel panic|\(initramfs\) |emergency mode/,
    });
    return { machine, shell: await openGuestShell(machine.serial) };
  });
}

/** Switches a rescue machine off in good order. */
export async function powerOff(context: Context, { machine, shell }: Rescue): Promise<void> {
  await context.timed(`${machine.name}: switched off`, async () => {
    shell.serial.send("systemctl poweroff\n");
    await machine.waitForPowerOff(DEADLINE.powerOff);
    await machine.close();
  });
}
