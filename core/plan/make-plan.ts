// The planner: a pure function of a resolved spec and an inventory. It starts nothing and writes nothing.
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import { canonicalJson, sha256 } from "./derive.ts";
import { diskInWords } from "./disk-in-words.ts";
import { diskSteps } from "./disk-steps.ts";
import { type Circumstances, evidenceOf, refuseSourceAsTarget } from "./evidence-of.ts";
import { existingSteps } from "./existing-steps.ts";
import { besideOthers } from "./layout/beside.ts";
import type { DiskLayout, NamedDisk } from "./layout/disk-layout.ts";
import { joinBeside } from "./layout/join-beside.ts";
import type { Layout } from "./layout/layout.ts";
import { layoutOf } from "./layout/layout-of.ts";
import type { ErasedDisk, Plan, Step } from "./step.ts";
import { refuseTakenIdentifiers } from "./taken-identifiers.ts";
import { zfsSteps } from "./zfs-steps.ts";

export type { Circumstances };

/**
 * The ordered list of steps. Throws `wrong-disk-count`, `disk-too-small`, `esp-too-small`, `not-uefi`, `no-live-medium`,
 * `target-gone`, `source-not-found`, `source-is-target`, `identifiers-taken`.
 * The hash covers identities and steps, not the evidence that drifts.
 */
export function makePlan(spec: ResolvedSpec, inventory: Inventory, circumstances: Circumstances): Plan {
  const find = (id: string) => besideOthers(spec, findDisk(id, inventory), inventory);
  const targets = Object.values(spec.disks).flat();
  for (const id of targets) find(id);
  const evidence = evidenceOf(spec, inventory, circumstances);
  refuseSourceAsTarget(spec, inventory, targets);
  const layout = joinBeside(spec, layoutOf(spec, find, inventory, evidence), inventory);
  refuseTakenIdentifiers(spec, inventory, layout);
  const steps = [...diskSteps(spec, layout, inventory.disks), ...rootSteps(spec, layout)];
  const written = layout.disks.map(({ disk }) => disk);
  const { changes = [] } = layout;
  return {
    ...{ version: 1 as const, hash: hashOf({ version: 1, salt: spec.salt, host: spec.host.name, steps }) },
    ...{ salt: spec.salt, host: spec.host.name },
    erases: layout.disks.flatMap(erasedOn),
    ...(changes.length === 0 ? {} : { changes }),
    untouched: inventory.disks
      .filter((each) => !written.some(({ id, path }) => id === each.id && path === each.path))
      .map((each) => ({ id: each.id ?? each.path, name: diskInWords(each), content: each.content })),
    ...(layout.notes.length === 0 ? {} : { notes: layout.notes }),
    steps,
    evidence,
  };
}

/** All of a disk, or the one partition of it whose place is taken, or nothing. */
function erasedOn({ disk, beside }: DiskLayout): ErasedDisk[] {
  const id = disk.id ?? disk.path;
  if (beside === undefined) return [{ id, name: diskInWords(disk), content: disk.content }];
  const { replaced } = beside;
  if (replaced === null) return [];
  const content = disk.partitions.find(({ number }) => number === replaced.number)?.content;
  return [
    {
      ...{ id: replaced.partuuid, name: `partition ${replaced.number} of ${id}, ${diskInWords(disk)}` },
      content: content === undefined ? [] : [content],
    },
  ];
}

/** The hash of a plan, also of one read back from a file: whoever runs a saved plan compares it first. */
export function hashOf({ version, salt, host, steps }: Pick<Plan, "version" | "salt" | "host" | "steps">): string {
  return sha256(canonicalJson({ version, salt, host, steps }));
}

/** By file system: what is made of the partitions, from the empty ones to the last write of the install. */
function rootSteps(spec: ResolvedSpec, layout: Layout): Step[] {
  const { root } = spec;
  if (root.filesystem === "zfs" && layout.root.filesystem === "zfs") return zfsSteps(spec, root, layout, layout.root);
  if (root.filesystem === "zfs-existing" && layout.root.filesystem === "zfs-existing")
    return existingSteps(spec, root, layout, layout.root);
  throw new Error("the layout is of another file system");
}

function findDisk(id: string, inventory: Inventory): NamedDisk {
  const disk = inventory.disks.find((each): each is NamedDisk => each.id === id);
  if (disk !== undefined) return disk;
  throw new ActionableError({
    code: "target-gone",
    exit: EXIT.refused,
    message: `The disk ${id} is not in this machine.`,
    evidence: inventory.disks.map((each) => `${each.id ?? each.path}  ${diskInWords(each)}`),
    hint: "Name one of these in disks.system.",
  });
}
