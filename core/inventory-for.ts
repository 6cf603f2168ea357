// What this machine has, as far as a spec needs to know it.
import { withHealth } from "./inventory/ask-health.ts";
import type { Inventory } from "./inventory/inventory.ts";
import { probe } from "./inventory/probe.ts";
import type { LoadedSpec } from "./spec/load.ts";
import { selectsByHealth } from "./spec/selects-by-health.ts";
import type { Run } from "./tools/run.ts";

/** Disks are asked for their health only where the spec selects by it. */
export async function inventoryFor({ spec }: LoadedSpec, run: Run, signal?: AbortSignal): Promise<Inventory> {
  const inventory = await probe(run, signal);
  return selectsByHealth(spec) ? withHealth(inventory, run, signal) : inventory;
}
