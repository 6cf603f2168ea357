// The booted rescue system, saved once for each set of images: scenarios that are not about booting it go on from there.
import { createHash } from "node:crypto";
import { access, copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { uefiFirmware } from "../../core/vm/firmware.ts";
import { openGuestShell } from "../../core/vm/guest-shell.ts";
import { type Machine, machineAccel } from "../../core/vm/machine.ts";
import type { VmDisk } from "../../core/vm/machine-options.ts";
import { accelArgv } from "../../core/vm/qemu-argv.ts";
import { saveState } from "../../core/vm/save-state.ts";
import { defaultCache } from "../../rescue/build.ts";
import { RESCUE_PROMPT, type RescueOptions, rescueMachine, STATE_FOLDER } from "./rescue-machine.ts";
import { type Context, DEADLINE } from "./scenario.ts";

interface Saved {
  state: string;
  nvram: string;
}

const making = new Map<string, Promise<Saved>>();

type LiveImage = NonNullable<RescueOptions["image"]>;

const savedMachine = (context: Context, image: LiveImage) =>
  rescueMachine(context, "saved", "multiverse.login=off", image);

/** Starts a machine from the saved state, plugs the scenario's disks in and mounts the state disk. */
export async function restoreRescue(context: Context, options: RescueOptions): Promise<Machine> {
  if (options.login !== undefined || options.program !== undefined)
    throw new Error("the kernel's command line of a saved state is fixed: login and program need cold: true");
  const { image = "live" } = options;
  const coming = making.get(image) ?? findOrMake(context, image);
  making.set(image, coming);
  const saved = await coming;
  // What the file held is overwritten by the state: boot entries of an earlier machine do not outlive this.
  await copyFile(saved.nvram, options.nvram);
  const firmware = await uefiFirmware(options.nvram);
  const machine = await context.machine({
    ...{ ...savedMachine(context, image), name: options.name, firmware },
    ...{ restoreFrom: saved.state },
  });
  const state: VmDisk = {
    ...{ id: "state", file: options.state, format: "raw", bus: "virtio", serial: "multiverse-state" },
    ...(options.stateLog === undefined ? {} : { log: options.stateLog }),
  };
  for (const [index, disk] of [state, ...options.disks].entries())
    await machine.attach(disk, disk.bus === "virtio" || disk.bus === "nvme" ? `port${index}` : undefined);
  machine.serial.send("\n");
  return machine;
}

/** What the rescue system does at boot for the disks that it now got later; and an identity of its own. */
export function afterRestoring(disks: readonly Pick<VmDisk, "bus" | "serial">[]): string {
  const wanted = ["virtio-multiverse-state", ...disks.flatMap(linkOf)];
  return [
    "set -eu",
    ...wanted.map((link) => `udevadm wait --settle --timeout=120 /dev/disk/by-id/${link}`),
    `mkdir -p ${STATE_FOLDER}`,
    `mount -t vfat -o rw,sync,flush,umask=0077 /dev/disk/by-id/virtio-multiverse-state ${STATE_FOLDER}`,
    "rm -f /etc/machine-id",
    "systemd-machine-id-setup",
  ].join("\n");
}

/** The name under /dev/disk/by-id that udev gives a disk of QEMU's; nothing where it has no serial number. */
function linkOf({ bus, serial }: Pick<VmDisk, "bus" | "serial">): string[] {
  if (serial === undefined) return [];
  switch (bus) {
    case "virtio":
      return [`virtio-${serial}`];
    case "nvme":
      return [`nvme-QEMU_NVMe_Ctrl_${serial}_1`];
    case "scsi":
      return [`scsi-0QEMU_QEMU_HARDDISK_${serial}`];
    case "usb":
      return [`usb-QEMU_QEMU_HARDDISK_${serial}-0:0`];
    case "sata":
      throw new Error("SATA disks cannot be plugged in: boot cold");
    default:
      return bus satisfies never;
  }
}

async function findOrMake(context: Context, image: LiveImage): Promise<Saved> {
  const { run } = context.tools;
  const version = await run(["qemu-system-x86_64", "--version"]);
  const options = savedMachine(context, image);
  const manifest = image === "live" ? context.images.manifest : context.images.tinyManifest;
  const facts = [manifest, options, accelArgv(await machineAccel(context.tools)), version.stdout];
  const key = createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 16);
  const folder = join(defaultCache(), "saved", `${image}-${key}`);
  const saved = { state: join(folder, "state.zst"), nvram: join(folder, "nvram.fd") };
  const there = await access(saved.state).then(
    () => true,
    () => false,
  );
  if (!there) await make(context, image, folder);
  return saved;
}

async function make(context: Context, image: LiveImage, folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished-${process.pid}`;
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await context.timed("the rescue system booted once and saved", async () => {
    const firmware = await uefiFirmware(join(unfinished, "nvram.fd"));
    const machine = await context.machine({ ...savedMachine(context, image), name: "saved", firmware });
    const wait = { deadlineMs: DEADLINE.boot, what: "the rescue system's root shell" };
    await machine.serial.waitFor(RESCUE_PROMPT, wait);
    const shell = await openGuestShell(machine.serial);
    await shell.run("systemctl is-system-running --wait", { deadlineMs: DEADLINE.boot });
    // The next login is what the restored machines start with.
    shell.serial.send("exit\n");
    await machine.serial.waitFor(RESCUE_PROMPT, wait);
    await saveState(machine, join(unfinished, "state.zst"));
  });
  for (const name of await readdir(join(folder, ".."))) {
    const path = join(folder, "..", name);
    if (path !== unfinished && !name.startsWith(`${image === "live" ? "tiny" : "live"}-`))
      await rm(path, { recursive: true });
  }
  await rename(unfinished, folder);
}
