// Boots an installed tiny root through firmware and rEFInd, reads its report, and switches it off.
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createOverlay } from "../../core/vm/disk-image.ts";
import { uefiFirmware } from "../../core/vm/firmware.ts";
import { type GuestShell, openGuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import type { VmDisk } from "../../core/vm/machine-options.ts";
import { BOOT_FAILED } from "./boot-host.ts";
import { type Context, DEADLINE } from "./scenario.ts";
import { parseTinyReport, type TinyReport } from "./tiny-report.ts";

export interface TinyBoot {
  name: string;
  disks: readonly VmDisk[];
  /** The machine's memory of boot entries; without it the firmware finds a loader by itself. */
  nvram?: string;
  /** Writes go to overlays that are thrown away: the disks stay as they are for another boot. */
  thrownAway?: true;
  /** What must be typed between the kernel's start and the report. */
  unlock?: (machine: Machine) => Promise<void>;
}

export interface BootedTiny {
  machine: Machine;
  shell: GuestShell;
  report: TinyReport;
}

export async function bootTiny(context: Context, options: TinyBoot): Promise<BootedTiny> {
  const { name } = options;
  const nvram = join(context.work, `${name}-nvram.fd`);
  await rm(nvram, { force: true });
  if (options.nvram !== undefined) await copyFile(options.nvram, nvram);
  const disks = options.thrownAway ? await overlaid(context, name, options.disks) : options.disks;
  const machine = await context.machine({ name, firmware: await uefiFirmware(nvram), network: "none", disks });
  return context.timed(`${name}: from firmware to the report`, async () => {
    const { serial } = machine;
    const wait = { deadlineMs: DEADLINE.boot, unless: new RegExp(`${BOOT_FAILED.source}|BdsDxe: No bootable option`) };
    await serial.waitFor(/Starting vmlinuz/, { ...wait, what: "the kernel" });
    await options.unlock?.(machine);
    await serial.waitFor(/MULTIVERSE-TINY-END[\s\S]*# $/, { ...wait, what: "the tiny root's report and shell" });
    const shell = await openGuestShell(serial);
    // Once more: on the console the kernel's words may stand in between.
    const report = parseTinyReport(await shell.output("tiny-report"));
    return { machine, shell, report };
  });
}

async function overlaid(context: Context, name: string, disks: readonly VmDisk[]): Promise<VmDisk[]> {
  return Promise.all(
    disks.map(async (disk) => {
      const file = join(context.work, `${name}-${disk.id}.qcow2`);
      await rm(file, { force: true });
      await createOverlay(context.tools.run, file, disk.file, "qcow2");
      return { ...disk, file, format: "qcow2" as const };
    }),
  );
}

/** Switches it off in good order. */
export async function stopTiny(context: Context, { machine, shell }: BootedTiny): Promise<void> {
  await context.timed(`${machine.name}: switched off`, async () => {
    shell.serial.send("poweroff\n");
    await machine.waitForPowerOff(DEADLINE.powerOff);
    await machine.close();
  });
}
