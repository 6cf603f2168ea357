// The data sets below <pool>/<system>/data: what must outlive a boot, because g3 is made anew each time.
import type { DataSet } from "./step.ts";

/** Where sshd finds this host's keys: a data set, so that a new generation keeps the host's identity. */
export const HOST_KEYS = "/etc/ssh/host-keys";

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
