import { describe, expect, test } from "vitest";
import { commandLine } from "../../core/inventory/command-line.ts";
import type { MachineFile } from "../../core/inventory/record.ts";
import { parseBtrfsShow } from "../../core/inventory/stacks/btrfs.ts";
import { STACK_COMMANDS } from "../../core/inventory/stacks/commands.ts";
import { parseMdExamine, parseMdstat } from "../../core/inventory/stacks/md.ts";
import { inventoryOf } from "./recorded-machine.ts";

type Outputs = MachineFile["outputs"];

/** Puts what a command said into a recording. */
function say(outputs: Outputs, name: keyof typeof STACK_COMMANDS, stdout: string, exit = 0, stderr = ""): void {
  outputs[commandLine(STACK_COMMANDS[name])] = { stdout, stderr, exit };
}

const report = (name: string, rows: object[]) => JSON.stringify({ report: [{ [name]: rows }] });

/** Changes the list of lsblk's devices in a recording. */
function devices(outputs: Outputs, change: (list: Record<string, unknown>[]) => void): void {
  const said = outputs["lsblk -J -b -O"];
  if (said === undefined) throw new Error("no lsblk");
  const tree = JSON.parse(said.stdout) as { blockdevices: Record<string, unknown>[] };
  change(tree.blockdevices);
  said.stdout = JSON.stringify(tree);
}

const PARTS = { mountpoints: [], type: "disk", size: 2 ** 30 };
const disk = (kname: string, more: object) => ({ ...PARTS, name: kname, kname, path: `/dev/${kname}`, ...more });

describe("what cannot be found out", () => {
  test("a machine that was recorded before has no stacks that are known, and no note", async () => {
    const { stacks, notes } = await inventoryOf("qemu-blank-disk");
    expect(stacks).toEqual({ md: null, lvm: null, multipath: [], bcache: [], btrfs: [] });
    expect(notes).toEqual([]);
  });

  test("programs that fail are noted where there is something for them, and only there", async () => {
    const fail = (outputs: Outputs) => {
      say(outputs, "mdExamine", "", 1, "mdadm: must be super-user to perform this action\n");
      say(outputs, "pvs", "", 5, "  Devices file not found\n");
      say(outputs, "mdstat", "Personalities : \nunused devices: <none>\n");
    };
    expect((await inventoryOf("qemu-blank-disk", fail)).notes).toEqual([]);
    const { stacks, notes } = await inventoryOf("qemu-blank-disk", (outputs) => {
      fail(outputs);
      devices(outputs, (list) =>
        list.push(disk("sda", { fstype: "LVM2_member" }), disk("sdb", { fstype: "linux_raid_member" })),
      );
    });
    expect(stacks).toMatchObject({ lvm: null, md: [] });
    expect(notes).toEqual([
      "which arrays the members of RAID belong to is not known: mdadm: mdadm: must be super-user to perform this action",
      "what the LVM physical volumes belong to is not known: lvm: Devices file not found",
    ]);
  });

  test("LVM shows an empty list to whoever is not root: that is not known, rather than nothing", async () => {
    const { stacks } = await inventoryOf("qemu-blank-disk", (outputs) => {
      for (const name of ["pvs", "vgs", "lvs"] as const)
        say(outputs, name, report("pv", []), 0, "  WARNING: Running as a non-root user.\n");
    });
    expect(stacks.lvm).toBeNull();
  });

  test.each(["", "{", "[]", '{"report": [{"pv": [{"pv_name": 3}]}]}', '{"report": [{"pv": [{"pv_size": "1k"}]}]}'])(
    "%j is no report of LVM's",
    async (stdout) => {
      const { stacks, notes } = await inventoryOf("qemu-blank-disk", (outputs) => {
        for (const name of ["pvs", "vgs", "lvs"] as const) say(outputs, name, stdout);
        devices(outputs, (list) => list.push(disk("sda", { fstype: "LVM2_member" })));
      });
      expect(stacks.lvm).toBeNull();
      expect(notes.join()).toMatch(/^what the LVM physical volumes belong to is not known: lvm: its report/);
    },
  );
});

