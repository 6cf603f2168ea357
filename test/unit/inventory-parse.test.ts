import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeContent, parseLoaders, parseOsRelease } from "../../core/inventory/content.ts";
import { makeDisks } from "../../core/inventory/disks.ts";
import { parseDmi } from "../../core/inventory/dmi.ts";
import { aliasesOf, namesOf, sharedLinks, stableIdentity } from "../../core/inventory/identity.ts";
import { type BlockDevice, mountpointsOf, parseLsblk } from "../../core/inventory/lsblk.ts";
import { parseConsoles, parseFirmware } from "../../core/inventory/machine.ts";
import { parseImportable, parsePoolDevices } from "../../core/inventory/pools.ts";
import { scrub } from "../../core/inventory/scrub.ts";
import { parseUdev } from "../../core/inventory/udev.ts";
import { type InUse, whyUnusable } from "../../core/inventory/unusable.ts";

const NOTHING: InUse = { liveDevice: null, pools: [], poolDevices: [], links: new Map() };
const device = (more: Partial<BlockDevice>): BlockDevice => ({
  name: "sda",
  kname: "sda",
  path: "/dev/sda",
  type: "disk",
  size: 1000,
  ...more,
});

describe("stable identity", () => {
  const best = (...names: string[]) =>
    stableIdentity(
      namesOf(
        names.map((name) => `disk/by-id/${name}`),
        new Set(),
      ),
    );
  test.each([
    [["nvme-Samsung_990_S1", "nvme-Samsung_990_S1_1", "nvme-eui.0025384131b10001"], "nvme-eui.0025384131b10001"],
    [["nvme-Samsung_990_S1", "nvme-Samsung_990_S1_1", "nvme-uuid.aa-bb"], "nvme-uuid.aa-bb"],
    [["nvme-X_S1", "nvme-X_S1_1", "nvme-nvme.1b36-31-32-00000001"], "nvme-nvme.1b36-31-32-00000001"],
    [["nvme-X_S1_1", "nvme-X_S1"], "nvme-X_S1_1"],
    [["ata-WDC_X_Y", "wwn-0x50014ee2b9a0c1d8"], "wwn-0x50014ee2b9a0c1d8"],
    [["ata-WDC_X_Y", "scsi-35000c500a0b1c2d3"], "scsi-35000c500a0b1c2d3"],
    [["ata-QEMU_HARDDISK_QM1", "scsi-0QEMU"], "ata-QEMU_HARDDISK_QM1"],
    [["virtio-MVTARGET01"], "virtio-MVTARGET01"],
    [["usb-Kingston_DT_1-0:0"], "usb-Kingston_DT_1-0:0"],
    [["wwn-0x0000000000000000", "ata-X_Y"], "ata-X_Y"],
    // Bare: it leads to whichever namespace came last.
    [["nvme-X_S"], null],
    [["ata-X_Y-part1"], null],
    [["dm-name-x", "lvm-pv-uuid-x"], null],
    [["wwn-0x5 evil"], null],
    [[], null],
  ])("%j gives %s", (names, expected) => {
    expect(best(...names)).toBe(expected);
    expect(best(...[...names].reverse())).toBe(expected);
  });

  test("a name that two disks claim belongs to neither", () => {
    const shared = sharedLinks([
      ["disk/by-id/usb-Generic_1", "disk/by-path/a"],
      ["disk/by-id/usb-Generic_1", "disk/by-path/b"],
    ]);
    const names = namesOf(["disk/by-id/usb-Generic_1", "disk/by-path/a"], shared);
    expect(stableIdentity(names)).toBeNull();
    expect(aliasesOf(names)).toEqual(["a"]);
  });

  test("no two disks ever have the same one", () => {
    const link = fc
      .constantFrom("wwn-0x5", "wwn-0x6", "ata-A_1", "ata-A_2", "usb-X", "nvme-eui.01", "virtio-a")
      .map((name) => `disk/by-id/${name}`);
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(link, { maxLength: 4 }), { maxLength: 5 }), (disks) => {
        const shared = sharedLinks(disks);
        const ids = disks.map((links) => stableIdentity(namesOf(links, shared))).filter((id) => id !== null);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

describe("disks that cannot be targets", () => {
  test.each<[string, Partial<BlockDevice>, Partial<InUse>, string[]]>([
    ["free", {}, {}, []],
    ["mounted itself", { mountpoints: ["/", "/home"] }, {}, ["mounted at /", "mounted at /home"]],
    [
      "mounted deep in its tree",
      {
        children: [
          device({
            kname: "sda1",
            type: "part",
            children: [device({ kname: "dm-0", name: "vg-root", type: "lvm", mountpoints: ["/"] })],
          }),
        ],
      },
      {},
      ["mounted at /", "held by vg-root (an active LVM volume)"],
    ],
    ["swap, as older lsblk says it", { mountpoint: "[SWAP]", mountpoints: [null] }, {}, ["swap in use"]],
    ["RAID", { children: [device({ kname: "md0", name: "md0", type: "raid1" })] }, {}, ["held by md0 (raid1)"]],
    ["read-only", { ro: true }, {}, ["read-only"]],
    [
      "pool by label",
      { fstype: "zfs_member", uuid: "77" },
      { pools: [{ name: "tank", guid: "77" }] },
      ["member of imported pool tank"],
    ],
    ["pool that is not imported", { fstype: "zfs_member", uuid: "78" }, { pools: [{ name: "tank", guid: "77" }] }, []],
    [
      "cache of a pool, by path",
      { children: [device({ kname: "sda2", path: "/dev/sda2", type: "part" })] },
      { poolDevices: [{ pool: "tank", path: "/dev/sda2" }] },
      ["member of imported pool tank"],
    ],
    [
      "pool by link",
      {},
      {
        poolDevices: [{ pool: "tank", path: "/dev/disk/by-id/ata-x" }],
        links: new Map([["sda", ["disk/by-id/ata-x"]]]),
      },
      ["member of imported pool tank"],
    ],
    ["live medium by node", {}, { liveDevice: "/dev/sda" }, ["live medium"]],
    [
      "live medium by link of a partition",
      { children: [device({ kname: "sda2", type: "part" })] },
      {
        liveDevice: "/dev/disk/by-partlabel/multiverse-live",
        links: new Map([["sda2", ["disk/by-partlabel/multiverse-live"]]]),
      },
      ["live medium"],
    ],
    [
      "live medium by mount",
      { children: [device({ kname: "sda2", type: "part", mountpoints: ["/run/multiverse/live/medium"] })] },
      {},
      ["live medium", "mounted at /run/multiverse/live/medium"],
    ],
    ["state", { mountpoints: ["/run/multiverse/state"] }, {}, ["holds this installer's state"]],
    ["a name like the live medium's", {}, { liveDevice: "/dev/sdaa" }, []],
  ])("%s", (_name, more, use, reasons) => {
    expect(whyUnusable(device(more), { ...NOTHING, ...use })).toEqual(reasons);
  });
});

describe("lsblk", () => {
  test("of Debian 12, with other fields and numbers as text", () => {
    const [disk] = parseLsblk(
      '{"blockdevices":[{"name":"nvme0n1","kname":"nvme0n1","path":"/dev/nvme0n1","type":"disk","size":"1000","ro":"0","rm":"0","rota":false,"tran":"nvme","mountpoint":null,"mountpoints":[null],"log-sec":512,"pttype":"dos","children":[{"name":"nvme0n1p2","kname":"nvme0n1p2","path":"/dev/nvme0n1p2","type":"part","size":500,"start":2048,"ro":false,"mountpoints":["/boot"],"mountpoint":"/boot"}]}]}',
    );
    expect(disk && mountpointsOf(disk)).toEqual([]);
    const [made] = makeDisks(disk ? [disk] : [], NOTHING, new Map());
    expect(made).toMatchObject({
      size: 1000,
      readOnly: false,
      bus: "nvme",
      table: "dos",
      partitions: [{ number: 2, start: 2048 * 512, mountpoints: ["/boot"] }],
    });
  });

  test.each([["mmcblk0boot0"], ["zram0"], ["fd0"], ["ram1"], ["mtdblock0"], ["sr0"], ["loop3"]])(
    "%s is no disk",
    (kname) => {
      expect(makeDisks([device({ kname })], NOTHING, new Map())).toEqual([]);
    },
  );
  test("a card reader without a card has no size, and is no disk", () => {
    expect(makeDisks([device({ size: 0 })], NOTHING, new Map())).toEqual([]);
  });
  test.each([
    ["ata", "sda", "sata"],
    ["sas", "sda", "sas"],
    [null, "sda", "scsi"],
    [null, "vdb", "virtio"],
    [null, "mmcblk0", "mmc"],
    ["fc", "sda", "scsi"],
    [null, "pmem0", "other"],
  ])("attached by %s as %s: %s", (tran, kname, bus) => {
    expect(makeDisks([device({ tran, kname })], NOTHING, new Map())[0]?.bus).toBe(bus);
  });
});

describe("content", () => {
  test.each<[Partial<BlockDevice>, string]>([
    [{ fstype: "ntfs", label: "Data" }, 'Windows file system (NTFS) "Data"'],
    [{ fstype: "linux_raid_member", label: "box:0" }, 'member of RAID "box:0"'],
    [{ fstype: "LVM2_member" }, "LVM physical volume"],
    [{ fstype: "apfs" }, "macOS (APFS)"],
    [{ parttype: "21686148-6449-6E6F-744E-656564454649" }, "BIOS boot partition"],
    [{ size: 5 * 2 ** 30 }, "unknown content, 5 GiB"],
    [{ fstype: "xfs" }, "xfs file system"],
  ])("%j is %s", (more, words) => {
    expect(describeContent(device(more))).toBe(words);
  });
  test("os-release and loaders", () => {
    expect(parseOsRelease("NAME=x\nPRETTY_NAME='Arch Linux'\n")).toBe("Arch Linux");
    expect(parseOsRelease("PRETTY_NAME=Plain\n")).toBe("Plain");
    expect(parseOsRelease("File not found")).toBeUndefined();
    expect(parseLoaders("::/EFI/BOOT/\n::/EFI/debian/\n::/EFI/x.txt\n")).toEqual(["BOOT", "debian"]);
  });
});

describe("pools", () => {
  const TEXT = `   pool: rpool
     id: 11
  state: DEGRADED
status: One or more devices are missing from the system.
 config:

	rpool           DEGRADED
	  mirror-0      DEGRADED
	    sda3        ONLINE
	    77          UNAVAIL  cannot open
	logs
	  sdc1          ONLINE

   pool: rpool
     id: 18446744073709551615
  state: ONLINE
 config:

	rpool       ONLINE
	  sdd       ONLINE
`;
  test("two of the same name are two; GUIDs keep every digit", () => {
    expect(parseImportable(TEXT)).toEqual([
      { name: "rpool", guid: "11", state: "DEGRADED", members: ["sda3", "77", "sdc1"] },
      { name: "rpool", guid: "18446744073709551615", state: "ONLINE", members: ["sdd"] },
    ]);
    expect(parseImportable("no pools available to import\n")).toEqual([]);
  });
  test("every device of an imported pool: data, log, cache, spare", () => {
    const text =
      "  pool: a\nconfig:\n\n\tNAME  STATE\n\ta  ONLINE\n\t  mirror-0  ONLINE\n\t    /dev/sda1  ONLINE  0 0 0\n\t    /dev/sdb1  ONLINE\n\tlogs\n\t  /dev/sdc1  ONLINE\n\tspares\n\t  /dev/sdd1  AVAIL\n\n  pool: b\n\tb ONLINE\n\t  /dev/sde  ONLINE\n";
    expect(parsePoolDevices(text).map((one) => `${one.pool}:${one.path}`)).toEqual([
      "a:/dev/sda1",
      "a:/dev/sdb1",
      "a:/dev/sdc1",
      "a:/dev/sdd1",
      "b:/dev/sde",
    ]);
  });
});

describe("the machine itself", () => {
  test("what makers leave unfilled is nothing", () => {
    expect(
      parseDmi(
        "/sys/class/dmi/id/sys_vendor:Default string\n/sys/class/dmi/id/product_name:To Be Filled By O.E.M.\n/sys/class/dmi/id/product_serial:0000\n",
      ),
    ).toEqual({ vendor: "", product: "", serial: "", uuid: "" });
  });
  test("firmware", () => {
    expect(parseFirmware({ efi: "", efivars: "", secureBoot: "" })).toEqual({
      kind: "bios",
      secureBoot: false,
      nvram: false,
    });
    expect(parseFirmware({ efi: "efivars\n", efivars: "ro,relatime\n", secureBoot: " 06 00 00 00 01\n" })).toEqual({
      kind: "uefi",
      secureBoot: true,
      nvram: false,
    });
  });
  test("consoles that can be named on a command line, the preferred one last", () => {
    const text =
      "ttyS0                -W- (EC  p a)    4:64\ntty0                 -WU (E   p  )    4:1\nnetcon0 -W- (E N)\n";
    expect(parseConsoles(text)).toEqual(["tty0", "ttyS0"]);
    expect(parseConsoles("tty0 -WU (EC p ) 4:1\n")).toEqual(["tty0"]);
  });
  test("udev's list, with lines that it does not know", () => {
    expect(
      parseUdev("P: /devices/x\nM: sda\nZ: new\nN: sda\nS: disk/by-id/a\nE: A=b=c\n\n\nP: /devices/y\n\ngarbage\n"),
    ).toMatchObject([
      { devpath: "/devices/x", node: "sda", links: ["disk/by-id/a"] },
      { devpath: "/devices/y", node: "", links: [] },
    ]);
  });
});

test("whatever is scrubbed is one short line without control characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const clean = scrub(text);
      expect(clean.length).toBeLessThanOrEqual(200);
      expect(clean).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      expect(scrub(clean)).toBe(clean);
    }),
  );
});
