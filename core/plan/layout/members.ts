// The disks that a root file system lies on: EFI, the file system's own partition, swap at the end of each.
import { ActionableError, EXIT } from "../../errors.ts";
import type { Bytes } from "../../inventory/inventory.ts";
import { sizeInWords } from "../../size-in-words.ts";
import type { ResolvedSpec, Share } from "../../spec/resolved.ts";
import type { NamedDisk } from "./disk-layout.ts";
import { bytesOn, type Placed, placePartitions, type Wish } from "./geometry.ts";
import { MIB, SMALLEST_ESP, UNFINISHED } from "./partition-types.ts";

export interface Members {
  disks: readonly NamedDisk[];
  /** The partition that the file system gets on each. */
  own: Omit<Wish, "size">;
  /** An ESP on every disk, each of which starts the machine alone; else on the first only. */
  espOnAll: boolean;
  /** All the same size, which is the smallest's. */
  equal: boolean;
}

export interface PlacedMembers {
  placed: Placed[][];
  notes: string[];
}

/** @throws ActionableError `disk-too-small`, `esp-too-small` */
export function placeMembers(spec: ResolvedSpec, members: Members): PlacedMembers {
  const { disks, own } = members;
  const place = (size: Share) => disks.map((disk, at) => placePartitions(disk, wishes(spec, members, disk, at, size)));
  const placed = place("size" in spec.root ? spec.root.size : "rest");
  const sizes = placed.map((each) => each.find(({ role }) => role === own.role)?.bytes ?? 0);
  const smallest = Math.min(...sizes);
  if (!members.equal || sizes.every((size) => size === smallest)) return { placed, notes: [] };
  const notes = disks.flatMap(({ id }, at) => {
    const more = (sizes[at] ?? 0) - smallest;
    return more === 0
      ? []
      : [`${id} is larger than the smallest member of ${own.name}: ${sizeInWords(more)} of it stay unused.`];
  });
  return { placed: place(smallest), notes };
}

function wishes(spec: ResolvedSpec, members: Members, disk: NamedDisk, at: number, size: Share): Wish[] {
  const esp: Wish[] =
    disk.joinsEsp !== true && (at === 0 || members.espOnAll)
      ? [{ role: "esp", name: UNFINISHED, words: "EFI", size: spec.esp.size }]
      : [];
  for (const wish of esp) refuseSmallEsp(disk, wish);
  const swap = swapOnEach(spec, members.disks.length);
  return [
    ...esp,
    { ...members.own, size },
    ...(swap === null ? [] : [{ role: "swap" as const, name: "swap", words: "swap", size: swap }]),
  ];
}

/** Every member carries its part of the swap, so that all have the same partitions; a percentage is of each. */
function swapOnEach({ swap }: ResolvedSpec, members: number): Share | null {
  if (swap.kind !== "partition" || swap.size === 0) return null;
  return typeof swap.size === "number" ? Math.ceil(swap.size / members / MIB) * MIB : swap.size;
}

function refuseSmallEsp(disk: NamedDisk, { size }: Wish): void {
  const bytes: Bytes | null = bytesOn(disk, size);
  if (bytes === null || bytes >= SMALLEST_ESP) return;
  throw new ActionableError({
    code: "esp-too-small",
    exit: EXIT.refused,
    message: `An EFI system partition of ${sizeInWords(bytes)} is too small: kernels and initramfs of several releases live there.`,
    hint: `Ask for at least ${sizeInWords(SMALLEST_ESP)} in esp.size (2 GiB is the default).`,
  });
}
