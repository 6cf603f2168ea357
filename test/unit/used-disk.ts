// Used disks as a property test needs them: partitions anywhere, signatures wherever a tool would look, arrays and volumes open.
import fc from "fast-check";
import type { Disk, Handle, Holder, Partition } from "../../core/inventory/inventory.ts";
import type { ModelBlocks } from "./model-blocks.ts";
import { sampleDisk } from "./sample-host.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** Where libblkid, ZFS, md, LVM and cryptsetup look, from the beginning of a device; each with its length. */
const FROM_START: readonly [number, number][] = [
  ...([
    [0, 512],
    [1024, 128],
    [4 * KIB, 512],
    [32 * KIB, 8 * KIB],
    [64 * KIB, 4 * KIB],
    [128 * KIB, 128 * KIB],
  ] as const),
  ...([
    [256 * KIB, 4 * KIB],
    [384 * KIB, 128 * KIB],
    [1 * MIB, 512],
    [2 * MIB, 512],
    [4 * MIB, 512],
  ] as const),
].map(([at, bytes]) => [at, bytes]);
/** The same from its end: backup GPT, md 1.0 and 0.90, ZFS, cards. */
const FROM_END: readonly [number, number][] = [
  ...([
    [512, 512],
    [1024, 512],
    [33 * 512, 33 * 512],
    [8 * KIB, 4 * KIB],
    [12 * KIB, 4 * KIB],
    [64 * KIB, 4 * KIB],
  ] as const),
  ...([
    [128 * KIB, 4 * KIB],
    [256 * KIB, 256 * KIB],
    [512 * KIB, 256 * KIB],
    [768 * KIB, 256 * KIB],
  ] as const),
  ...([
    [991 * 512, 512],
    [3087 * 512, 512],
  ] as const),
].map(([at, bytes]) => [at, bytes]);

export interface Place {
  start: number;
  end: number;
}

/** Every place of a device where something may be recognised; those that lie in it whole. */
export function placesOf(start: number, size: number): Place[] {
  return [
    ...FROM_START.map(([at, bytes]) => ({ start: start + at, end: start + at + bytes })),
    ...FROM_END.map(([at, bytes]) => ({ start: start + size - at, end: start + size - at + bytes })),
  ].filter((place) => place.start >= start && place.end <= start + size);
}

export interface UsedDisk {
  disk: Disk;
  /** Found by somebody, all of them at the beginning. */
  signatures: Place[];
}

const partitionAt = (number: number, start: number, size: number): Partition => ({
  ...{ kname: `vda${number}`, path: `/dev/vda${number}`, number, start, size, type: null, partuuid: null },
  ...{ partlabel: null, filesystem: null, label: null, uuid: null, mountpoints: [], content: "unknown content" },
});

const handles: fc.Arbitrary<Handle> = fc.oneof(
  fc.uuid().map((uuid): Handle => ({ by: "md-uuid", uuid })),
  fc.integer({ min: 0, max: 127 }).map((number): Handle => ({ by: "md-name", name: `md${number}x` })),
  fc.uuid().map((uuid): Handle => ({ by: "dm-uuid", uuid: `LVM-${uuid}` })),
  fc.uuid().map((uuid): Handle => ({ by: "dm-name", name: `name-${uuid}` })),
  fc.uuid().map((uuid): Handle => ({ by: "bcache-set", uuid })),
  fc.uuid().map((uuid): Handle => ({ by: "bcache", uuid, name: `bcache-${uuid}` })),
);

const key = (handle: Handle): string => JSON.stringify(handle);

/** Each on a partition, on the disk or on one before it; told in any order. */
function holdersOn(below: readonly string[]): fc.Arbitrary<Holder[]> {
  const one = fc.record({ handle: handles, on: fc.nat(), group: fc.constantFrom(null, "old") });
  return fc.uniqueArray(one, { maxLength: 5, selector: ({ handle }) => key(handle) }).chain((list) => {
    const made: Holder[] = [];
    for (const [index, { handle, on, group }] of list.entries()) {
      const lower = [...below, ...made.flatMap(({ knames }) => knames)];
      made.push({
        ...{
          knames: [`open-${index}`],
          name: `open ${index}`,
          what: "something",
          content: "",
          internal: false,
          handle,
        },
        ...{ group: handle.by === "dm-uuid" ? group : null, on: [lower[on % lower.length] ?? "vda"] },
      });
    }
    return fc.shuffledSubarray(made, { minLength: made.length });
  });
}

/** A disk of 5 to 60 GiB that need not end at a whole page, with up to six partitions in any place, also at its first sector. */
export const usedDisk: fc.Arbitrary<UsedDisk> = fc
  .record({
    size: fc.integer({ min: 5 * GIB, max: 60 * GIB }),
    sector: fc.constantFrom(512, 4096),
    cuts: fc.uniqueArray(fc.nat(), { minLength: 0, maxLength: 12 }),
    fromZero: fc.boolean(),
    found: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
  })
  .chain(({ sector, cuts, fromZero, found, ...rest }) => {
    const size = Math.floor(rest.size / sector) * sector;
    const places = cuts.map((cut) => (cut % Math.floor(size / sector)) * sector).sort((a, b) => a - b);
    if (fromZero && places.length > 1) places[0] = 0;
    const partitions = places.flatMap((start, index) =>
      index % 2 === 0 && (places[index + 1] ?? 0) > start
        ? [partitionAt(index / 2 + 1, start, (places[index + 1] ?? 0) - start)]
        : [],
    );
    const all = [{ start: 0, size }, ...partitions].flatMap((extent) => placesOf(extent.start, extent.size));
    const signatures = found.flatMap((at) => all[at % all.length] ?? []);
    return holdersOn(["vda", ...partitions.map(({ kname }) => kname)]).map((holders) => ({
      disk: sampleDisk({ size, sector, physicalSector: sector, partitions, holders, tableUuid: "old" }),
      signatures,
    }));
  });

/** Tells a model of the machine what is on the disk and open on it. */
export function setUp(blocks: ModelBlocks, { disk, signatures }: UsedDisk): void {
  const path = `/dev/disk/by-id/${disk.id}`;
  blocks.sizes.set(path, disk.size);
  blocks.signatures.push(...signatures.map((place) => ({ disk: path, ...place })));
  const { holders } = disk;
  for (const holder of holders) {
    const stands = holders.find(({ knames }) => knames.some((kname) => holder.on.includes(kname)));
    if (holder.handle !== null) blocks.opens.push({ handle: holder.handle, disk: path, above: stands?.handle ?? null });
  }
  blocks.start();
}
