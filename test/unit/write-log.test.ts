// The log of a disk's writes: damage, what a power cut keeps of it, and QEMU's own logs.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { durableWrites, replayWrites } from "../../core/vm/replay-writes.ts";
import { countWrites, type LoggedWrite, readWriteLog } from "../../core/vm/write-log.ts";

const SECTOR = 512;
const SECTORS = 16;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "write-log-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One operation of a guest. */
type Op =
  | { do: "write"; sector: number; sectors: number; fill: number; fua: boolean }
  | { do: "discard"; sector: number; sectors: number }
  | { do: "flush" };

/** A log as dm-log-writes writes it. */
function logOf(ops: readonly Op[]): Buffer {
  const head = Buffer.alloc(SECTOR);
  head.writeBigUInt64LE(0x6a736677736872n, 0);
  head.writeBigUInt64LE(1n, 8);
  head.writeBigUInt64LE(BigInt(ops.length), 16);
  head.writeUInt32LE(SECTOR, 24);
  const entries = ops.flatMap((op) => {
    const entry = Buffer.alloc(SECTOR);
    const flags = op.do === "flush" ? 1n : op.do === "discard" ? 4n : op.fua ? 2n : 0n;
    if (op.do !== "flush") {
      entry.writeBigUInt64LE(BigInt(op.sector), 0);
      entry.writeBigUInt64LE(BigInt(op.sectors), 8);
    }
    entry.writeBigUInt64LE(flags, 16);
    return op.do === "write" ? [entry, Buffer.alloc(op.sectors * SECTOR, op.fill)] : [entry];
  });
  return Buffer.concat([head, ...entries]);
}

async function replayed(log: Buffer, count?: number): Promise<{ disk: Buffer; writes: LoggedWrite[] }> {
  const [file, image] = [join(folder, "log"), join(folder, "image")];
  writeFileSync(file, log);
  writeFileSync(image, Buffer.alloc(SECTORS * SECTOR));
  const read = await readWriteLog(file);
  await replayWrites(read, durableWrites(read.writes, count), image);
  return { disk: readFileSync(image), writes: read.writes };
}

describe("damage", () => {
  test.each([
    ["an empty file", Buffer.alloc(0)],
    ["zeros", Buffer.alloc(4096)],
    ["another version", Buffer.concat([logOf([]).subarray(0, 8), Buffer.from([9]), logOf([]).subarray(9)])],
  ])("%s is no log", async (_, bytes) => {
    const file = join(folder, "damaged");
    writeFileSync(file, bytes);
    await expect(readWriteLog(file)).rejects.toMatchObject({ code: "write-log-damaged", exit: 5 });
    await expect(countWrites(file)).rejects.toMatchObject({ code: "write-log-damaged" });
  });

  test("an entry that was counted and not written, or cut off, ends the log", async () => {
    const file = join(folder, "cut");
    const log = logOf([{ do: "write", sector: 1, sectors: 2, fill: 7, fua: false }, { do: "flush" }]);
    writeFileSync(file, log);
    truncateSync(file, log.length - SECTOR - 100);
    expect((await readWriteLog(file)).writes).toEqual([]);
    const counted = Buffer.concat([log, Buffer.alloc(8 * SECTOR)]);
    counted.writeBigUInt64LE(5n, 16);
    writeFileSync(file, counted);
    expect((await readWriteLog(file)).writes.map(({ kind }) => kind)).toEqual(["write", "flush"]);
    expect(await countWrites(file)).toBe(5);
  });
});

