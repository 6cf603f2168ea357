// The data sets below <pool>/<system>/data: what must outlive a boot, because g3 is made anew each time.
import { ActionableError, EXIT } from "../errors.ts";
import type { PackageSet, ResolvedDataSet, ResolvedSpec } from "../spec/resolved.ts";
import type { DataSet } from "./step.ts";

/** Where sshd finds this host's keys: a data set, so that a new generation keeps the host's identity. */
export const HOST_KEYS = "/etc/ssh/host-keys";

/** What libvirt knows of the controllers, and their disks; only a host that has libvirt has these. */
const LIBVIRT: readonly DataSet[] = [
  { name: "data/etc-libvirt", mountpoint: "/etc/libvirt" },
  { name: "data/lib-libvirt", mountpoint: "/var/lib/libvirt" },
];

/** Order matters: a mount point comes before those below it. docs/formats/dataset-tree.md lists them. */
export const DATA_SETS: readonly DataSet[] = [
  { name: "data/home", mountpoint: "/home" },
  { name: "data/root", mountpoint: "/root" },
  { name: "data/log", mountpoint: "/var/log" },
  { name: "data/cache", mountpoint: "/var/cache" },
  { name: "data/lib-multiverse", mountpoint: "/var/lib/multiverse" },
  { name: "data/lib-systemd", mountpoint: "/var/lib/systemd" },
  { name: "data/etc-multiverse", mountpoint: "/etc/multiverse" },
  { name: "data/ssh-host-keys", mountpoint: HOST_KEYS },
];

const ownOf = (set: PackageSet): readonly DataSet[] => (set === "hypervisor" ? [...DATA_SETS, ...LIBVIRT] : DATA_SETS);

/**
 * Those of a host with that package set, with what the spec says of them, and the spec's own.
 * @throws ActionableError `dataset-without-place`, `dataset-place-taken`
 */
export function dataSets(spec: Pick<ResolvedSpec, "packages" | "root">): DataSet[] {
  const own = ownOf(spec.packages.set);
  const stated = spec.root.datasets;
  const known = own.map((set): DataSet => {
    const about = stated.find(({ name }) => `data/${name}` === set.name);
    if (about === undefined) return set;
    if (about.mountpoint !== null && about.mountpoint !== set.mountpoint) throw placeTaken(about, set.mountpoint);
    return { ...set, ...propertiesOf(about) };
  });
  const further = stated
    .filter(({ name }) => own.every((set) => set.name !== `data/${name}`))
    .map((about): DataSet => {
      const { name, mountpoint } = about;
      if (mountpoint === null) throw withoutPlace(about, own);
      return { name: `data/${name}`, mountpoint, ...propertiesOf(about) };
    });
  if (further.length === 0) return known;
  const all = [...known, ...further];
  for (const [at, { mountpoint, name }] of all.entries()) {
    const before = all.findIndex((each) => each.mountpoint === mountpoint);
    if (before !== at) throw twice(mountpoint, [all[before]?.name ?? "", name]);
  }
  const depth = ({ mountpoint }: DataSet) => mountpoint.split("/").length;
  return all.toSorted((a, b) => depth(a) - depth(b));
}

/** zfsprops(7). */
function propertiesOf(about: ResolvedDataSet): Pick<DataSet, "properties"> {
  const onOff = (value: boolean | undefined) => (value === undefined ? undefined : value ? "on" : "off");
  const all: [string, string | number | undefined][] = [
    ["quota", about.quota],
    ["reservation", about.reservation],
    ["compression", about.compression],
    ["recordsize", about.recordSize],
    ["atime", onOff(about.atime)],
    ["sync", about.sync],
    ["copies", about.copies],
    ["special_small_blocks", about.smallBlocks],
  ];
  const said = all.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
  return said.length === 0 ? {} : { properties: Object.fromEntries(said) };
}

function withoutPlace({ name }: ResolvedDataSet, own: readonly DataSet[]): ActionableError {
  return new ActionableError({
    code: "dataset-without-place",
    exit: EXIT.refused,
    message: `The data set \`${name}\` has no mountpoint, and is none of those that a host has by itself.`,
    evidence: own.map((set) => `${set.name.slice("data/".length)}: ${set.mountpoint}`),
    hint: `Add \`mountpoint:\` to root.datasets.${name}.`,
  });
}

function placeTaken({ name, mountpoint }: ResolvedDataSet, own: string): ActionableError {
  return new ActionableError({
    code: "dataset-place-taken",
    exit: EXIT.refused,
    message: `The data set \`${name}\` is the host's own and is mounted at ${own}, not at ${mountpoint}.`,
    hint: `Leave its mountpoint out, or give the data set for ${mountpoint} another name.`,
  });
}

function twice(mountpoint: string, names: readonly string[]): ActionableError {
  return new ActionableError({
    code: "dataset-place-taken",
    exit: EXIT.refused,
    message: `Two data sets would be mounted at ${mountpoint}.`,
    evidence: [...names],
    hint: "Change the mountpoint of one of them in root.datasets.",
  });
}
