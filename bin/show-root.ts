// The root file system of a resolved spec in the words of the YAML that people write.
import { formatSize } from "../core/spec/quantity.ts";
import type { ExistingRoot, ResolvedDataSet, ResolvedRoot } from "../core/spec/resolved.ts";
import { formatShare } from "../core/spec/share.ts";

export function rootAsData(root: ResolvedRoot): Record<string, unknown> {
  if (root.filesystem === "zfs-existing") return existingAsData(root);
  const { datasets, poolOptions } = root;
  const { recordSize, ...options } = poolOptions;
  const pool = { ...options, ...(recordSize === undefined ? {} : { "record-size": formatSize(recordSize) }) };
  return {
    ...{ filesystem: root.filesystem, pool: root.pool, layout: root.layout, on: root.on },
    size: formatShare(root.size),
    ...Object.fromEntries(
      Object.entries(root.extras).map(([use, { on, layout }]) => [use, layout === null ? on : { on, layout }]),
    ),
    ...{ system: root.system, encryption: root.encryption },
    generations: { keep: root.keep, "keep-releases": root.keepReleases },
    ...setsAsData(datasets),
    ...(Object.keys(pool).length === 0 ? {} : { "pool-options": pool }),
  };
}

function existingAsData(root: ExistingRoot): Record<string, unknown> {
  const { pool, guid, takeOverFrom } = root;
  return {
    filesystem: "zfs",
    install: { pool, guid, ...(takeOverFrom === null ? {} : { "take-over-from": takeOverFrom }) },
    ...{ system: root.system, encryption: root.encryption },
    generations: { keep: root.keep, "keep-releases": root.keepReleases },
    ...setsAsData(root.datasets),
  };
}

function setsAsData(datasets: readonly ResolvedDataSet[]): Record<string, unknown> {
  if (datasets.length === 0) return {};
  return { datasets: Object.fromEntries(datasets.map((set) => [set.name, setAsData(set)])) };
}

function setAsData({
  mountpoint,
  compression,
  atime,
  sync,
  copies,
  ...sizes
}: ResolvedDataSet): Record<string, unknown> {
  const all: Record<string, unknown> = {
    mountpoint: mountpoint ?? undefined,
    ...(sizes.quota === undefined ? {} : { quota: formatSize(sizes.quota) }),
    ...(sizes.reservation === undefined ? {} : { reservation: formatSize(sizes.reservation) }),
    compression,
    ...(sizes.recordSize === undefined ? {} : { "record-size": formatSize(sizes.recordSize) }),
    ...{ atime, sync, copies },
    ...(sizes.smallBlocks === undefined ? {} : { "small-blocks": formatSize(sizes.smallBlocks) }),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