describe("software RAID", () => {
  /** drivers/md/md.c and mdadm 4.3: one array lacks a member, one rebuilds, one was stopped half assembled. */
  const MDSTAT = `Personalities : [raid1] [raid6] [raid5] [raid4]
md127 : active raid1 sdb1[1](F) sda1[0]
      1046528 blocks super 1.2 [2/1] [U_]
      bitmap: 0/1 pages [0KB], 65536KB chunk

md5 : active (auto-read-only) raid5 sde[3] sdf[4](S) sdd[1] sdc[0]
      2093056 blocks level 5, 512k chunk, algorithm 2 [3/2] [UU_]
      [==>..................]  recovery = 12.6% (132400/1046528) finish=0.1min speed=132400K/sec

md9 : inactive sdg[0](S)
      1046528 blocks super 1.0

unused devices: <none>
`;
  const EXAMINE = `ARRAY /dev/md/data  level=raid1 metadata=1.2 num-devices=2 UUID=0d3b6b0a:77f6bb4f:f2a9d4a2:56a3d6c1 name=jupiter:data
   devices=/dev/sdb1,/dev/sda1
ARRAY /dev/md9  level=raid1 metadata=1.0 num-devices=2 UUID=11111111:22222222:33333333:44444444 name=old:9
   devices=/dev/sdg
ARRAY /dev/md0 level=raid1 num-devices=2 UUID=55555555:66666666:77777777:88888888
   devices=/dev/sdh
`;

  test("arrays that run, that stopped half-way, and of which only a half is left", async () => {
    const { stacks } = await inventoryOf("qemu-blank-disk", (outputs) => {
      say(outputs, "mdstat", MDSTAT);
      say(outputs, "mdExamine", EXAMINE);
    });
    expect(stacks.md).toEqual([
      {
        ...{ kname: "md127", name: "jupiter:data", uuid: "0d3b6b0a:77f6bb4f:f2a9d4a2:56a3d6c1" },
        ...{ level: "raid1", metadata: "1.2", state: "active", wanted: 2, working: 1, sync: null },
        members: [
          { kname: "sdb1", role: "failed" },
          { kname: "sda1", role: "member" },
        ],
      },
      {
        ...{ kname: "md5", name: null, uuid: null },
        ...{ level: "raid5", metadata: "0.90", state: "read-only", wanted: 3, working: 2, sync: "recovery 12.6%" },
        members: [
          { kname: "sde", role: "member" },
          { kname: "sdf", role: "spare" },
          { kname: "sdd", role: "member" },
          { kname: "sdc", role: "member" },
        ],
      },
      {
        ...{ kname: "md9", name: "old:9", uuid: "11111111:22222222:33333333:44444444" },
        ...{ level: "raid1", metadata: "1.0", state: "inactive", wanted: 2, working: null, sync: null },
        members: [{ kname: "sdg", role: "member" }],
      },
      {
        ...{ kname: null, name: null, uuid: "55555555:66666666:77777777:88888888" },
        ...{ level: "raid1", metadata: "0.90", state: "not-assembled", wanted: 2, working: null, sync: null },
        members: [{ kname: "sdh", role: "member" }],
      },
    ]);
  });

  test("a firmware's container, and a sync that waits", () => {
    const arrays = parseMdstat(`md126 : active raid1 sda[1] sdb[0]
      976759808 blocks super external:/md127/0 [2/2] [UU]
      \tresync=PENDING

md127 : inactive sda[1](S) sdb[0](S)
      5201 blocks super external:imsm
`);
    expect(arrays).toMatchObject([
      { kname: "md126", metadata: null, sync: "resync PENDING", wanted: 2, working: 2 },
      { kname: "md127", metadata: "imsm", state: "inactive", level: null },
    ]);
  });

  test("nothing at all", () => {
    expect(parseMdstat("Personalities : \nunused devices: <none>\n")).toEqual([]);
    expect(parseMdExamine("")).toEqual([]);
  });
});

