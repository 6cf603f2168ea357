// `root.datasets` and `root.pool-options`: data sets of one's own, and what ZFS is told of the pool.
import { z } from "zod";
import { parseSize } from "./quantity.ts";
import { key } from "./question-meta.ts";
import { absoluteSize } from "./sizes.ts";

/** zfsprops(7), compression. */
const COMPRESSION = /^(on|off|lz4|lzjb|zle|gzip(-[1-9])?|zstd(-([1-9]|1[0-9])|-fast(-[1-9]0{0,2})?)?)$/;

const compression = key(
  z
    .string()
    .regex(COMPRESSION, "must be on, off, lz4, zle, lzjb, gzip, gzip-1 to -9, zstd, zstd-1 to -19 or zstd-fast"),
  "How it is compressed: lz4 (what a pool has by default), zstd, zstd-1 to zstd-19, gzip, off.",
);

/** zfsprops(7), recordsize: a power of two; above 1 MiB only with a module parameter. */
const recordSize = absoluteSize.refine((text) => {
  const bytes = parseSize(text) ?? 0;
  return bytes >= 512 && bytes <= 2 ** 20 && Number.isInteger(Math.log2(bytes));
}, "must be a power of two from 512 B to 1 MiB");

/** What an installed system cannot have apart from its root: it would not start, or not be renewed with it. */
const TAKEN =
  /^\/($|(boot|dev|proc|sys|run|usr|bin|sbin|lib|lib64|mnt)(\/|$)|etc$|var$|var\/lib$|var\/lib\/dpkg(\/|$))/;

const mountpoint = z
  .string()
  .max(1024, "is longer than 1024 characters")
  .regex(
    /^(\/[A-Za-z0-9_.:+@-]+)+$|^\/$/,
    "must be an absolute path of letters, digits and _ . : + @ -, without a / at its end",
  )
  .refine(
    (path) => !path.split("/").includes("..") && !path.split("/").includes("."),
    "must not contain . or .. as a part",
  )
  .refine((path) => !TAKEN.test(path), "belongs to the root: it is made anew with every release");

const dataSet = z.strictObject({
  mountpoint: key(mountpoint, "Where it is mounted. Needed for one that a host does not have by itself."),
  quota: key(absoluteSize, "How much it may hold, with everything below it and its snapshots."),
  reservation: key(absoluteSize, "How much room is kept for it."),
  compression,
  "record-size": key(recordSize, "The largest block of its files: a power of two up to 1 MiB."),
  atime: key(z.boolean(), "Whether reading a file notes the time. Default: as the pool says."),
  sync: key(z.enum(["standard", "always", "disabled"]), "When writing waits for the disk. Default: standard."),
  copies: key(z.union([z.literal(1), z.literal(2), z.literal(3)]), "How often each block is stored. Default: 1."),
  "small-blocks": key(
    absoluteSize.refine((text) => (parseSize(text) ?? 0) <= 2 ** 20, "must be at most 1 MiB"),
    "Blocks up to this size go to the special devices.",
  ),
});

/** Below `<pool>/<system>/data`, so one component of a data set's name (zfs(8)). */
export const datasetsSchema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/, "must be a word of lower-case letters, digits and _ . -"),
  dataSet.describe("A data set that outlives releases: where it is mounted, and its limits and properties."),
);

export const poolOptionsSchema = z.strictObject({
  ashift: key(
    z.int().min(9).max(16),
    "The smallest write, as a power of two: 9 is 512 bytes, 12 is 4 KiB. It cannot be changed later. Default: 12.",
  ),
  autotrim: key(z.boolean(), "Whether freed room is told to the disks at once. Default: true."),
  compatibility: key(
    z
      .string()
      .regex(
        /^(off|legacy|[a-z0-9][a-z0-9.-]{0,62}(,[a-z0-9][a-z0-9.-]{0,62})*)$/,
        "must be names of files under /usr/share/zfs/compatibility.d",
      ),
    "Which features the pool may have, such as openzfs-2.2-linux (zpool-features(7)). Default: all that this ZFS has.",
  ),
  compression,
  "record-size": key(recordSize, "The largest block of files: a power of two up to 1 MiB. Default: 128 KiB."),
  atime: key(z.boolean(), "Whether reading a file notes the time. Default: true, at most once a day (relatime)."),
});
