// What this machine has, as far as a spec needs to know it.
import type { Inventory } from "./inventory/inventory.ts";
import { probe } from "./inventory/probe.ts";
import { lookCloser } from "./look-closer.ts";
import type { LoadedSpec } from "./spec/load.ts";
import type { Run } from "./tools/run.ts";

/** What stands already is looked at only where the spec adds to it. */
export async function inventoryFor(loaded: LoadedSpec, run: Run, signal?: AbortSignal): Promise<Inventory> {
  return lookCloser(loaded, await probe(run, signal), run);
}
