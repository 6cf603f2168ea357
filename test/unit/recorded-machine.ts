// The recorded machines of test/fixtures/machines, as inventories and as something to change a little.
import { readFileSync } from "node:fs";
import type { Inventory } from "../../core/inventory/inventory.ts";
import { probe } from "../../core/inventory/probe.ts";
import { type MachineFile, parseMachine, replay } from "../../core/inventory/record.ts";

/**
 * `rescue-guest*` are recordings of the real rescue system in an emulated machine, before and after real tools had put
 * partitions, file systems, swap and pools on its disks, and run from memory beside a second stick. The other two are composed by hand from lsblk 2.41's fields, for
 * hardware that is not here: a desktop with Windows, drives of equal model, an opened encrypted volume.
 */
export type MachineName =
  | "qemu-blank-disk"
  | "several-disks"
  | "rescue-guest"
  | "rescue-guest-used-disks"
  | "rescue-guest-second-stick"
  | HardwareName;

/**
 * Composed by hand in the shape of udev 257's, lscpu's and ethtool's output, for templates: servers with a card in HBA and
 * in RAID mode and one that was asked without root, a laptop, a desktop computer, a board with a device tree.
 */
export type HardwareName =
  | "hw-dell-r730xd"
  | "hw-dell-r630"
  | "hw-dell-r930"
  | "hw-laptop"
  | "hw-pc"
  | "hw-board-raspberry-pi-4";

export function machinePath(name: MachineName): string {
  return new URL(`../fixtures/machines/${name}.json`, import.meta.url).pathname;
}

export function machineFile(name: MachineName): MachineFile {
  const path = machinePath(name);
  return parseMachine(path, readFileSync(path, "utf8"));
}

/** The inventory of a recorded machine, after `change` had its way with the recording. */
export async function inventoryOf(
  name: MachineName,
  change: (outputs: MachineFile["outputs"]) => void = () => {},
): Promise<Inventory> {
  const file = machineFile(name);
  change(file.outputs);
  return await probe(replay(file));
}
