// What stands on disks and partitions and is open now: arrays, volumes, caches; and by what name that stays each can be closed.
import { describeContent } from "./content.ts";
import type { Handle, Holder } from "./inventory.ts";
import { type BlockDevice, withHolders } from "./lsblk.ts";
import { scrub } from "./scrub.ts";
import type { BcacheSet, MdArray, Stacks } from "./stacks/stacks.ts";
import type { UdevDevice } from "./udev.ts";

export interface HolderFacts {
  udev: readonly UdevDevice[];
  stacks: Pick<Stacks, "md" | "bcache">;
}

export const WORDS: Readonly<Record<string, string>> = {
  crypt: "an opened encrypted volume",
  lvm: "an active LVM volume",
  mpath: "multipath",
  dmraid: "RAID of the firmware",
  dm: "device mapper",
};

/** dm UUIDs of what joins a disk's paths, or what the firmware has made: closing it would not free the disk. */
const NOT_OURS = /^(mpath|DMRAID|part[0-9]+-(mpath|DMRAID))-/;

/** Metadata that the firmware owns. */
const OF_FIRMWARE = new Set(["imsm", "ddf"]);

/** Everything that is open on this machine's disks, each once. */
export function findHolders(devices: readonly BlockDevice[], facts: HolderFacts): Holder[] {
  const below = parents(devices);
  const udev = new Map(facts.udev.map((device) => [device.node, device]));
  const sets = (facts.stacks.bcache ?? []).filter((set) => set.uuid !== null || set.devices.length > 0);
  const arrays = (facts.stacks.md ?? []).filter((array) => array.kname !== null);
  const seen = new Map(devices.flatMap(withHolders).map((device) => [device.kname, device]));
  const open = [...seen.values()].filter(isHolder);
  const cached = new Set(sets.flatMap((set) => set.devices));
  return [
    ...sets.map((set) => bcacheHolder(set, seen)),
    ...open
      .filter(({ kname }) => !cached.has(kname))
      .map((device) => {
        const on = below.get(device.kname) ?? [];
        const array = arrays.find(({ kname }) => kname === device.kname);
        return array === undefined && !/^md/.test(device.kname)
          ? volume(device, on, udev.get(device.kname))
          : raid(device, on, udev.get(device.kname), array);
      }),
    // lsblk leaves out what has no size: an array with too few members, which holds those that it has.
    ...arrays.filter(({ kname }) => !seen.has(kname ?? "")).map((array) => halfAssembled(array)),
  ];
}

/** Those that stand on the disk, on one of its partitions, or on one another. */
export function holdersOf(disk: BlockDevice, all: readonly Holder[]): Holder[] {
  const reached = new Set(withHolders(disk).map(({ kname }) => kname));
  const found = new Set<Holder>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const holder of all) {
      if (!holder.on.some((kname) => reached.has(kname)) && !holder.knames.some((kname) => reached.has(kname)))
        continue;
      found.add(holder);
      for (const kname of holder.knames) reached.add(kname);
    }
  }
  return all.filter((holder) => found.has(holder));
}

/** Not a disk and not a partition of one; lsblk calls what bcache makes a disk, and what kpartx makes a partition. */
export function isHolder({ kname, type }: BlockDevice): boolean {
  return (type !== "disk" && type !== "part") || /^(dm-|bcache)[0-9]+$/.test(kname);
}

