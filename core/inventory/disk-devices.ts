// Which block devices are disks.

/** Devices that lsblk calls disks and nobody installs to: compressed memory, floppies, network blocks without size, flash chips. */
const NOT_DISKS = /^(zram|fd|ram|mtdblock|loop|sr)[0-9]/;

/** The devices that are disks: whole, with a size. eMMC's boot areas (mmcblk0boot0) are parts of a disk that look like one. */
export function diskDevices<Device extends { kname: string; type: string; size?: number | null | undefined }>(
  devices: readonly Device[],
): Device[] {
  return devices.filter(
    (device) =>
      device.type === "disk" &&
      (device.size ?? 0) > 0 &&
      !NOT_DISKS.test(device.kname) &&
      !/^mmcblk[0-9]+(boot|rpmb)/.test(device.kname),
  );
}
