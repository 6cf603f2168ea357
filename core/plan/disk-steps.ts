// The steps for each disk of a layout: look, save, clear, partition; then ESPs and swap, behind the line of no return.
import type { Disk } from "../inventory/inventory.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import { deriveUuid } from "./derive.ts";
import { type DiskLayout, withPartition } from "./layout/disk-layout.ts";
import type { Layout } from "./layout/layout.ts";
import { step, stepOf } from "./planned-step.ts";
import { clearedRanges, savedBeside } from "./saved-ranges.ts";
import type { Risk, Step } from "./step.ts";
import { teardownSteps } from "./teardown.ts";

/** Every disk passes one gate before any passes the next, so that the way back stays open for all of them as long as it can. */
export function diskSteps(spec: ResolvedSpec, { disks }: Layout, all: readonly Disk[]): Step[] {
  const whole = disks.filter(({ beside }) => beside === undefined);
  // Beside others nothing is overwritten that was anybody's, unless a partition is replaced.
  const saved = disks.filter(({ beside }) => beside === undefined || beside.replaced !== null);
  const teardown = teardownSteps(
    whole.map(({ disk }) => disk),
    all,
  );
  const each = (make: (disk: DiskLayout, at: number, words: (title: string) => string) => Step, of = disks) =>
    of.map((disk, index) => make(disk, index + 1, (title) => inWords(title, disk, disks)));
  return [
    ...each(({ target, disk }, at, words) =>
      stepOf(at, words("make sure it is the right disk, and free"), "reads", {
        ...{ kind: "check-target", target, tableUuid: disk.tableUuid },
        ...(disk.holders.length === 0 ? {} : { held: true as const }),
      }),
    ),
    // Before anything is erased: a medium that cannot be read must not cost the disk's content.
    step("make the source ready", "reads", { kind: "attach-source" }),
    ...teardown,
    ...each(
      ({ target, disk, partitions, beside }, at, words) =>
        stepOf(at, words("save tables and headers of the disk"), "reads", {
          ...{ kind: "save-table", target },
          ranges: beside === undefined ? clearedRanges(disk, partitions) : savedBeside(disk, beside, partitions),
        }),
      saved,
    ),
    ...each(
      ({ target, disk, partitions }, at, words) =>
        stepOf(at, words("clear the disk, prove it clear"), "erases", {
          ...{ kind: "clear-disk", target, ranges: clearedRanges(disk, partitions) },
        }),
      whole,
    ),
    ...each(
      ({ target, disk, tableUuid, partitions }, at, words) =>
        stepOf(at, words("write the partition table"), "erases", {
          ...{ kind: "partition", target, sectorSize: disk.sector, tableUuid, partitions },
        }),
      whole,
    ),
    ...besideSteps(disks),
    ...espSteps(disks),
    ...swapSteps(spec, disks),
  ];
}

/** Of one disk the title is enough; of several, which. */
function inWords(title: string, { target }: DiskLayout, disks: readonly DiskLayout[]): string {
  return disks.length === 1 ? title : `${title}: ${target.id}`;
}

/** Partitions beside others: only their own entries of the table are written. */
function besideSteps(disks: readonly DiskLayout[]): Step[] {
  return disks
    .flatMap((disk) => (disk.beside === undefined ? [] : [{ ...disk, beside: disk.beside }]))
    .map((one, index) => {
      const { target, disk, partitions, beside } = one;
      const { kept, replaced } = beside;
      const what =
        replaced === null ? "add the partitions" : `put the partitions in the place of number ${replaced.number}`;
      return stepOf(index + 1, inWords(what, one, disks), replaced === null ? "writes" : "erases", {
        ...{ kind: "add-partitions", target, sectorSize: disk.sector, partitions, kept, replaced },
      });
    });
}

function espSteps(disks: readonly DiskLayout[]): Step[] {
  return withPartition(disks, "esp").map(({ disk, partition }, index) =>
    stepOf(index + 1, inWords("make the EFI file system", disk, disks), lastPoint(disks), {
      ...{ kind: "make-esp", target: disk.target, partuuid: partition.partuuid, volumeId: disk.volumeId },
      ...{ sectorSize: disk.disk.sector, ...(index === 0 ? {} : { place: index + 1 }) },
    }),
  );
}

/** Where only free space is used, there is a way back until the end. */
const lastPoint = (disks: readonly DiskLayout[]): Risk =>
  disks.every(({ beside }) => beside !== undefined && beside.replaced === null) ? "writes" : "no-way-back";

/** Beside an encrypted root the swap gets a random key at boot, so there is nothing to make now. */
function swapSteps(spec: ResolvedSpec, disks: readonly DiskLayout[]): Step[] {
  if (spec.root.encryption !== "none") return [];
  return withPartition(disks, "swap").map(({ disk: { target, disk }, partition: { partuuid } }, index) => {
    const uuid = deriveUuid(spec.salt, index === 0 ? "swap" : `swap ${disk.id}`);
    return stepOf(index + 1, disks.length === 1 ? "make the swap" : `make the swap: ${target.id}`, "writes", {
      ...{ kind: "make-swap", target, partuuid, uuid },
    });
  });
}
