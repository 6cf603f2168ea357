// Machines that the demo's own is not: without a disk, with hundreds, with names that nobody would choose.
import type { Inventory, SourceMedium } from "../../../core/inventory/inventory.ts";
import { DEMO_MACHINE, disk, nic, partition } from "../machine.ts";

const GB = 1000 ** 3;

export const NO_DISK: Inventory = { ...DEMO_MACHINE, disks: [] };

export const NONE_USABLE: Inventory = {
  ...DEMO_MACHINE,
  disks: DEMO_MACHINE.disks.filter(({ unusable }) => unusable.length > 0),
};

export const TOO_SMALL: Inventory = {
  ...DEMO_MACHINE,
  disks: [
    disk("usb-SanDisk_Cruzer_4C530001", "/dev/sdc", {
      ...{ vendor: "SanDisk", model: "Cruzer", serial: "4C530001", bus: "usb", size: 4 * GB, removable: true },
    }),
    ...DEMO_MACHINE.disks.slice(2),
  ],
};

export const MANY_DISKS: Inventory = {
  ...DEMO_MACHINE,
  disks: Array.from({ length: 500 }, (_, at) => {
    const serial = `ZA1${String(at).padStart(5, "0")}`;
    return disk(`scsi-SSEAGATE_ST16000NM_${serial}`, `/dev/sd${at}`, {
      ...{ vendor: "SEAGATE", model: "ST16000NM", serial, bus: "sas", size: 16_000 * GB, rotational: true },
      ...(at % 3 === 0 ? { content: ["member of pool tank"], unusable: ["member of imported pool tank"] } : {}),
    });
  }),
};

const ESCAPES = "\u001b[2J\u001b[31mred\u001b]0;title\u0007\u009b1m";
const WIDE = "漢字".repeat(400);
const TURNED = "\u202egnirts\u202c\u2066x\u2069";
const COMBINING = "a\u0301\u0302\u0303".repeat(60);

export const HOSTILE_TEXTS: readonly string[] = [
  ...[ESCAPES, "x".repeat(10_000), WIDE, TURNED, COMBINING, "line\r\nline\ttab\u0000\u2028end", "👩‍👩‍👧 🇩🇪 1️⃣"],
];

/** Disks, partitions and adapters whose names are one hostile text each. */
export const HOSTILE: Inventory = {
  ...DEMO_MACHINE,
  disks: HOSTILE_TEXTS.map((text, at) =>
    disk(`nvme-demo_${at}`, `/dev/nvme${at}n1`, {
      ...{ vendor: text, model: text, serial: text, wwn: text, size: 500 * GB, aliases: [text], content: [text] },
      partitions: [partition(1, 1024 ** 2, 100 * GB, text, { label: text })],
      ...(at % 2 === 1 ? { unusable: [text, text] } : {}),
    }),
  ),
  nics: HOSTILE_TEXTS.map((text) => nic(text, { driver: text, mac: text, addresses: [text, text] })),
};

const [live] = [DEMO_MACHINE.live];

export const SECOND_STICK: SourceMedium | null =
  live === null
    ? null
    : {
        ...{ device: "/dev/disk/by-partuuid/0b3c7a52-02", aliases: [], disk: "sdd", live },
        ...{ name: "SanDisk Ultra 4C530001, 29 GiB", manifestSha256: "4".repeat(64) },
      };

export const TWO_MEDIA: Inventory = { ...DEMO_MACHINE, media: SECOND_STICK === null ? [] : [SECOND_STICK] };

export const NO_SOURCE: Inventory = { ...DEMO_MACHINE, live: null };