test("LVM: a missing twin, a volume over two devices, what only LVM uses", async () => {
  const { stacks } = await inventoryOf("qemu-blank-disk", (outputs) => {
    const volume = { vg_name: "vg0", lv_role: "public", pool_lv: "", origin: "", lv_size: "83886080" };
    say(
      outputs,
      "pvs",
      report("pv", [
        // lvm2 2.03.16 on two loop devices, before and after one was taken away
        {
          ...{ pv_name: "/dev/loop0", pv_uuid: "3BSEoq-FqA3-OL9l-6xsZ-sZe9-KCUp-YBDN7e", vg_name: "vg0" },
          ...{ pv_missing: "", pv_size: "62914560", pv_free: "20971520" },
        },
        {
          ...{ pv_name: "[unknown]", pv_uuid: "WeIV3z-y31H-xGkl-a3wK-MACv-xhG0-rfQqm7", vg_name: "vg0" },
          ...{ pv_missing: "missing", pv_size: "62914560", pv_free: "20971520" },
        },
      ]),
      0,
      "  WARNING: VG vg0 is missing PV WeIV3z-y31H-xGkl-a3wK-MACv-xhG0-rfQqm7 (last written to /dev/loop1).\n",
    );
    say(
      outputs,
      "vgs",
      report("vg", [
        {
          ...{ vg_name: "vg0", vg_uuid: "6zKD60", vg_size: "125829120", vg_free: "41943040" },
          ...{ vg_missing_pv_count: "1" },
        },
      ]),
    );
    say(
      outputs,
      "lvs",
      report("lv", [
        {
          ...volume,
          ...{ lv_name: "data", lv_uuid: "A", lv_layout: "striped", lv_attr: "-wi-XX--p-" },
          devices: "/dev/loop0(0),[unknown](0)",
        },
        {
          ...volume,
          lv_name: "data",
          lv_uuid: "A",
          lv_layout: "striped",
          lv_attr: "-wi-XX--p-",
          devices: "/dev/sda2(5)",
        },
        {
          ...{ ...volume, lv_role: "private,raid,image", lv_name: "[m_rimage_0]", lv_uuid: "B" },
          ...{ lv_layout: "linear", lv_attr: "iwi-aor---", devices: "/dev/sdb(1)" },
        },
        {
          ...{ ...volume, lv_name: "m", lv_uuid: "C", lv_layout: "raid,raid1", lv_attr: "rwi-a-r---" },
          devices: "m_rimage_0(0),m_rimage_1(0)",
        },
      ]),
    );
  });
  expect(stacks.lvm?.pvs.map(({ kname, vg, free }) => [kname, vg, free])).toEqual([
    ["loop0", "vg0", 20971520],
    [null, "vg0", 20971520],
  ]);
  expect(stacks.lvm?.vgs).toMatchObject([{ name: "vg0", size: 125829120, missing: 1 }]);
  expect(stacks.lvm?.lvs).toMatchObject([
    { name: "data", layout: ["striped"], devices: ["loop0", "sda2"], partial: true, internal: false },
    { name: "m_rimage_0", devices: ["sdb"], internal: true, partial: false },
    { name: "m", layout: ["raid", "raid1"], devices: ["m_rimage_0", "m_rimage_1"], pool: null },
  ]);
});

describe("several paths to one disk", () => {
  const path = (kname: string, more: object = {}) =>
    disk(kname, { wwn: "0x600508b400105e21", serial: "600508b400105e21", ...more });

  test("joined by device-mapper", async () => {
    const map = { ...disk("dm-0", { type: "mpath" }), name: "mpatha", path: "/dev/mapper/mpatha" };
    const { stacks } = await inventoryOf("qemu-blank-disk", (outputs) => {
      devices(outputs, (list) => list.push(path("sda", { children: [map] }), path("sdb", { children: [map] })));
      const udev = outputs["udevadm info --export-db"];
      if (udev !== undefined)
        udev.stdout +=
          "\n\nP: /devices/virtual/block/dm-0\nN: dm-0\nE: DM_UUID=mpath-3600508b400105e210000900000490000\n";
    });
    expect(stacks.multipath).toEqual([
      { name: "mpatha", kname: "dm-0", wwid: "3600508b400105e210000900000490000", paths: ["sda", "sdb"] },
    ]);
  });

  test("not joined: the same disk is there twice; equal names without the same serial number are two disks", async () => {
    const { stacks } = await inventoryOf("qemu-blank-disk", (outputs) =>
      devices(outputs, (list) =>
        list.push(
          ...[path("sda"), path("sdb"), path("sdc", { serial: "other" }), path("nvme0n1"), path("nvme1n1")],
          ...[path("sdd", { wwn: "0x0000000000000000" }), path("sde", { wwn: "0x0000000000000000" })],
        ),
      ),
    );
    expect(stacks.multipath).toEqual([{ name: null, kname: null, wwid: "0x600508b400105e21", paths: ["sda", "sdb"] }]);
  });
});

