// A disk as QEMU sees it: a block node and a device, the same for the command line and for attaching later.
import type { VmDisk } from "./machine-options.ts";

/** One object of -blockdev and of QMP's blockdev-add. */
export interface BlockNode {
  driver: string;
  [key: string]: unknown;
}

/** One object of -device and of QMP's device_add. */
export interface Device {
  driver: string;
  [key: string]: unknown;
}

const DRIVERS: Record<VmDisk["bus"], string> = {
  virtio: "virtio-blk-pci",
  nvme: "nvme",
  sata: "ide-hd",
  scsi: "scsi-hd",
  usb: "usb-storage",
};

/** The name of a disk's device in QEMU; its block node is called like the disk itself. */
export function deviceId(disk: VmDisk): string {
  return `dev-${disk.id}`;
}

/**
 * The block nodes of a disk. `no-flush` leaves out the host's fsync and nothing else: when QEMU is killed the same is
 * lost as without it (what the guest had not written, and what qcow2 had not yet linked), when this host crashes more.
 */
export function blockNode(disk: VmDisk): BlockNode {
  const shared = {
    cache: { direct: false, "no-flush": true },
    "read-only": disk.readOnly === true,
    ...(disk.readOnly === true ? {} : { discard: "unmap" }),
  };
  const image = { driver: disk.format, ...shared, file: { driver: "file", filename: disk.file, ...shared } };
  if (disk.log === undefined) return { "node-name": disk.id, ...image };
  return {
    driver: "blklogwrites",
    "node-name": disk.id,
    ...shared,
    file: image,
    log: { driver: "file", filename: disk.log, cache: shared.cache },
    // How much has been logged is to be seen while the machine runs.
    "log-super-update-interval": 1,
  };
}

/** The device of a disk; `bus` is the slot it goes into where there is a choice. */
export function diskDevice(disk: VmDisk, bus?: string): Device {
  const slot = bus ?? (disk.bus === "scsi" ? "scsi0.0" : disk.bus === "usb" ? "xhci.0" : undefined);
  const sectors = disk.bus !== "usb" && disk.bus !== "sata";
  const named = disk.wwn !== undefined && (disk.bus === "sata" || disk.bus === "scsi");
  return {
    driver: DRIVERS[disk.bus],
    id: deviceId(disk),
    drive: disk.id,
    ...(slot === undefined ? {} : { bus: slot }),
    ...(disk.serial === undefined ? {} : { serial: disk.serial }),
    ...(sectors && disk.sector !== undefined ? { logical_block_size: disk.sector } : {}),
    ...(sectors && (disk.physicalSector ?? disk.sector) !== undefined
      ? { physical_block_size: disk.physicalSector ?? disk.sector }
      : {}),
    ...(named ? { wwn: BigInt(`0x${disk.wwn}`) } : {}),
    // Without the bit a stick looks like a fixed disk, which is not what an installer is to be tested with.
    ...(disk.bus === "usb" ? { removable: true } : {}),
    ...(disk.bootIndex === undefined ? {} : { bootindex: disk.bootIndex }),
  };
}
