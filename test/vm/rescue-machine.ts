// The rescue system in a machine: direct kernel start under real UEFI firmware, its spec on a small FAT disk.
import { join } from "node:path";
import { createFatDisk } from "../../core/vm/disk-image.ts";
import { uefiFirmware } from "../../core/vm/firmware.ts";
import type { Machine } from "../../core/vm/machine.ts";
import type { MachineOptions, VmDisk } from "../../core/vm/machine-options.ts";
import type { Context } from "./scenario.ts";

export const STATE_FOLDER = "/run/multiverse/state";
export const SPEC_PATH = `${STATE_FOLDER}/multiverse.yml`;

export interface RescueOptions {
  name: string;
  disks: readonly VmDisk[];
  nvram: string;
  /** The FAT disk with the spec; made by makeStateDisk, kept over a power cut. */
  state: string;
  /** A file that gets its writes and flushes; with a saved state only. */
  stateLog?: string;
  onReboot?: "exit";
  /** Boot it from the start; otherwise it goes on from a saved state where there is one (virtio disks only). */
  cold?: boolean;
  /** Default: no way out of the machine. */
  network?: "user";
  /**
   * Which terminals have no screens: `multiverse.login=` on the kernel's command line, "" to leave it out. Default "off":
   * root shells everywhere. Another value needs a cold boot.
   */
  login?: string;
  /** A disk that is a program.squashfs and replaces the one on the medium; needs a cold boot. */
  program?: string;
  /** What it installs: the host, or the tiny root, which a scenario that is about disks has in a minute. */
  image?: "live" | "tiny";
  /** More words for the kernel's command line; only with `cold`. */
  words?: string;
  memoryMiB?: number;
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
const PROGRAM = "/dev/disk/by-id/virtio-multiverse-program";

export const RESCUE_PROMPT = /root@multiverse-rescue:[^\n]*# /;

type RescueMachine = Omit<MachineOptions, "name" | "firmware" | "folder" | "memoryMiB" | "cpus">;

/** The machine of the rescue system: `cold` knows its state disk from the start, `saved` gets its disks later. */
export function rescueMachine(
  { images }: Context,
  how: "cold" | "saved",
  more = "multiverse.login=off",
  image: "live" | "tiny" = "live",
): RescueMachine {
  const live: VmDisk = { id: "live", file: images[image], format: "raw", bus: "virtio", serial: "multiverse-live" };
  return {
    network: "isolated",
    kernel: {
      vmlinuz: images.vmlinuz,
      initrd: images.initrd,
      append: [
        `boot=multiverse-live ${CONSOLES} multiverse.live=${LIVE}`,
        ...(how === "cold" ? [`multiverse.state=${STATE}`] : []),
        ...(more === "" ? [] : [more]),
      ].join(" "),
    },
    disks: [{ ...live, readOnly: true }],
    ...(how === "cold" ? {} : { spareSlots: 8 }),
  };
}

/** Starts the rescue system's machine and gives it back before anything has booted. */
export async function startRescue(context: Context, options: RescueOptions): Promise<Machine> {
  const { login = "off", program } = options;
  const more = [
    login === "" ? "" : `multiverse.login=${login}`,
    program === undefined ? "" : `multiverse.program=${PROGRAM}`,
    options.words ?? "",
  ];
  const machine = rescueMachine(context, "cold", more.filter((option) => option !== "").join(" "), options.image);
  const disk = (id: string, file: string): VmDisk => ({
    id,
    file,
    format: "raw",
    bus: "virtio",
    serial: `multiverse-${id}`,
  });
  return context.machine({
    ...machine,
    name: options.name,
    network: options.network ?? machine.network,
    firmware: await uefiFirmware(options.nvram),
    ...(options.onReboot === undefined ? {} : { onReboot: options.onReboot }),
    ...(options.memoryMiB === undefined ? {} : { memoryMiB: options.memoryMiB }),
    disks: [
      ...machine.disks,
      disk("state", options.state),
      ...(program === undefined ? [] : [{ ...disk("program", program), readOnly: true }]),
      ...options.disks,
    ],
  });
}