function parents(devices: readonly BlockDevice[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (device: BlockDevice) => {
    for (const child of device.children ?? []) {
      found.set(child.kname, [...new Set([...(found.get(child.kname) ?? []), device.kname])]);
      visit(child);
    }
  };
  for (const device of devices) visit(device);
  return found;
}

const contentOf = (device: BlockDevice | undefined): string => (device?.fstype ? describeContent(device) : "");

function volume(device: BlockDevice, on: string[], udev: UdevDevice | undefined): Holder {
  const uuid = udev?.properties.get("DM_UUID") ?? "";
  const name = udev?.properties.get("DM_NAME") ?? "";
  const layer = udev?.properties.get("DM_LV_LAYER") ?? "";
  const lvm = uuid.startsWith("LVM-");
  const handle: Handle | null =
    NOT_OURS.test(uuid) || device.type === "mpath" || !/^dm-/.test(device.kname)
      ? null
      : uuid !== ""
        ? { by: "dm-uuid", uuid }
        : name !== ""
          ? { by: "dm-name", name }
          : null;
  return {
    ...{ knames: [device.kname], name: scrub(name || device.name), what: WORDS[device.type] ?? scrub(device.type) },
    group: lvm ? scrub(udev?.properties.get("DM_VG_NAME")) || "LVM" : null,
    // lvm2 marks with a suffix what nobody may use (lib/activate/dev_manager.c, _get_udev_flags); older rules say nothing.
    internal: lvm && (layer !== "" || LVM_PART.test(name) || uuid.length > "LVM-".length + 64),
    ...{ content: contentOf(device), on, handle },
  };
}

/** Hidden volumes' names (lvm2, lib/metadata/lv_manip.c and lvmraid(7), lvmthin(7), lvmcache(7)). */
const LVM_PART =
  /_(rimage|rmeta|mimage)_[0-9]+$|_(mlog|tdata|tmeta|cdata|cmeta|corig|cvol|wcorig|vdata|pmspare)$|-(real|cow)$/;

function raid(device: BlockDevice, on: string[], udev: UdevDevice | undefined, array: MdArray | undefined): Holder {
  const links = udev?.links ?? [];
  const uuid = links.flatMap((link) => /^disk\/by-id\/md-uuid-([0-9a-f:]+)$/.exec(link)?.[1] ?? [])[0];
  const metadata = array === undefined ? (udev?.properties.get("MD_METADATA") ?? "") : (array.metadata ?? "");
  const foreign = ofFirmware(metadata, array?.level) || (udev?.properties.has("MD_CONTAINER") ?? false);
  const level = scrub(device.type);
  return {
    knames: [device.kname],
    name: array?.name ?? (scrub(udev?.properties.get("MD_NAME")) || uuid || scrub(device.name)),
    what: foreign ? `${level} of the firmware` : level,
    ...{ group: null, internal: false, content: contentOf(device), on },
    handle: uuid === undefined || foreign ? null : { by: "md-uuid", uuid },
  };
}

function halfAssembled(array: MdArray): Holder {
  return {
    ...{ knames: [array.kname ?? ""], name: array.name ?? array.uuid ?? "", group: null, internal: false, content: "" },
    what: `${array.level ?? "RAID"}, not complete`,
    on: array.members.flatMap(({ kname }) => kname ?? []),
    handle: ofFirmware(array.metadata ?? "", array.level) ? null : { by: "md-name", name: array.kname ?? "" },
  };
}

/** Metadata that is not md's own, or not known: of a volume within a container the kernel says only where that is. */
function ofFirmware(metadata: string, level: string | null | undefined): boolean {
  return metadata === "" || OF_FIRMWARE.has(metadata) || level === "container";
}

function bcacheHolder(set: BcacheSet, seen: ReadonlyMap<string, BlockDevice>): Holder {
  const [device = ""] = set.devices;
  const backing = seen.get(set.backing[0] ?? "")?.uuid ?? "";
  return {
    knames: set.devices,
    name: set.uuid ?? backing,
    what: set.devices.length === 0 ? "a bcache cache" : "bcache",
    ...{ group: null, internal: false, on: [...set.backing, ...set.caches] },
    content: set.devices
      .map((kname) => contentOf(seen.get(kname)))
      .filter((text) => text !== "")
      .join(", "),
    handle:
      set.uuid !== null
        ? { by: "bcache-set", uuid: set.uuid }
        : backing === ""
          ? null
          : { by: "bcache", uuid: backing, name: device },
  };
}
