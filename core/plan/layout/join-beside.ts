// The ESPs that a system beside others joins, and what a person is told of disks that keep their other partitions.
import type { Inventory } from "../../inventory/inventory.ts";
import { sizeInWords } from "../../size-in-words.ts";
import type { ResolvedSpec } from "../../spec/resolved.ts";
import { diskInWords } from "../disk-in-words.ts";
import type { Changed } from "../step.ts";
import { roomyEsps } from "./beside.ts";
import { type DiskLayout, type NamedDisk, partitionOf, withPartition } from "./disk-layout.ts";
import { arithmetic, espNeeds, espPartitions, factsOf, inWords, joinEsps } from "./join-esps.ts";
import type { Layout } from "./layout.ts";
import { UNFINISHED } from "./partition-types.ts";

/** A layout whose disks are all used whole, and which joins nothing, stays as it is. */
export function joinBeside(spec: ResolvedSpec, layout: Layout, inventory: Inventory): Layout {
  const parts = layout.disks.flatMap((disk) => (disk.beside === undefined ? [] : [{ ...disk, beside: disk.beside }]));
  const joining = layout.disks.filter(({ disk }) => (disk as NamedDisk).joinsEsp === true);
  if (parts.length === 0 && joining.length === 0) return layout;
  const chosen = joining.length === 0 ? null : chosenEsps(spec, inventory, joining);
  const marked = withPartition(layout.disks, "esp").length > 0 ? layout.disks : markPool(layout.disks);
  const how = chosen?.how ?? [];
  return {
    ...layout,
    disks: marked,
    ...(chosen === null ? {} : { joined: chosen.joined }),
    changes: [
      ...(layout.changes ?? []),
      ...parts.flatMap((part) => (part.beside.replaced === null ? [changedBy(part, how)] : [])),
    ],
    notes: [
      ...layout.notes,
      ...(chosen?.notes ?? []),
      ...parts.flatMap((part) => (part.beside.replaced === null ? [] : keptInWords(part))),
      ...(parts.some(({ beside }) => beside.replaced === null) ? [] : how),
      ...parts.flatMap((part) => whyOwnEsp(spec, part, inventory)),
    ],
  };
}

function chosenEsps(spec: ResolvedSpec, inventory: Inventory, joining: readonly DiskLayout[]) {
  if (Array.isArray(spec.esp.join)) return joinEsps(spec, inventory, []);
  // Of several on one disk, all that have room.
  const join = joining.flatMap(({ disk }) => {
    const named = disk as NamedDisk;
    const use = spec.uses?.[named.id];
    return use === undefined ? [] : roomyEsps(spec, named, use, inventory).map(({ partuuid }) => partuuid);
  });
  return joinEsps({ ...spec, esp: { ...spec.esp, join } }, inventory, []);
}

/** Without an ESP of its own the install is marked by the name of its first partition, until it is finished. */
function markPool(disks: readonly DiskLayout[]): DiskLayout[] {
  const first = disks.find((disk) => partitionOf(disk, "pool") !== undefined);
  return disks.map((disk) =>
    disk !== first
      ? disk
      : {
          ...disk,
          partitions: disk.partitions.map((each) => (each.role === "pool" ? { ...each, name: UNFINISHED } : each)),
        },
  );
}

function keptInWords({ disk, beside }: DiskLayout & { beside: NonNullable<DiskLayout["beside"]> }): string[] {
  const kept = disk.partitions.filter(({ number }) => beside.kept.includes(number));
  if (kept.length === 0) return [];
  return [
    `${disk.id} keeps ${kept.map(({ number, content }) => `${number} (${content})`).join(", ")}: their entries and every byte of them.`,
  ];
}

function changedBy(part: DiskLayout & { beside: NonNullable<DiskLayout["beside"]> }, how: readonly string[]): Changed {
  const { disk, partitions, beside } = part;
  const added = partitions.map(({ number, name, role }) => `${number} (${role === "pool" ? "pool" : name})`).join(", ");
  return {
    id: disk.id ?? disk.path,
    name: diskInWords(disk),
    how: [
      `Partitions ${added} are added in ${sizeInWords(beside.room.size)} that no partition has.`,
      ...keptInWords(part),
      ...how,
    ],
  };
}

/** Why an ESP that is there is not joined. */
function whyOwnEsp(spec: ResolvedSpec, { disk, partitions }: DiskLayout, inventory: Inventory): string[] {
  if (spec.esp.join !== undefined || !partitions.some(({ role }) => role === "esp")) return [];
  return espPartitions(disk).map((esp) => {
    const facts = inventory.closer?.esps.find(({ partuuid }) => partuuid === esp.partuuid);
    const why =
      facts?.problem === null
        ? arithmetic(espNeeds(spec, inventory), factsOf(esp, inventory).free)
            .map((line) => line.trim().replace(/ +/g, " "))
            .join(", ")
        : (facts?.problem ?? "it was not looked at");
    return `An EFI partition of our own is made, because ${inWords(esp)} has no room: ${why}.`;
  });
}
