// A pool on its disks: every member of a redundant pool has an ESP of its own, so that each starts the machine alone.
import { ActionableError, EXIT } from "../../errors.ts";
import type { ResolvedSpec, ZfsRoot } from "../../spec/resolved.ts";
import { dataDisks, isRedundant } from "../../zfs-layouts.ts";
import { ashiftOf } from "../pool-options.ts";
import type { Vdev } from "../step.ts";
import { diskLayout, withPartition } from "./disk-layout.ts";
import { placePartitions } from "./geometry.ts";
import type { FindDisk, Layout } from "./layout.ts";
import { placeMembers } from "./members.ts";
import { MIB, partitionName, SMALLEST_POOL } from "./partition-types.ts";
import { checkAshift, checkSectors } from "./sectors.ts";
import { checkCount, vdevsOf } from "./vdevs.ts";

/** zpool-create(8) takes no smaller device (SPA_MINDEVSIZE). */
const SMALLEST_DEVICE = 64 * MIB;

/** @throws ActionableError also `special-not-redundant`, `swap-file-on-zfs`, `sector-size`, `ashift-too-small` */
export function layoutZfs(spec: ResolvedSpec, root: ZfsRoot, find: FindDisk): Layout {
  refuseSwapFile(spec);
  const idsOf = (name: string | undefined) => (name === undefined ? [] : (spec.disks[name] ?? []));
  const ids = idsOf(root.on);
  checkCount(root.layout, ids);
  const redundant = isRedundant(root.layout);
  const spares = idsOf(root.extras.spare?.on);
  // A spare has what a member has, its ESP too: it is to take a member's place.
  const members = [...ids, ...spares].map(find);
  const extras = EXTRAS.flatMap((use) => {
    const stated = root.extras[use];
    return stated === undefined ? [] : [{ use, disks: idsOf(stated.on).map(find), layout: stated.layout ?? "single" }];
  });
  const all = [...members, ...extras.flatMap(({ disks }) => disks)];
  checkSectors(all);
  const slow = checkAshift(all, ashiftOf(root.poolOptions));
  const least = Math.ceil(SMALLEST_POOL / dataDisks(root.layout, ids.length) / MIB) * MIB;
  const { placed, notes } = placeMembers(spec, {
    disks: members,
    own: { role: "pool", name: partitionName(root.pool), words: "pool", least },
    espOnAll: redundant,
    equal: redundant,
  });
  const disks = members.map((disk, at) => diskLayout(spec.salt, disk, at, placed[at] ?? []));
  const partuuids = withPartition(disks, "pool").map(({ partition }) => partition.partuuid);
  const vdevs = vdevsOf(root.layout, partuuids.slice(0, ids.length));
  for (const { use, disks: own, layout } of extras) {
    const name = partitionName(root.pool, use);
    const wish = { role: use, name, words: use, size: "rest" as const, least: SMALLEST_DEVICE };
    const laid = own.map((disk, at) => diskLayout(spec.salt, disk, disks.length + at, placePartitions(disk, [wish])));
    const parts = withPartition(laid, use).map(({ partition }) => partition.partuuid);
    if (use !== "cache")
      checkCount(
        layout,
        own.map(({ id }) => id),
        `root.${use}`,
      );
    if (use === "special" && redundant && !isRedundant(layout))
      throw notRedundant(
        root,
        own.map(({ id }) => id),
      );
    vdevs.push(...(use === "cache" ? vdevsOf("stripe", parts, use) : vdevsOf(layout, parts, use)));
    disks.push(...laid);
  }
  const waiting: Vdev[] = spares.length === 0 ? [] : vdevsOf("stripe", partuuids.slice(ids.length), "spare");
  return {
    disks,
    root: { filesystem: "zfs", vdevs: [...vdevs, ...waiting] },
    notes: [...notes, ...slow, ...swapNotes(spec)],
  };
}

const EXTRAS = ["special", "log", "cache"] as const;

function swapNotes({ swap }: ResolvedSpec): string[] {
  if (swap.kind !== "zvol") return [];
  return [
    "Swap on a volume of the pool can hang a machine that runs out of memory (openzfs #7734): ZFS needs memory to write it. A partition and zram do not.",
  ];
}

function refuseSwapFile({ swap }: ResolvedSpec): void {
  if (swap.kind !== "file") return;
  throw new ActionableError({
    code: "swap-file-on-zfs",
    exit: EXIT.refused,
    message:
      "ZFS cannot hold a swap file: it never writes a block to the same place again, and swapon(8) refuses that.",
    hint: "Use `swap: partition` or `swap: zram` instead.",
  });
}

function notRedundant({ layout, pool }: ZfsRoot, disks: readonly string[]): ActionableError {
  return new ActionableError({
    code: "special-not-redundant",
    exit: EXIT.refused,
    message: `The pool ${pool} is a ${layout} and outlives a disk, but not its special devices: with one of them everything would be lost.`,
    evidence: disks.map((id) => `root.special: ${id}`),
    hint: "Use `special: {on: …, layout: mirror}` with two disks or more.",
  });
}
