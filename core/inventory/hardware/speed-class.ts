// How fast a disk is in one word: expected from what it is, or from what was measured.
import type { Disk } from "../inventory.ts";
import type { Measured } from "./benchmark.ts";

/**
 * - `nvme`: flash on PCI Express, from 1 GB/s on
 * - `flash`: SATA and SAS flash
 * - `disk`: it spins; milliseconds for each place
 * - `slow`: sticks and memory cards, and disks that read below 60 MB/s
 * - `unknown`: a virtual disk, before it was measured
 */
export type SpeedClass = "nvme" | "flash" | "disk" | "slow" | "unknown";

export function expectedClass(disk: Disk): SpeedClass {
  switch (disk.bus) {
    case "nvme":
      return "nvme";
    case "usb":
    case "mmc":
      return disk.rotational ? "disk" : "slow";
    case "virtio":
      return "unknown";
    default:
      // What QEMU and RAID cards show claims to spin, whatever is below it.
      if (/QEMU|VBOX|Virtual/i.test(`${disk.vendor} ${disk.model}`)) return "unknown";
      return disk.rotational ? "disk" : "flash";
  }
}

/** A spinning disk needs half a turn and a seek, some 8 to 15 ms; flash a tenth of one. */
export function measuredClass({ sequential, latency }: Measured): SpeedClass {
  if (sequential < 60) return "slow";
  if (latency > 2) return "disk";
  return sequential >= 1000 ? "nvme" : "flash";
}
