// What a root that is not ZFS lies on, from the partitions up: array, locks, volume group, file systems; all from the salt.
import { outlivesADisk } from "../disk-layouts.ts";
import type { BtrfsRoot, PlainRoot, ResolvedRoot } from "../spec/resolved.ts";
import { deriveHex, deriveUuid } from "./derive.ts";
import { arrayDevice, lockDevice, partitionDevice, volumeDevice } from "./device-paths.ts";
import type { Layout } from "./layout/layout.ts";
import type { ArrayRef, FileSystemRef, GroupRef, LockRef } from "./step.ts";

export interface RootStack {
  array: ArrayRef | null;
  locks: LockRef[];
  group: GroupRef | null;
  root: FileSystemRef;
  /** Other logical volumes, the outer mount points first. */
  volumes: { name: string; mountpoint: string; fs: FileSystemRef }[];
}

/** `sizes`: of the volumes, by name, as lvcreate(8) is to make them. */
export function rootStack(
  salt: string,
  root: PlainRoot | BtrfsRoot,
  partuuids: readonly string[],
  sizes: ReadonlyMap<string, string> = new Map(),
): RootStack {
  const { filesystem, system } = root;
  const array = filesystem === "btrfs" || !outlivesADisk(root.layout) ? null : arrayOf(salt, root, partuuids);
  const below = array === null ? partuuids.map(partitionDevice) : [arrayDevice(array.uuid)];
  const locks = root.encryption === "none" ? [] : below.map((device, at) => lockOf(salt, system, device, at));
  const devices = locks.length === 0 ? below : locks.map(({ name }) => lockDevice(name));
  const group = filesystem === "btrfs" || root.lvm === null ? null : groupOf(salt, root.lvm, devices, sizes);
  const fileSystem = (volume: string, on: readonly string[]): FileSystemRef => ({
    ...{ filesystem, uuid: deriveUuid(salt, `file system ${volume}`), devices: [...on] },
    ...(filesystem === "btrfs" && (root.layout === "raid1" || root.layout === "raid10")
      ? { profile: root.layout }
      : {}),
  });
  if (group === null) return { array, locks, group, root: fileSystem("root", devices), volumes: [] };
  const volumes = (filesystem === "btrfs" ? [] : (root.lvm?.volumes ?? [])).filter(
    ({ mountpoint }) => mountpoint !== "/",
  );
  return {
    ...{ array, locks, group, root: fileSystem("root", [volumeDevice(group.name, "root")]) },
    volumes: volumes.map(({ name, mountpoint }) => ({
      ...{ name, mountpoint, fs: fileSystem(name, [volumeDevice(group.name, name)]) },
    })),
  };
}

/** What a layout comes to; null for ZFS. */
export function stackOf(salt: string, root: ResolvedRoot, layout: Layout): RootStack | null {
  if (root.filesystem === "zfs" || layout.root.filesystem === "zfs") return null;
  return rootStack(salt, root, layout.root.partuuids, layout.root.sizes);
}

function arrayOf(salt: string, { layout, system }: PlainRoot, partuuids: readonly string[]): ArrayRef {
  if (layout === "single") throw new Error("one disk needs no array");
  const uuid = (deriveHex(salt, "array", 32).match(/.{8}/g) ?? []).join(":");
  return { name: system, uuid, level: layout, partuuids: [...partuuids] };
}

function lockOf(salt: string, system: string, device: string, at: number): LockRef {
  const [name, label] = at === 0 ? [`${system}-root`, "lock"] : [`${system}-root-${at + 1}`, `lock ${device}`];
  return { name, uuid: deriveUuid(salt, label), device };
}

function groupOf(
  salt: string,
  { name, volumes }: NonNullable<PlainRoot["lvm"]>,
  devices: readonly string[],
  sizes: ReadonlyMap<string, string>,
): GroupRef {
  const [device, ...more] = devices;
  if (device === undefined || more.length > 0) throw new Error("a volume group lies on one device");
  // lvm(8): 32 letters and digits, in groups of 6-4-4-4-4-4-6.
  const [, ...parts] =
    /^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/.exec(deriveHex(salt, "physical volume", 32)) ?? [];
  return {
    ...{ name, device, pvUuid: parts.join("-") },
    volumes: volumes.map((volume) => ({ name: volume.name, size: sizes.get(volume.name) ?? "rest" })),
  };
}
