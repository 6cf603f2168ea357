// Random machines and specs for them: every layout word with its counts, disks of any size and sector, further devices, swap.
import fc from "fast-check";
import type { Disk, Inventory } from "../../core/inventory/inventory.ts";
import type { ZfsRoot, ResolvedSpec, ResolvedSwap } from "../../core/spec/resolved.ts";
import { disksNeeded, isRedundant, type ZfsLayout } from "../../core/zfs-layouts.ts";
import { SAMPLE_ROOT, sampleDisk, sampleInventory, sampleSpec } from "./sample-host.ts";

export interface RandomLayout {
  spec: ResolvedSpec;
  inventory: Inventory;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const LAYOUTS: ZfsLayout[] = ["single", "stripe", "mirror", "raid10", "raidz1", "raidz2", "raidz3"];

const oldPartition = (number: number): Disk["partitions"][number] => ({
  ...{
    kname: `x${number}`,
    path: `/dev/x${number}`,
    number,
    start: number * GIB,
    size: GIB,
    type: null,
    partuuid: null,
  },
  ...{ partlabel: null, filesystem: null, label: null, uuid: null, mountpoints: [], content: "old" },
});

/** A disk of 24 to 400 GiB with any tail, blank or with old partitions. */
const disk = (at: number): fc.Arbitrary<Disk & { id: string }> =>
  fc
    .record({
      gib: fc.integer({ min: 24, max: 400 }),
      tail: fc.integer({ min: 0, max: 262_143 }),
      sector: fc.constantFrom(512, 4096),
      old: fc.uniqueArray(fc.integer({ min: 1, max: 128 }), { maxLength: 3 }),
    })
    .map(({ gib, tail, sector, old }) => ({
      ...sampleDisk({ serial: `D${at}`, kname: `vd${at}`, path: `/dev/vd${at}`, sector, physicalSector: 4096 }),
      ...{ id: `virtio-D${at}`, aliases: [`virtio-D${at}`], size: gib * GIB + tail * 4096 },
      ...{ partitions: old.map(oldPartition), tableUuid: old.length === 0 ? null : `old-${at}` },
    }));

const several = (from: number, count: number) => fc.tuple(...Array.from({ length: count }, (_, at) => disk(from + at)));

function countsOf(layout: ZfsLayout): fc.Arbitrary<number> {
  const least = disksNeeded(layout);
  if (layout === "single") return fc.constant(1);
  return layout === "raid10"
    ? fc.integer({ min: 2, max: 4 }).map((pairs) => pairs * 2)
    : fc.integer({ min: least, max: least + 4 });
}

const swap: fc.Arbitrary<ResolvedSwap> = fc.oneof(
  fc.constant({ kind: "none" } as const),
  fc.integer({ min: 16, max: 4096 }).map((mib) => ({ kind: "partition", size: mib * MIB + 1 }) as const),
  fc.integer({ min: 1, max: 10 }).map((percent) => ({ kind: "partition", size: { percent } }) as const),
  fc.constantFrom("zram" as const, "zvol" as const).map((kind) => ({ kind, size: GIB })),
);

type Extras = ZfsRoot["extras"];

/** Further devices, with the number of disks that each takes. */
const extras = (layout: ZfsLayout): fc.Arbitrary<{ extras: Extras; counts: Record<string, number> }> =>
  fc
    .record({
      special: fc.option(
        isRedundant(layout) ? fc.constant("mirror" as const) : fc.constantFrom("single" as const, "mirror" as const),
      ),
      log: fc.option(fc.constantFrom("single" as const, "mirror" as const, "stripe" as const)),
      cache: fc.option(fc.integer({ min: 1, max: 2 })),
      spare: fc.option(fc.integer({ min: 1, max: 2 })),
    })
    .map(({ special, log, cache, spare }) => {
      const made: Extras = {};
      const counts: Record<string, number> = {};
      if (special !== null) [made.special, counts.special] = [{ on: "special", layout: special }, disksNeeded(special)];
      if (log !== null) [made.log, counts.log] = [{ on: "log", layout: log }, disksNeeded(log)];
      if (cache !== null) [made.cache, counts.cache] = [{ on: "cache", layout: null }, cache];
      if (spare !== null) [made.spare, counts.spare] = [{ on: "spare", layout: null }, spare];
      return { extras: made, counts };
    });

/** Specs and machines that fit each other; one or two disks of the machine are none of the spec's business. */
export const randomLayout: fc.Arbitrary<RandomLayout> = fc.constantFrom(...LAYOUTS).chain((layout) =>
  fc.tuple(countsOf(layout), extras(layout), fc.integer({ min: 1, max: 2 })).chain(([members, more, strangers]) => {
    const counts: [string, number][] = [["system", members], ...Object.entries(more.counts)];
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    return fc
      .record({
        disks: several(0, total + strangers),
        swap,
        size: fc.constantFrom("rest" as const, { percent: 50 }, 4 * GIB + 3),
        esp: fc.constantFrom(GIB, 2 * GIB + 1, { percent: 5 }),
        encryption: fc.constantFrom("none" as const, "passphrase" as const),
        media: fc.boolean(),
      })
      .map(({ disks, swap, size, esp, encryption, media }) => {
        const firsts = counts.map((_, at) => counts.slice(0, at).reduce((sum, [, count]) => sum + count, 0));
        const named = Object.fromEntries(
          counts.map(([name, count], at) => {
            const first = firsts[at] ?? 0;
            return [name, disks.slice(first, first + count).map(({ id }) => id)];
          }),
        );
        const root: ZfsRoot = {
          ...SAMPLE_ROOT,
          ...{ layout, size, encryption, extras: more.extras },
          datasets: media ? [{ name: "media", mountpoint: "/srv/media", quota: GIB }] : [],
        };
        return {
          spec: sampleSpec({ disks: named, root, swap, esp: { size: esp } }),
          inventory: sampleInventory({ disks }),
        };
      });
  }),
);
