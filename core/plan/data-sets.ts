// The data sets below <pool>/<system>/data: what must outlive a boot, because g3 is made anew each time.
import type { PackageSet } from "../spec/resolved.ts";
import type { DataSet } from "./step.ts";

/** Where sshd finds this host's keys: a data set, so that a new generation keeps the host's identity. */
export const HOST_KEYS = "/etc/ssh/host-keys";

/** What libvirt knows of the controllers, and their disks; only a host that has libvirt has these. */
const LIBVIRT: readonly DataSet[] = [
  { name: "data/etc-libvirt", mountpoint: "/etc/libvirt" },
  { name: "data/lib-libvirt", mountpoint: "/var/lib/libvirt" },
];

/** Those of a host with that package set. */
export function dataSets(set: PackageSet): readonly DataSet[] {
  return set === "hypervisor" ? [...DATA_SETS, ...LIBVIRT] : DATA_SETS;
}

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
