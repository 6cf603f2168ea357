// What a host on arrays, volume groups or flash has besides: which of them are its own, and the timers that look after them.
import type { RootStack } from "./root-stack.ts";
import type { FileToWrite, Link } from "./step.ts";
import { textFile as file } from "./text-file.ts";

/** The image's own files name no array and no group, so nothing else on the machine's disks is put together. */
export function diskFiles({ array, group }: RootStack): FileToWrite[] {
  return [
    ...(array === null
      ? []
      : [
          file("/etc/mdadm/mdadm.conf", [
            "# Written by multiverse. Nothing is assembled but the arrays that are named here.",
            "AUTO -all",
            // mdadm --monitor ends with an error where nobody is named.
            "MAILADDR root",
            `ARRAY /dev/md/${array.name} metadata=1.2 UUID=${array.uuid}`,
          ]),
        ]),
    ...(group === null
      ? []
      : [
          file("/etc/lvm/lvmlocal.conf", [
            "# Written by multiverse. No volume group is activated but those that are named here.",
            "activation {",
            `\tauto_activation_volume_list = [ "${group.name}" ]`,
            "}",
          ]),
        ]),
  ];
}

const UNITS = "/usr/lib/systemd/system";
const WANTED = "/etc/systemd/system/timers.target.wants";

/** btrfs discards by itself; arrays are read through once a month (mdcheck_start.timer). */
export function diskLinks({ array, root }: RootStack): Link[] {
  const timers = [
    ...(root.filesystem === "btrfs" ? [] : ["fstrim.timer"]),
    ...(array === null ? [] : ["mdcheck_start.timer", "mdcheck_continue.timer"]),
  ];
  return timers.map((name) => ({ path: `${WANTED}/${name}`, to: `${UNITS}/${name}` }));
}
