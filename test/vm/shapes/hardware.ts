// Everything that is plugged into the machine that recordings are made on: each controller at an address of its own, so that a shape can leave it out.
import { qemuJson } from "../../../core/vm/qemu-json.ts";

/** A disk of the machine; its file is sparse, as large as the disk. */
interface ShapeDisk {
  id: string;
  bytes: number;
  /** QEMU's device, with what it says of itself. */
  device: { driver: string; [key: string]: unknown };
  /** The file of another disk: a second way to it. */
  sameAs?: string;
}

const GIB = 2 ** 30;
/** What drives sold as 480 GB, 1.2 TB and 4 TB have (IDEMA's LBA counts). */
const [GB480, GB1200, TB4] = [480_103_981_056, 1_200_243_695_616, 4_000_787_030_016];
/** PCI addresses, function 0 of bus 0, by what is there. */
export const PLACES = {
  ...{ "scsi-a": "10", "scsi-b": "11", "raid-jbod": "12", "raid-virtual": "13", "nvme-spaces": "14" },
  ...{ "nvme-left": "15", "nvme-right": "16", "nvme-4kn": "17", "card-reader": "18", usb: "19" },
  ...{ "scsi-twins": "1a", "scsi-sectors": "1b", "scsi-names": "1c", "nvme-front": "1d", "raid-small": "0f" },
} as const;

export type Place = keyof typeof PLACES | "ahci";

const at = (place: keyof typeof PLACES) => ({ id: place, addr: `0x${PLACES[place]}` });
const numbered = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
/** 16 hexadecimal digits as QEMU wants them. */
const wwn = (digits: string) => BigInt(`0x${digits}`);

const CONTROLLERS = [
  ...(["scsi-a", "scsi-b", "scsi-twins", "scsi-sectors", "scsi-names"] as const).map((place) => ({
    driver: "virtio-scsi-pci",
    ...at(place),
  })),
  ...(["raid-jbod", "raid-virtual", "raid-small"] as const).map((place) => ({ driver: "megasas-gen2", ...at(place) })),
  { driver: "nvme", ...at("nvme-spaces"), serial: "MVSPACES01" },
  { driver: "nvme-subsys", id: "shelf", nqn: "shelf" },
  { driver: "nvme", ...at("nvme-left"), serial: "MVSHELF01", subsys: "shelf" },
  { driver: "nvme", ...at("nvme-right"), serial: "MVSHELF01", subsys: "shelf" },
  { driver: "nvme", ...at("nvme-4kn"), serial: "MVNVME4KN1" },
  { driver: "nvme", ...at("nvme-front"), serial: "MVFRONT001" },
  { driver: "sdhci-pci", ...at("card-reader") },
  { driver: "qemu-xhci", ...at("usb") },
];

const scsi = (place: string, lun: number, more: object) => ({
  ...{ driver: "scsi-hd", bus: `${place}.0`, "scsi-id": lun, ...more },
});
const SCRATCH = { vendor: "QEMU", product: "QEMU HARDDISK" };
const BIG = { vendor: "SEAGATE", product: "ST4000NM0023", rotation_rate: 7200 };
const SAS10K = { vendor: "SEAGATE", product: "ST1200MM0088", rotation_rate: 10500 };
const SSD = { vendor: "ATA", product: "INTEL SSDSC2BB48", rotation_rate: 1 };

