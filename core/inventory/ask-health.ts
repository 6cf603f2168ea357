// Asks every disk for its health, for specs that select by it. The probe alone does not: it would wake disks that sleep.
import type { Run } from "../tools/run.ts";
import { diskHealth } from "./health.ts";
import type { Disk, Inventory } from "./inventory.ts";

/** smartctl waits for the disk, not for the processor; and a shelf of disks is not to be asked all at once. */
const AT_ONCE = 16;

/** The inventory with each disk's `health`; a disk that cannot be asked keeps null. */
export async function withHealth(inventory: Inventory, run: Run, signal?: AbortSignal): Promise<Inventory> {
  const disks: Disk[] = [];
  for (let at = 0; at < inventory.disks.length; at += AT_ONCE) {
    const some = inventory.disks.slice(at, at + AT_ONCE);
    disks.push(...(await Promise.all(some.map((disk) => asked(disk, run, signal)))));
  }
  return { ...inventory, disks };
}

async function asked(disk: Disk, run: Run, signal?: AbortSignal): Promise<Disk> {
  const { passed } = await diskHealth(run, disk.path, signal);
  return { ...disk, health: passed === null ? null : passed ? "passed" : "failing" };
}
