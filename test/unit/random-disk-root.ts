// Random roots on ext4, xfs and btrfs, with machines that fit them: for laws that every plan must keep.
import fc from "fast-check";
import { type DiskFilesystem, type DiskLayout, diskLayoutLeast, layoutWords } from "../../core/disk-layouts.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import type { PlainRoot, ResolvedRoot, ResolvedSpec, ResolvedSwap } from "../../core/spec/resolved.ts";
import { sampleDisk, sampleInventory, sampleSpec } from "./sample-host.ts";
import { btrfsRoot, plainRoot } from "./sample-roots.ts";

const GIB = 1024 ** 3;

const disk = (at: number) =>
  fc
    .record({
      sector: fc.constantFrom(512 as const, 4096 as const),
      gib: fc.integer({ min: 14, max: 40 }),
      tail: fc.integer({ min: 0, max: 500 }),
    })
    .map(({ sector, gib, tail }) =>
      sampleDisk({
        ...{
          id: `virtio-D${at}`,
          aliases: [`virtio-D${at}`],
          serial: `D${at}`,
          kname: `vd${at}`,
          path: `/dev/vd${at}`,
        },
        ...{ sector, physicalSector: 4096, size: gib * GIB + tail * 4096 },
      }),
    );

function countsOf(filesystem: DiskFilesystem, layout: DiskLayout): fc.Arbitrary<number> {
  const least = diskLayoutLeast(filesystem, layout);
  if (layout === "single") return fc.constant(1);
  return layout === "raid10"
    ? fc.integer({ min: 2, max: 3 }).map((pairs) => pairs * 2)
    : fc.integer({ min: least, max: least + 3 });
}

const group: fc.Arbitrary<PlainRoot["lvm"]> = fc.option(
  fc
    .record({
      root: fc.constantFrom(3 * GIB, "rest" as const, { percent: 50 }),
      home: fc.constantFrom(GIB, { percent: 20 }),
    })
    .map(({ root, home }) => ({
      name: "saturn",
      volumes: [
        { name: "root", size: root, mountpoint: "/" },
        { name: "home", size: home, mountpoint: "/home" },
      ],
    })),
);

const encryption = fc.constantFrom("none" as const, "passphrase" as const);

const kinds = (["ext4", "xfs", "btrfs"] as const).flatMap((filesystem) =>
  layoutWords(filesystem).map((layout) => ({ filesystem, layout })),
);

const rootOf = (filesystem: DiskFilesystem, layout: DiskLayout): fc.Arbitrary<ResolvedRoot> =>
  filesystem === "btrfs"
    ? encryption.map((locked) => btrfsRoot({ layout, encryption: locked }))
    : fc.record({ encryption, lvm: group }).map((more) => plainRoot({ filesystem, layout, ...more }));

const swapOf = (filesystem: DiskFilesystem, layout: DiskLayout): fc.Arbitrary<ResolvedSwap> =>
  fc.constantFrom<ResolvedSwap>(
    { kind: "none" },
    { kind: "partition", size: GIB + 1 },
    { kind: "zram", size: GIB },
    filesystem === "btrfs" && layout !== "single" ? { kind: "none" } : { kind: "file", size: GIB },
  );

/** One disk of the machine is none of the spec's business. */
export const randomDiskRoot: fc.Arbitrary<{ spec: ResolvedSpec; inventory: Inventory }> = fc
  .constantFrom(...kinds)
  .chain(({ filesystem, layout }) =>
    countsOf(filesystem, layout).chain((count) =>
      fc
        .record({
          disks: fc.tuple(...Array.from({ length: count + 1 }, (_, at) => disk(at))),
          root: rootOf(filesystem, layout),
          swap: swapOf(filesystem, layout),
          size: fc.constantFrom("rest" as const, { percent: 60 }),
        })
        .map(({ disks, root, swap, size }) => ({
          spec: sampleSpec({
            disks: { system: disks.slice(0, count).map(({ id }) => id ?? "") },
            root: { ...root, size },
            swap,
          }),
          inventory: sampleInventory({ disks }),
        })),
    ),
  );