test("bcache: a set with its cache, and a backing device that nobody has registered", async () => {
  const made = disk("bcache0", {});
  const { stacks } = await inventoryOf("qemu-blank-disk", (outputs) => {
    const set = "/sys/fs/bcache/4a2b0a57-7a0c-4c8f-9a4e-0f6a2f1de001";
    say(
      outputs,
      "bcache",
      `${set}/bdev0 ../../../devices/pci0000:00/ata1/block/sda/sda2/bcache
${set}/cache0 ../../../devices/pci0000:00/nvme/nvme0/nvme0n1/bcache
`,
      1,
    );
    devices(outputs, (list) =>
      list.push(
        disk("sda", { children: [disk("sda2", { type: "part", fstype: "bcache", children: [made] })] }),
        disk("nvme0n1", { fstype: "bcache", children: [made] }),
        disk("sdx", { fstype: "bcache" }),
      ),
    );
  });
  expect(stacks.bcache).toEqual([
    {
      ...{ uuid: "4a2b0a57-7a0c-4c8f-9a4e-0f6a2f1de001", caches: ["nvme0n1"], backing: ["sda2"] },
      devices: ["bcache0"],
    },
    { uuid: null, caches: [], backing: ["sdx"], devices: [] },
  ]);
});

describe("btrfs over several devices", () => {
  /** btrfs-progs 6.2, a mirror of which one device was taken away. */
  const SHOW = `Label: 'two words'  uuid: 6dffdf21-02b0-446b-aed6-8b3bc88a5615
\tTotal devices 2 FS bytes used 147456
\tdevid    1 size 209715200 used 109051904 path /dev/loop0
\t*** Some devices missing

`;
  test("one is missing", () => {
    expect(parseBtrfsShow(SHOW)).toEqual([
      {
        ...{ uuid: "6dffdf21-02b0-446b-aed6-8b3bc88a5615", label: "two words", wanted: 2 },
        members: [{ kname: "loop0" }, { kname: null }],
      },
    ]);
    const mounted = SHOW.replace(
      "\t*** Some devices missing",
      "\tdevid    2 size 0 used 0 path <missing disk> MISSING",
    );
    expect(parseBtrfsShow(mounted)[0]?.members).toEqual([{ kname: "loop0" }, { kname: null }]);
  });

  test("without the right to read disks lsblk tells which belong together", async () => {
    const { stacks } = await inventoryOf("qemu-blank-disk", (outputs) => {
      say(outputs, "btrfs", "", 0, "ERROR: cannot open /dev/sda: Permission denied\n");
      devices(outputs, (list) =>
        list.push(
          disk("sda", { fstype: "btrfs", uuid: "u-1", label: "data" }),
          disk("sdb", { children: [disk("sdb1", { type: "part", fstype: "btrfs", uuid: "u-1", label: "data" })] }),
        ),
      );
    });
    expect(stacks.btrfs).toEqual([
      { uuid: "u-1", label: "data", wanted: null, members: [{ kname: "sda" }, { kname: "sdb1" }] },
    ]);
  });
});

test("nothing of it reaches a terminal with control characters in it", async () => {
  const evil = "x\u001b[2Jy";
  const { stacks } = await inventoryOf("qemu-blank-disk", (outputs) => {
    say(outputs, "mdExamine", `ARRAY level=raid1 UUID=1:2 name=${evil}\n   devices=/dev/s${evil}\n`);
    say(outputs, "btrfs", `Label: '${evil}'  uuid: 1-2\n\tdevid    1 size 2 used 1 path /dev/s${evil}\n`);
  });
  expect(stacks.md).toHaveLength(1);
  expect(stacks.btrfs).toHaveLength(1);
  expect(JSON.stringify(stacks)).not.toContain("\\u001b");
});
