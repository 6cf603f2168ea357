// The commands that tell what the machine is made of. All of them only read; most facts come from udev, which the probe asks anyway.
import type { Argv } from "../../tools/run.ts";

const KERNEL = "/proc/sys/kernel";
const TREE = "/sys/firmware/devicetree/base";

export const HARDWARE_COMMANDS = {
  iommu: ["find", "/sys/kernel/iommu_groups", "-mindepth", "3", "-type", "l", "-printf", "%p\\n"],
  // The one place where the speed of a USB device stands in a line with its number.
  usbTree: ["lsusb", "-t"],
  // 4: sockets, 38: remote management; root only.
  tables: ["dmidecode", "-t", "4,38"],
  deviceTree: ["grep", "-as", "", `${TREE}/model`, `${TREE}/serial-number`],
  kernel: [
    ...(["grep", "-s", "", `${KERNEL}/osrelease`, `${KERNEL}/version`, `${KERNEL}/hostname`] as const),
    ...[`${KERNEL}/tainted`, "/sys/kernel/security/lockdown", "/sys/module/zfs/version"],
    ...["/sys/module/kvm_intel/parameters/nested", "/sys/module/kvm_amd/parameters/nested"],
  ],
  devices: ["find", "/dev/kvm", "/dev/vfio/vfio", "-maxdepth", "0"],
  domains: ["virsh", "-r", "-q", "-c", "qemu:///system", "list", "--all"],
  poolSpace: ["zpool", "list", "-Hp", "-o", "name,size,alloc,free,health"],
} as const satisfies Record<string, Argv>;

/** What an adapter can and runs with; asked for each that is hardware. */
export function askPort(name: string): Argv {
  return ["ethtool", name];
}
