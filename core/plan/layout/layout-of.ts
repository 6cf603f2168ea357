// Which layout a spec means: one case for each file system.
import type { Inventory } from "../../inventory/inventory.ts";
import type { ResolvedSpec } from "../../spec/resolved.ts";
import type { Evidence } from "../step.ts";
import { layoutExisting } from "./existing-pool.ts";
import type { FindDisk, Layout } from "./layout.ts";
import { layoutZfs } from "./zfs-disks.ts";

/** @throws ActionableError `wrong-disk-count`, `disk-too-small`, `esp-too-small`, and what `find` throws */
export function layoutOf(spec: ResolvedSpec, find: FindDisk, inventory: Inventory, evidence: Evidence): Layout {
  const { root } = spec;
  switch (root.filesystem) {
    case "zfs":
      return layoutZfs(spec, root, find);
    case "zfs-existing":
      return layoutExisting(spec, root, inventory, evidence);
    default:
      return root satisfies never;
  }
}
