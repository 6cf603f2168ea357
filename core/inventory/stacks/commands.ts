// The commands that tell what block devices are joined into. All of them only read, and none assembles or activates anything.
import type { Argv } from "../../tools/run.ts";

/** --readonly: without locks, without device-mapper, and nothing is repaired (lvm(8)); a devices file would hide foreign disks. */
const LVM = [
  "--readonly",
  "--config",
  "devices/use_devicesfile=0",
  "--reportformat",
  "json",
  "--units",
  "b",
  "--nosuffix",
];

export const STACK_COMMANDS = {
  mdstat: ["cat", "/proc/mdstat"],
  mdExamine: ["mdadm", "--examine", "--scan", "--verbose"],
  pvs: ["pvs", ...LVM, "-o", "pv_name,pv_uuid,vg_name,pv_missing,pv_size,pv_free"],
  vgs: ["vgs", ...LVM, "-o", "vg_name,vg_uuid,vg_size,vg_free,vg_missing_pv_count"],
  lvs: [
    "lvs",
    ...LVM,
    ...["--all", "-o", "lv_name,lv_uuid,vg_name,lv_size,lv_layout,lv_role,lv_attr,devices,pool_lv,origin"],
  ],
  bcache: ["find", "/sys/fs/bcache", "-maxdepth", "2", "-type", "l", "-printf", "%p %l\\n"],
  btrfs: ["btrfs", "filesystem", "show", "--raw"],
} as const satisfies Record<string, Argv>;