test("a power cut keeps what was flushed or forced, and nothing else; whichever entry it comes after", async () => {
  const place = fc.integer({ min: 0, max: SECTORS - 4 });
  const op: fc.Arbitrary<Op> = fc.oneof(
    fc.record({
      do: fc.constant("write" as const),
      ...{ sector: place, sectors: fc.integer({ min: 1, max: 4 }), fill: fc.integer({ min: 1, max: 255 }) },
      fua: fc.boolean(),
    }),
    fc.record({ do: fc.constant("discard" as const), sector: place, sectors: fc.integer({ min: 1, max: 4 }) }),
    fc.constant({ do: "flush" as const }),
  );
  const apply = (disk: Buffer, one: Op) => {
    if (one.do !== "flush")
      disk.fill(one.do === "write" ? one.fill : 0, one.sector * SECTOR, (one.sector + one.sectors) * SECTOR);
  };
  /** A disk with a cache: a flush empties the cache onto the medium, a forced write goes through it. */
  const cachedDisk = (ops: readonly Op[]): Buffer => {
    const medium = Buffer.alloc(SECTORS * SECTOR);
    let cache: Op[] = [];
    for (const one of ops) {
      if (one.do === "flush") {
        for (const waiting of cache) apply(medium, waiting);
        cache = [];
      } else cache.push(one);
    }
    for (const one of cache) if (one.do === "write" && one.fua) apply(medium, one);
    return medium;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(op, { maxLength: 12 }), fc.nat({ max: 12 }), async (ops, cut) => {
      const { disk, writes } = await replayed(logOf(ops), cut);
      expect(writes).toHaveLength(ops.length);
      expect(disk.equals(cachedDisk(ops.slice(0, cut)))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("of what was not flushed any part may survive", () => {
  const write = (data: number): LoggedWrite => ({
    kind: "write",
    offset: 0,
    length: 512,
    flush: false,
    fua: false,
    data,
  });
  const flush: LoggedWrite = { ...write(0), kind: "flush", length: 0, flush: true };
  const writes = [write(1), flush, write(2), write(3), write(4)];
  expect(durableWrites(writes).map(({ data }) => data)).toEqual([1]);
  expect(durableWrites(writes, 5, (index) => index % 2 === 0).map(({ data }) => data)).toEqual([1, 2, 4]);
});

/** Made by qemu-io 7.2: pattern 0xaa at 4096, flush; 0xbb at 0; 4096 zeros at 65536; a discard at 131072; 0xcc forced at 512. */
const KEPT = new URL("../fixtures/write-log-v1/qemu.log", import.meta.url).pathname;

test("a log that QEMU wrote", async () => {
  const { writes } = await readWriteLog(KEPT);
  expect(
    writes.filter(({ kind }) => kind !== "flush").map(({ kind, offset, length }) => [kind, offset, length]),
  ).toEqual([
    ["write", 4096, 8192],
    ["write", 0, 512],
    ["write", 65_536, 4096],
    ["discard", 131_072, 4096],
    ["write", 512, 512],
  ]);
  const image = join(folder, "kept");
  writeFileSync(image, Buffer.alloc(1024 * 1024, 0xff));
  await replayWrites({ file: KEPT, writes }, durableWrites(writes), image);
  const disk = readFileSync(image);
  expect([0, 512, 4096, 65_536, 131_072, 200_000].map((at) => disk[at])).toEqual([0xbb, 0xcc, 0xaa, 0, 0, 0xff]);
});

const hasQemu = spawnSync("qemu-io", ["--version"]).status === 0;

test.skipIf(!hasQemu)("QEMU's log of what is written here, replayed, is the disk that it wrote", async () => {
  const [raw, log, copy] = ["raw", "fresh-log", "copy"].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(raw, Buffer.alloc(1024 * 1024, 0x11));
  writeFileSync(copy, Buffer.alloc(1024 * 1024, 0x11));
  writeFileSync(log, "");
  const image = `driver=blklogwrites,file.driver=raw,file.file.driver=file,file.file.filename=${raw},log.driver=file,log.filename=${log}`;
  const commands = ["write -P 1 0 64k", "write -P 2 32k 4k", "flush", "discard 8k 4k", "write -z 512k 128k", "flush"];
  const { status, stderr } = spawnSync("qemu-io", ["--image-opts", image, ...commands.flatMap((one) => ["-c", one])], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const read = await readWriteLog(log);
  await replayWrites(read, durableWrites(read.writes), copy);
  expect(readFileSync(copy).equals(readFileSync(raw))).toBe(true);
});
