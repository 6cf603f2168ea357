// The made-up machine of the demo: several disks, some of which cannot be used, as people have them.
import type { Disk, Inventory, Nic, Partition } from "../../core/inventory/inventory.ts";
import { UNKNOWN_STACKS } from "../../core/inventory/stacks/stacks.ts";

const GB = 1000 ** 3;
const MIB = 1024 ** 2;

export function partition(
  number: number,
  start: number,
  size: number,
  content: string,
  more: Partial<Partition> = {},
): Partition {
  return {
    ...{ kname: `demo${number}`, path: `/dev/demo${number}`, number, start, size, content },
    ...{ type: null, partuuid: null, partlabel: null, filesystem: null, label: null, uuid: null, mountpoints: [] },
    ...more,
  };
}

export function disk(id: string, path: string, more: Partial<Disk>): Disk {
  return {
    ...{
      id,
      aliases: [],
      kname: path.slice(5),
      path,
      model: "",
      vendor: "",
      serial: "",
      wwn: "",
      bus: "nvme",
      size: 0,
    },
    ...{ sector: 512, physicalSector: 4096, rotational: false, removable: false, readOnly: false, table: null },
    ...{ tableUuid: null, partitions: [], holders: [], content: [], unusable: [] },
    ...more,
  };
}

export function nic(name: string, more: Partial<Nic>): Nic {
  return {
    ...{ name, mac: "52:54:00:00:00:01", driver: "igc", physical: true, wireless: false, up: true, carrier: true },
    ...{ addresses: [] },
    ...more,
  };
}

const SAMSUNG = 1000 * GB;

export const DEMO_MACHINE: Inventory = {
  version: 1,
  machine: {
    vendor: "Demo",
    product: "Made-up machine",
    serial: "DEMO-1",
    uuid: "00000000-0000-4000-8000-000000000001",
  },
  firmware: { kind: "uefi", secureBoot: false, nvram: true },
  cpu: { model: "Made-up CPU", threads: 16 },
  memory: 64 * 1024 * MIB,
  consoles: ["tty0"],
  disks: [
    disk("nvme-Samsung_SSD_990_PRO_1TB_S7KGNU0X000114P", "/dev/nvme0n1", {
      ...{ vendor: "Samsung", model: "SSD 990 PRO 1TB", serial: "S7KGNU0X000114P", size: SAMSUNG, table: "gpt" },
      aliases: ["nvme-eui.0025385b11b2c3d4"],
      partitions: [
        partition(1, MIB, 100 * MIB, "EFI system partition", { filesystem: "vfat" }),
        partition(2, 117 * MIB, SAMSUNG - 800 * MIB, "Windows (BitLocker)", { filesystem: "BitLocker" }),
        partition(3, SAMSUNG - 700 * MIB, 600 * MIB, "Windows recovery", { filesystem: "ntfs" }),
      ],
      content: ["Windows (BitLocker)", "EFI system partition"],
    }),
    disk("nvme-Samsung_SSD_990_PRO_1TB_S7KGNU0X000116X", "/dev/nvme1n1", {
      ...{ vendor: "Samsung", model: "SSD 990 PRO 1TB", serial: "S7KGNU0X000116X", size: SAMSUNG },
    }),
    disk("usb-Kingston_DataTraveler_0014780EE4A2-0:0", "/dev/sda", {
      ...{ vendor: "Kingston", model: "DataTraveler", serial: "0014780EE4A2", bus: "usb", size: 31 * GB, table: "gpt" },
      removable: true,
      content: ["Multiverse rescue"],
      unusable: ["this installer runs from it"],
    }),
    disk("ata-WDC_WD40EFRX-68N32N0_WD-WCC7K0123456", "/dev/sdb", {
      ...{ vendor: "WDC", model: "WD40EFRX", serial: "WD-WCC7K0123456", bus: "sata", size: 4000 * GB, table: "gpt" },
      rotational: true,
      partitions: [partition(1, MIB, 4000 * GB - 2 * MIB, "member of pool tank", { filesystem: "zfs_member" })],
      content: ["member of pool tank"],
      unusable: ["member of imported pool tank"],
    }),
  ],
  nics: [
    nic("enp5s0", { mac: "52:54:00:12:34:56", addresses: ["192.168.1.23/24"] }),
    nic("enp6s0", { mac: "52:54:00:12:34:57", carrier: false }),
    nic("wlp4s0", { mac: "52:54:00:12:34:58", driver: "iwlwifi", wireless: true, carrier: false }),
  ],
  pools: { imported: [{ name: "tank", guid: "9713340817521087442" }], importable: [] },
  stacks: UNKNOWN_STACKS,
  live: {
    kernel: {
      ...{ version: "6.12.0-demo-amd64", vmlinuz: "/demo/vmlinuz", initrd: "/demo/initrd" },
      ...{ vmlinuzSha256: "0".repeat(64), initrdSha256: "1".repeat(64) },
    },
    ...{ zfs: "2.3.9", debian: "13" },
    host: { path: "/demo/host", treeBytes: "812646400", sha256: "2".repeat(64) },
    sets: { hypervisor: { path: "/demo/hypervisor", treeBytes: "1073741824", sha256: "4".repeat(64) } },
    program: { path: "/demo/program", treeBytes: "9437184", sha256: "3".repeat(64) },
    refind: "/demo/refind",
  },
  media: [],
  notes: [],
};
