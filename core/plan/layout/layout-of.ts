// Which layout a spec means: one case for each file system.
import type { ResolvedSpec } from "../../spec/resolved.ts";
import { layoutJoined } from "./joined-disks.ts";
import type { FindDisk, Layout } from "./layout.ts";
import { layoutZfs } from "./zfs-disks.ts";

/** @throws ActionableError `wrong-disk-count`, `disk-too-small`, `esp-too-small`, and what `find` throws */
export function layoutOf(spec: ResolvedSpec, find: FindDisk): Layout {
  const { root } = spec;
  switch (root.filesystem) {
    case "zfs":
      return layoutZfs(spec, root, find);
    case "ext4":
    case "xfs":
    case "btrfs":
      return layoutJoined(spec, root, find);
    default:
      return root satisfies never;
  }
}
