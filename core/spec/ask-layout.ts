// The question of how several disks are joined, and how many disks a name stands for. Asked, because room and safety are
// for a person to weigh.
import { disksNeeded, layoutRule, layoutsFor, type ZfsLayout } from "../zfs-layouts.ts";
import type { Choice } from "./questions.ts";
import { layoutWord, resolveExtras } from "./resolve-zfs.ts";
import type { Spec } from "./schema.ts";
import { rootDiskName } from "./used-disks.ts";

/** How many disks a name under `disks:` may stand for; `most` null: as many as there are. */
export interface DisksWanted {
  least: number;
  most: number | null;
  even: boolean;
}

/** By the layout that is to be made of them; by what is stated where none is. */
export function disksWanted(spec: Spec, name: string): DisksWanted {
  const extra = Object.entries(resolveExtras(spec.root)).find(([, { on }]) => on === name);
  if (name !== rootDiskName(spec) && extra !== undefined) {
    const [use, { layout }] = extra;
    return layout === null && (use === "cache" || use === "spare")
      ? { least: 1, most: null, even: false }
      : taken(layout ?? "single");
  }
  const { layout } = spec.root ?? {};
  if (layout !== undefined) return taken(layoutWord(layout));
  const count = rootDiskCount(spec);
  return { least: count, most: count, even: false };
}

function taken(layout: ZfsLayout): DisksWanted {
  const least = disksNeeded(layout);
  return { least, most: layout === "single" ? 1 : null, even: layout === "raid10" };
}

/** How many disks the root is to have, as far as the spec says so. */
export function rootDiskCount({ root, disks }: Spec): number {
  const stated = disks?.[rootDiskName({ root })];
  if (Array.isArray(stated)) return stated.length;
  return typeof stated === "object" ? (stated.count ?? 1) : 1;
}

/** What so many disks can be joined to, the safest first. */
export function layoutChoices(count: number): Choice[] {
  const order = ["mirror", "raid10", "raidz3", "raidz2", "raidz1", "stripe", "single"] as const;
  const fitting = layoutsFor(count);
  return order
    .filter((layout) => fitting.includes(layout))
    .map((layout) => ({ value: layout, label: `${layout}: ${layoutRule(layout)}`, unusable: [] }));
}
