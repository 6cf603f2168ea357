import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { commandLine } from "../../core/inventory/command-line.ts";
import { COMMANDS, OPTIONAL, readManifest } from "../../core/inventory/commands.ts";
import { probe } from "../../core/inventory/probe.ts";
import { parseMachine, recordMachine, replay } from "../../core/inventory/record.ts";
import type { Argv } from "../../core/tools/run.ts";
import { inventoryOf, machineFile } from "./recorded-machine.ts";
import { refusal } from "./spec-text.ts";

const LSBLK = "lsblk -J -b -O";

describe("what cannot be found out", () => {
  test("without a list of disks there is no inventory", async () => {
    for (const broken of [
      { stdout: "", stderr: "lsblk: /sys: no\n", exit: 1 },
      { stdout: "{", stderr: "", exit: 0 },
      { stdout: '{"blockdevices": [{}]}', stderr: "", exit: 0 },
      { stdout: "", stderr: "", exit: 127 },
    ]) {
      const error = await refusal(() =>
        inventoryOf("qemu-blank-disk", (outputs) => {
          outputs[LSBLK] = broken;
        }),
      );
      expect(error).toMatchObject({ code: "probe-failed", exit: 4 });
      expect(error.text).toMatch(/lsblk -J -b -O: /);
    }
  });

  test("everything else is noted, and the disks are safe: no names, so no target", async () => {
    const inventory = await inventoryOf("qemu-blank-disk", (outputs) => {
      for (const line of Object.keys(outputs))
        if (line !== LSBLK) outputs[line] = { stdout: "", stderr: "", exit: 127 };
    });
    expect(inventory.notes).toEqual([
      "the disks' stable names are not known: udevadm: it is not installed",
      "whether pools are imported is not known: zpool: it is not installed",
      "the network adapters are not known: ip: it is not installed",
      "the memory's size is not known: cat: it is not installed",
    ]);
    expect(inventory.disks.map((disk) => disk.id)).toEqual([null, null]);
    expect(inventory).toMatchObject({ live: null, nics: [], firmware: { kind: "bios" }, machine: { vendor: "" } });
  });

  test("a manifest that is none", async () => {
    for (const manifest of ["{", "[]", '{"version": 2}', JSON.stringify({ version: 1 })]) {
      const inventory = await inventoryOf("qemu-blank-disk", (outputs) => {
        outputs["cat /run/multiverse/live/medium/manifest.json"] = { stdout: manifest, stderr: "", exit: 0 };
      });
      expect(inventory.live).toBeNull();
      expect(inventory.notes.join()).toMatch(/the live medium's manifest cannot be used: /);
    }
  });

  test("a probe that is to stop stops, and takes no ended program for an answer", async () => {
    const stop = new AbortController();
    const run = Object.assign(
      async (argv: Argv) => {
        stop.abort(new Error("ended by SIGINT"));
        throw new ProgramError(argv, "signal", null, "");
      },
      { pipe: async () => {} },
    );
    await expect(probe(run, stop.signal)).rejects.toThrow("ended by SIGINT");
  });

  test("an error of ours is not swallowed as a missing answer", async () => {
    const run = Object.assign(
      async () => {
        throw new TypeError("a bug");
      },
      { pipe: async () => {} },
    );
    await expect(probe(run)).rejects.toThrow("a bug");
  });
});

describe("the machine with one blank disk", async () => {
  const inventory = await inventoryOf("qemu-blank-disk");
  test("its disks", () => {
    expect(inventory.disks).toMatchObject([
      {
        id: "virtio-MVTARGET01",
        path: "/dev/vda",
        bus: "virtio",
        vendor: "",
        size: 12 * 2 ** 30,
        sector: 512,
        table: null,
        partitions: [],
        content: [],
        unusable: [],
      },
      {
        id: "virtio-MVLIVE",
        content: ["squashfs file system"],
        unusable: ["live medium", "mounted at /run/multiverse/live/medium", "read-only"],
      },
    ]);
    expect(inventory.disks[0]?.aliases).toEqual(["pci-0000:00:04.0", "virtio-MVTARGET01", "virtio-pci-0000:00:04.0"]);
  });
  test("the rest of it", () => {
    expect(inventory).toMatchObject({
      machine: {
        vendor: "QEMU",
        product: "Standard PC (Q35 + ICH9, 2009)",
        serial: "",
        uuid: "6f1b3a52-54a6-4c0d-9e0b-0f9d6b3b2b11",
      },
      firmware: { kind: "uefi", secureBoot: false, nvram: true },
      cpu: { threads: 2 },
      memory: 2014284 * 1024,
      consoles: ["tty0", "ttyS0"],
      nics: [
        {
          name: "enp0s3",
          mac: "52:54:00:12:34:56",
          driver: "virtio_net",
          physical: true,
          wireless: false,
          up: true,
          carrier: true,
          addresses: ["10.0.2.15/24", "fec0::5054:ff:fe12:3456/64"],
        },
      ],
      pools: { imported: [], importable: [] },
      live: {
        zfs: "2.3.9",
        host: { path: "/run/multiverse/live/host", treeBytes: "1184266240" },
        kernel: { vmlinuz: "/run/multiverse/live/medium/vmlinuz" },
      },
      notes: [],
    });
  });
});

describe("the machine with several disks", async () => {
  const inventory = await inventoryOf("several-disks");
  const disk = (kname: string) => inventory.disks.find((one) => one.kname === kname);

  test("disks only: no optical drive, no loop, no compressed memory", () => {
    expect(inventory.disks.map((one) => one.kname)).toEqual(["sda", "sdb", "sdc", "sdd", "sde", "nvme0n1", "nvme1n1"]);
  });
  test.each([
    ["sda", "wwn-0x50014ee2b9a0c1d8", ["member of pool tank", "reserved by ZFS"], ["member of imported pool tank"]],
    [
      "sdb",
      "wwn-0x55cd2e4150000480",
      ["EFI system partition", 'ext4 file system "srv"', "swap"],
      ["mounted at /srv/data", "swap in use"],
    ],
    [
      "sdc",
      "usb-Kingston_DataTraveler_3.0_0014780EA2B6-0:0",
      ["EFI system partition (Multiverse)", "squashfs file system", 'vfat file system "MULTIVERSE"'],
      ["live medium", "mounted at /run/multiverse/live/medium", "holds this installer's state"],
    ],
    [
      "sdd",
      "wwn-0x55cd2e4150000481",
      ["EFI system partition (Debian)", "Debian GNU/Linux 12 (bookworm)", "member of pool old"],
      [],
    ],
    ["sde", "wwn-0x5000c500a0b1c2d3", ["encrypted (LUKS)"], ["held by backup (an opened encrypted volume)"]],
    [
      "nvme0n1",
      "nvme-eui.0025384131b10001",
      ["EFI system partition (Windows)", "Microsoft reserved", "Windows (BitLocker)", "Windows recovery"],
      [],
    ],
    ["nvme1n1", "nvme-eui.0025384131b10002", [], []],
  ])("%s", (kname, id, content, unusable) => {
    expect(disk(kname)).toMatchObject({ id, content, unusable });
  });
  test("partitions", () => {
    expect(disk("nvme0n1")?.partitions[2]).toMatchObject({
      path: "/dev/nvme0n1p3",
      number: 3,
      start: 277 * 2 ** 20,
      size: 930 * 2 ** 30,
      filesystem: "BitLocker",
      partlabel: "Basic data partition",
      mountpoints: [],
    });
    expect(disk("nvme0n1")).toMatchObject({ table: "gpt", tableUuid: "aaaaaaaa-0000-4000-8000-000000000006" });
  });
  test("pools, adapters, filler serial numbers", () => {
    expect(inventory.pools).toEqual({
      imported: [{ name: "tank", guid: "9983742010020304050" }],
      importable: [
        {
          name: "old",
          guid: "1234567890123456789",
          state: "ONLINE",
          members: ["ata-INTEL_SSDSC2KB480G8_PHYF0001480BGN-part3"],
        },
      ],
    });
    expect(
      inventory.nics.map(({ name, mac, physical, wireless, carrier }) => ({ name, mac, physical, wireless, carrier })),
    ).toEqual([
      { name: "enp5s0", mac: "a0:36:9f:00:00:01", physical: true, wireless: false, carrier: true },
      { name: "enp6s0", mac: "a0:36:9f:00:00:02", physical: true, wireless: false, carrier: false },
      { name: "wlp7s0", mac: "a0:36:9f:00:00:03", physical: true, wireless: true, carrier: false },
      { name: "br0", mac: "a0:36:9f:00:00:01", physical: false, wireless: false, carrier: true },
    ]);
    expect(inventory.machine.serial).toBe("");
    expect(inventory.firmware.secureBoot).toBe(true);
  });
});

describe("a real rescue system, recorded", () => {
  const free = { id: expect.any(String), unusable: [] };
  const NVME = "nvme-nvme.1b36-4e564d4541303031-51454d55204e564d65204374726c-00000001";

  test("with blank disks", async () => {
    const inventory = await inventoryOf("rescue-guest");
    expect(inventory).toMatchObject({
      consoles: ["tty0", "ttyS0"],
      firmware: { kind: "uefi", nvram: true },
      notes: [],
    });
    expect(inventory.live).toMatchObject({ debian: "13", host: { path: "/run/multiverse/live/host" } });
    expect(inventory.disks).toMatchObject([
      { ...free, kname: "sda", id: "wwn-0x5000c50015ea71aa", bus: "scsi" },
      { ...free, kname: "sdb", id: "wwn-0x5000c50015ea71ab", bus: "sata" },
      { ...free, kname: "sdc", id: "usb-QEMU_QEMU_HARDDISK_USB1-0:0", bus: "usb" },
      {
        id: "virtio-multiverse-live",
        unusable: ["live medium", "mounted at /run/multiverse/live/medium", "read-only"],
      },
      { id: "virtio-multiverse-state", unusable: ["holds this installer's state"] },
      { ...free, kname: "vdc", id: "virtio-MVTARGET01", bus: "virtio", size: 12 * 2 ** 30 },
      { ...free, kname: "nvme0n1", id: NVME, sector: 512 },
      { ...free, kname: "nvme1n1", sector: 4096 },
    ]);
  });

  test("with disks that real tools have used", async () => {
    const inventory = await inventoryOf("rescue-guest-used-disks");
    const disk = (kname: string) => inventory.disks.find((one) => one.kname === kname);
    expect(disk("sda")).toMatchObject({
      content: ["member of pool tank", "reserved by ZFS"],
      unusable: ["member of imported pool tank"],
    });
    expect(disk("sdb")).toMatchObject({
      content: ['ext4 file system "srv"', "swap", "Debian GNU/Linux 13 (trixie)"],
      unusable: ["mounted at /run/srv", "swap in use"],
      table: "gpt",
    });
    expect(disk("nvme0n1")?.content.slice(0, 2)).toEqual(["EFI system partition (Windows)", "Microsoft reserved"]);
    expect(disk("nvme1n1")).toMatchObject({ content: ["member of pool old", "reserved by ZFS"], unusable: [] });
    expect(inventory.pools).toMatchObject({
      imported: [{ name: "tank" }],
      importable: [{ name: "old", state: "ONLINE", members: ["nvme1n1"] }],
    });
  });
});

test("what devices call themselves reaches nobody with control characters in it", async () => {
  const evil = "x\u001b[2Jy\u202ez";
  const inventory = await inventoryOf("several-disks", (outputs) => {
    for (const output of Object.values(outputs))
      output.stdout = output.stdout
        .replaceAll("DataTraveler 3.0", JSON.stringify(evil).slice(1, -1))
        .replaceAll("Debian GNU/Linux 12", evil);
  });
  expect(JSON.stringify(inventory)).not.toMatch(/\\u001b|\\u202e|\u202e/);
  expect(inventory.disks.find((disk) => disk.kname === "sdc")?.model).toBe("x?[2Jy?z");
});

describe("recordings", () => {
  test("a recording of a recording is the same, and probes to the same inventory", async () => {
    for (const name of [
      "qemu-blank-disk",
      "several-disks",
      "rescue-guest",
      "rescue-guest-used-disks",
      "rescue-guest-second-stick",
    ] as const) {
      const again = await recordMachine(replay(machineFile(name)));
      // Questions about partitions that the first recording does not answer are now recorded as missing.
      expect(again.outputs).toMatchObject(machineFile(name).outputs);
      expect(await probe(replay(again))).toEqual(await inventoryOf(name));
    }
  });

  test("a command that was not recorded is an error that names it", async () => {
    const file = machineFile("qemu-blank-disk");
    delete file.outputs["ip -j addr"];
    const error = await refusal(() => probe(replay(file, "jupiter.json")));
    expect(error).toMatchObject({ code: "not-recorded", exit: 2 });
    expect(error.text).toMatch(/jupiter\.json does not say what `ip -j addr` answered/);
  });

  test.each(["", "[]", '{"version": 2, "outputs": {}}', '{"version": 1, "outputs": {"lsblk": {"stdout": 5}}}'])(
    "%j is no recording",
    async (text) => {
      expect(await refusal(() => parseMachine("m.json", text))).toMatchObject({ code: "bad-machine-file", exit: 2 });
    },
  );

  test("nothing can be installed to one", async () => {
    await expect(replay(machineFile("qemu-blank-disk")).pipe([])).rejects.toMatchObject({ code: "recorded-machine" });
    await expect(
      replay({ version: 1, outputs: { "x y": { stdout: "", stderr: "no", exit: 3 } } })(["x", "y"]),
    ).rejects.toThrow(ProgramError);
  });

  test("command lines are quoted as in a shell, and differ when the words do", () => {
    expect(commandLine(["debugfs", "-R", "cat /x", "it's"])).toBe("debugfs -R 'cat /x' 'it'\\''s'");
    const words = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        words,
        words,
        (a, b) =>
          (commandLine(a as [string, ...string[]]) === commandLine(b as [string, ...string[]])) ===
          (JSON.stringify(a) === JSON.stringify(b)),
      ),
    );
  });

  test("the probe only reads", () => {
    for (const argv of Object.values(COMMANDS))
      expect(["lsblk", "udevadm", "zpool", "ip", "grep", "lscpu", "cat", "ls", "findmnt", "od"]).toContain(argv[0]);
    for (const argv of Object.values<Argv>(OPTIONAL)) {
      const line = commandLine(argv);
      expect(line).toMatch(
        /^(cat|grep) |^mdadm --examine |^(pvs|vgs|lvs) --readonly |^find \/sys\/\S+ |^btrfs filesystem show /,
      );
      // What find(1) can do besides looking.
      expect(line).not.toMatch(/ -(delete|exec|execdir|ok|okdir|fprint\S*|fls)( |$)/);
    }
    expect(COMMANDS.poolImport).toEqual(["zpool", "import"]);
    // -cat writes to standard output; without it unsquashfs would unpack.
    expect(readManifest("/dev/sdb2")).toEqual(["unsquashfs", "-cat", "/dev/sdb2", "manifest.json"]);
  });
});
