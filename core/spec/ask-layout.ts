// The question of how several disks are joined: asked, because room and safety are for a person to weigh.
import { type DiskFilesystem, diskLayoutRule, diskLayoutsFor } from "../disk-layouts.ts";
import { layoutRule, layoutsFor } from "../zfs-layouts.ts";
import type { Choice } from "./questions.ts";
import type { Spec } from "./schema.ts";
import { rootDiskName } from "./used-disks.ts";

/** How many disks the root is to have, as far as the spec says so. */
export function rootDiskCount({ root, disks }: Spec): number {
  const stated = disks?.[rootDiskName({ root })];
  if (Array.isArray(stated)) return stated.length;
  return typeof stated === "object" ? (stated.count ?? 1) : 1;
}

/** What so many disks can be joined to, the safest first. */
export function layoutChoices(count: number, filesystem: DiskFilesystem | "zfs" = "zfs"): Choice[] {
  if (filesystem !== "zfs") {
    const order = ["raid1", "raid10", "raid6", "raid5", "single"] as const;
    const fitting = diskLayoutsFor(filesystem, count);
    return order
      .filter((layout) => fitting.includes(layout))
      .map((layout) => ({ value: layout, label: `${layout}: ${diskLayoutRule(filesystem, layout)}`, unusable: [] }));
  }
  const order = ["mirror", "raid10", "raidz3", "raidz2", "raidz1", "stripe", "single"] as const;
  const fitting = layoutsFor(count);
  return order
    .filter((layout) => fitting.includes(layout))
    .map((layout) => ({ value: layout, label: `${layout}: ${layoutRule(layout)}`, unusable: [] }));
}