export const DISKS: readonly ShapeDisk[] = [
  // Four small disks whose contents the shapes make; two of them have a second path.
  ...numbered(4, (n) => ({
    ...{ id: `a${n}`, bytes: 3 * GIB },
    device: scsi("scsi-a", n, {
      ...SCRATCH,
      serial: `MVSCRATCH0${n}`,
      wwn: wwn(`5000c500a0b1c2d${n}`),
      "share-rw": true,
    }),
  })),
  ...numbered(2, (n) => ({
    ...{ id: `b${n}`, bytes: 3 * GIB, sameAs: `a${n}` },
    device: scsi("scsi-b", n, {
      ...SCRATCH,
      serial: `MVSCRATCH0${n}`,
      wwn: wwn(`5000c500a0b1c2d${n}`),
      "share-rw": true,
    }),
  })),
  // Twelve at the front and two behind, as a 3.5" R730xd with its card in HBA mode.
  ...numbered(12, (n) => ({
    ...{ id: `j${n}`, bytes: TB4 },
    device: scsi("raid-jbod", n, {
      ...BIG,
      serial: `Z1Z0A${n}MV`,
      wwn: wwn(`5000c50057a1b${(n * 16).toString(16).padStart(3, "0")}`),
    }),
  })),
  ...numbered(2, (n) => ({
    ...{ id: `r${n}`, bytes: GB480 },
    device: scsi("raid-jbod", 12 + n, { ...SSD, serial: `PHWL0000${n}480MV`, wwn: wwn(`55cd2e404b5a000${n}`) }),
  })),
  // What the same card shows in RAID mode: its own virtual disks, and none of the drives.
  ...numbered(2, (n) => ({
    ...{ id: `v${n}`, bytes: n === 0 ? GB480 : 10 * TB4 },
    device: scsi("raid-virtual", n, {
      ...{ vendor: "DELL", product: "PERC H730P Mini", serial: `00${n}f6e2a3b1c5d2d60` },
      wwn: wwn(`61866da06f2c4a0${n}`),
    }),
  })),
  ...numbered(8, (n) => ({
    ...{ id: `s${n}`, bytes: GB1200 },
    device: scsi("raid-small", n, {
      ...SAS10K,
      serial: `S3L0${n}MVK`,
      wwn: wwn(`5000c500963f${(n * 16).toString(16).padStart(4, "0")}`),
    }),
  })),
  // Namespaces with and without identifiers; a shelf that is reached over two controllers.
  {
    id: "n0",
    bytes: 8 * GIB,
    device: { driver: "nvme-ns", bus: "nvme-spaces", nsid: 1, uuid: "6e1f0c52-4b7d-4a55-9c3a-0a1b2c3d4e01" },
  },
  {
    id: "n1",
    bytes: 8 * GIB,
    device: { driver: "nvme-ns", bus: "nvme-spaces", nsid: 2, eui64: wwn("5254004d56000002") },
  },
  {
    ...{ id: "n2", bytes: 16 * GIB },
    device: {
      driver: "nvme-ns",
      bus: "nvme-spaces",
      nsid: 3,
      logical_block_size: 4096,
      physical_block_size: 4096,
      "eui64-default": true,
    },
  },
  {
    id: "n3",
    bytes: 8 * GIB,
    device: {
      driver: "nvme-ns",
      bus: "nvme-left",
      nsid: 1,
      shared: true,
      uuid: "6e1f0c52-4b7d-4a55-9c3a-0a1b2c3d4e02",
    },
  },
  {
    id: "n4",
    bytes: 8 * GIB,
    device: {
      driver: "nvme-ns",
      bus: "nvme-right",
      nsid: 2,
      shared: false,
      uuid: "6e1f0c52-4b7d-4a55-9c3a-0a1b2c3d4e03",
    },
  },
  {
    ...{ id: "n5", bytes: TB4 },
    device: {
      driver: "nvme-ns",
      bus: "nvme-4kn",
      nsid: 1,
      logical_block_size: 4096,
      physical_block_size: 4096,
      uuid: "6e1f0c52-4b7d-4a55-9c3a-0a1b2c3d4e04",
    },
  },
  {
    id: "n6",
    bytes: GB480,
    device: { driver: "nvme-ns", bus: "nvme-front", nsid: 1, uuid: "6e1f0c52-4b7d-4a55-9c3a-0a1b2c3d4e05" },
  },
  { id: "card", bytes: 32 * GIB, device: { driver: "sd-card" } },
  // Two sticks of one maker who gives all of them one number, one without any, and a fast disk in a case (UAS).
  ...numbered(2, (n) => ({
    ...{ id: `u${n}`, bytes: 2 * GIB },
    device: { driver: "usb-storage", bus: "usb.0", port: String(n + 1), removable: true, serial: "0123456789ABCDEF" },
  })),
  { id: "u2", bytes: 2 * GIB, device: { driver: "usb-storage", bus: "usb.0", port: "3", removable: true } },
  // Equal serial numbers with and without a name of the world's; no serial number at all.
  ...numbered(2, (n) => ({
    ...{ id: `t${n}`, bytes: 20 * GIB },
    device: scsi("scsi-twins", n, {
      vendor: "ATA",
      product: "KINGSTON SA400",
      serial: "50026B7700000000",
      wwn: wwn(`50026b770000000${n}`),
    }),
  })),
  ...numbered(2, (n) => ({
    ...{ id: `t${2 + n}`, bytes: 20 * GIB },
    device: scsi("scsi-twins", 2 + n, { vendor: "Generic", product: "SATA bridge", serial: "000000000001" }),
  })),
  {
    id: "t4",
    bytes: 20 * GIB,
    device: scsi("scsi-twins", 4, { vendor: "Generic", product: "no number", device_id: "" }),
  },
  // 4Kn, 512e and 512n.
  ...[
    [4096, 4096],
    [512, 4096],
    [512, 512],
  ].map(([logical = 512, physical = 512], n) => ({
    ...{ id: `k${n}`, bytes: TB4 },
    device: scsi("scsi-sectors", n, {
      ...{
        vendor: "HGST",
        product: `HUS72604${n}ALS`,
        serial: `K4K00${n}MV`,
        wwn: wwn(`5000cca24400000${n}`),
        rotation_rate: 7200,
      },
      ...{ logical_block_size: logical, physical_block_size: physical },
    }),
  })),
  // What devices and people may call a disk.
  {
    id: "x0",
    bytes: 20 * GIB,
    device: scsi("scsi-names", 0, {
      vendor: "Größe",
      product: "Платте №1",
      serial: "ÄÖÜ0001",
      wwn: wwn("5000c500aaaaaaa0"),
    }),
  },
  {
    id: "x1",
    bytes: 20 * GIB,
    device: scsi("scsi-names", 1, {
      vendor: "A B",
      product: "slash/and#hash",
      serial: "a/b #c%20\\x",
      wwn: wwn("5000c500aaaaaaa1"),
    }),
  },
  {
    id: "x2",
    bytes: 20 * GIB,
    device: scsi("scsi-names", 2, {
      vendor: "EVIL",
      product: "\u001b[31mred",
      serial: "\u202egnp.exe",
      wwn: wwn("5000c500aaaaaaa2"),
    }),
  },
  // On the board's own ports.
  {
    ...{ id: "i0", bytes: GB480 },
    device: {
      driver: "ide-hd",
      bus: "ide.0",
      model: "Samsung SSD 860 EVO 500GB",
      serial: "S3Z1NB0K000001A",
      wwn: wwn("5002538e40000001"),
      rotation_rate: 1,
    },
  },
  {
    ...{ id: "i1", bytes: TB4 },
    device: {
      driver: "ide-hd",
      bus: "ide.1",
      model: "WDC WD40EFRX-68N32N0",
      serial: "WD-WCC7K0000001",
      wwn: wwn("50014ee2b0000001"),
      rotation_rate: 5400,
      physical_block_size: 4096,
    },
  },
];

/** What is added to QEMU's command line. `file` gives the path of a disk's file. */
export function shapeArgv(file: (id: string) => string): string[] {
  const drives = DISKS.flatMap((disk) => {
    const node = { driver: "file", filename: file(disk.sameAs ?? disk.id), locking: "off" };
    return ["-blockdev", qemuJson({ driver: "raw", "node-name": disk.id, discard: "unmap", file: node })];
  });
  const devices = DISKS.map((disk) => ({ ...disk.device, id: `disk-${disk.id}`, drive: disk.id }));
  const dvd = { driver: "ide-cd", bus: "ide.2", id: "dvd" };
  return [...drives, ...[...CONTROLLERS, ...devices, dvd].flatMap((device) => ["-device", qemuJson(device)])];
}
