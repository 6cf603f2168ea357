import { describe, expect, test } from "vitest";
import { parseDomains, parsePoolSpace, readKernel } from "../../core/inventory/hardware/kernel.ts";
import { parsePort } from "../../core/inventory/hardware/network-ports.ts";
import { pciAddressOf, readPci } from "../../core/inventory/hardware/pci.ts";
import { parseUsbTree } from "../../core/inventory/hardware/usb.ts";
import type { MachineFile } from "../../core/inventory/record.ts";
import { parseUdev } from "../../core/inventory/udev.ts";
import { inventoryOf } from "./recorded-machine.ts";

const UDEV = "udevadm info --export-db";

/** Changes what a command of a recording said. */
function edit(outputs: MachineFile["outputs"], line: string, change: (text: string) => string): void {
  const said = outputs[line];
  if (said === undefined) throw new Error(`${line} is not in the recording`);
  said.stdout = change(said.stdout);
}

describe("what cannot be found out", () => {
  test("a recording made before knows what udev knows, and nothing else", async () => {
    const { hardware, notes } = await inventoryOf("rescue-guest");
    expect(notes).toEqual([]);
    expect(hardware).toMatchObject({
      ...{ chassis: "other", management: null, kernel: null, virtual: null, poolSpace: null },
      memory: { slots: 1, installed: 2 ** 31, ecc: true, modules: [{ slot: "DIMM 0", part: "", vendor: "QEMU" }] },
      ports: [{ name: "enp0s4", kind: "virtual", speed: null, address: "0000:00:04.0" }],
    });
    expect(hardware.pci.every((device) => device.iommuGroup === null)).toBe(true);
  });

  test("no program at all", async () => {
    const { hardware } = await inventoryOf("hw-dell-r730xd", (outputs) => {
      for (const line of Object.keys(outputs))
        if (!line.startsWith("lsblk")) outputs[line] = { stdout: "", stderr: "", exit: 127 };
    });
    expect(hardware).toEqual({
      ...{ chassis: null, processor: null, memory: null, pci: [], usb: [], needs: [] },
      ...{ storage: [], ports: [] },
      ...{ management: null, kernel: null, virtual: null, poolSpace: null },
      fileSystems: [expect.objectContaining({ mountpoint: "/boot/efi" }), expect.objectContaining({ mountpoint: "/" })],
    });
  });

  test("without root: no sockets that are empty, no remote management", async () => {
    const { hardware } = await inventoryOf("hw-dell-r930");
    expect(hardware).toMatchObject({ management: null, processor: { sockets: 4, slots: null, coresPerSocket: 24 } });
    expect(hardware.memory).toMatchObject({ slots: 96, installed: 2 ** 40, ecc: true });
  });

  test.each(["4294967295", "-1", "x", "0"])("%s memory slots are none", async (slots) => {
    const { hardware } = await inventoryOf("hw-pc", (outputs) =>
      edit(outputs, UDEV, (text) => text.replace("MEMORY_ARRAY_NUM_DEVICES=4", `MEMORY_ARRAY_NUM_DEVICES=${slots}`)),
    );
    expect(hardware.memory).toBeNull();
  });

  test("a PCI device without an address or with a broken one is passed over", () => {
    const device = (lines: string) => parseUdev(`P: /devices/pci0000:00/x\nE: SUBSYSTEM=pci\n${lines}`);
    expect(readPci(device("E: PCI_ID=8086:1\n"), "")).toEqual([]);
    expect(readPci(device("E: PCI_SLOT_NAME=../../etc\nE: PCI_ID=8086:1\n"), "")).toEqual([]);
    expect(readPci(device("E: PCI_SLOT_NAME=0000:00:01.0\nE: PCI_ID=8086\n"), "")).toEqual([]);
    expect(readPci(device("E: PCI_SLOT_NAME=0000:00:01.0\nE: PCI_ID=8086:1\n"), "nonsense")).toMatchObject([
      { id: "8086:0001", class: "0000", subsystem: null, driver: null, iommuGroup: null },
    ]);
    expect(pciAddressOf("/devices/virtual/block/loop0")).toBeNull();
  });

  test("nothing of it reaches a terminal with control characters in it", async () => {
    const evil = "x\u001b[2Jy";
    const { hardware, notes } = await inventoryOf("hw-dell-r630", (outputs) => {
      for (const line of Object.keys(outputs))
        if (!line.startsWith("lsblk") && !line.startsWith("ip ") && !line.startsWith("lscpu"))
          edit(outputs, line, (text) =>
            text
              .replaceAll(/(PRODUCT|PCI_CLASS|_SERIAL|_MODEL|_DATABASE|LOCATOR|PART_NUMBER)=/g, `$1=${evil}`)
              .replaceAll("osrelease:", `osrelease:${evil}`),
          );
    });
    expect(hardware.usb).toHaveLength(1);
    expect(JSON.stringify({ hardware, notes })).not.toContain("\\u001b");
  });

  test("an adapter that does not say", () => {
    expect(parsePort("")).toEqual({ kind: null, speed: null, linkSpeed: null });
    expect(parsePort("Settings for eth0:\n\tSupported ports: [  ]\n\tSpeed: Unknown!\n")).toEqual({
      ...{ kind: null, speed: null, linkSpeed: null },
    });
  });
});

describe("RAID cards", () => {
  test("in RAID mode: said, and how to see the disks", async () => {
    const { hardware, notes } = await inventoryOf("hw-dell-r630");
    expect(hardware.storage[1]).toMatchObject({ kind: "sas", driver: "megaraid_sas", disks: ["sda"], raid: "raid" });
    expect(notes).toEqual([
      expect.stringMatching(
        /^the RAID card at 0000:03:00\.0 \(Broadcom \/ LSI MegaRAID SAS-3 3108 \[Invader\], megaraid_sas\) shows one volume and hides the disks behind it\. To see its disks: switch it to HBA mode .*perccli/,
      ),
    ]);
  });

  test("in HBA mode, and an adapter that is none: nothing is hidden", async () => {
    const card = await inventoryOf("hw-dell-r930");
    expect(card.hardware.storage.find((bus) => bus.kind === "sas")).toMatchObject({ raid: "hba" });
    expect(card.notes.join()).not.toContain("RAID card");
    const adapter = await inventoryOf("hw-dell-r730xd");
    expect(adapter.hardware.storage.find((bus) => bus.kind === "sas")).toMatchObject({ raid: null, driver: "mpt3sas" });
    expect(adapter.notes).toEqual([]);
  });

  test("that shows no disk at all", async () => {
    const { notes, hardware } = await inventoryOf("hw-dell-r630", (outputs) =>
      edit(outputs, "lsblk -J -b -O", () => '{"blockdevices": []}'),
    );
    expect(hardware.storage[1]).toMatchObject({ raid: "empty" });
    expect(notes.join()).toContain("shows no disk, though some may be plugged into it. To see its disks: ");
  });

  test("a chipset in RAID mode hides NVMe drives", async () => {
    const { notes, hardware } = await inventoryOf("hw-pc", (outputs) =>
      edit(outputs, UDEV, (text) => text.replace("PCI_CLASS=10601", "PCI_CLASS=10400")),
    );
    expect(hardware.storage[0]).toMatchObject({ kind: "sata", disks: ["sda", "sdb"], raid: null });
    expect(notes.join()).toMatch(
      /the SATA adapter at 0000:02:00\.1 .* is in RAID mode, which hides NVMe drives .*AHCI/,
    );
  });
});

describe("what the machines have", () => {
  test("a server: buses, ports, management, machines", async () => {
    const { hardware, machine } = await inventoryOf("hw-dell-r730xd");
    expect(machine).toMatchObject({ vendor: "Dell Inc.", product: "PowerEdge R730xd", serial: "5XKJ8F2" });
    expect(hardware.storage.map(({ kind, address, disks }) => [kind, address, disks.length])).toEqual([
      ["sata", "0000:00:1f.2", 2],
      ["sas", "0000:03:00.0", 12],
      ["usb", null, 0],
    ]);
    expect(hardware.ports.map(({ name, kind, speed, linkSpeed }) => [name, kind, speed, linkSpeed])).toEqual([
      ["enp1s0f0", "sfp+", 10_000, 10_000],
      ["enp1s0f1", "sfp+", 10_000, null],
      ["enp6s0f0", "1gbase-t", 1000, 1000],
      ["enp6s0f1", "1gbase-t", 1000, null],
    ]);
    expect(hardware).toMatchObject({
      ...{ chassis: "server", management: "idrac", kernel: { release: "6.12.117+deb13-amd64", lockdown: "none" } },
      processor: { sockets: 2, slots: 2, coresPerSocket: 14, threadsPerCore: 2, architecture: "x86_64" },
      virtual: {
        ...{ kvm: true, nested: true, vfio: false, guest: false },
        domains: [
          { name: "router", state: "running" },
          { name: "windows eleven", state: "shut off" },
        ],
      },
    });
    expect(hardware.pci.find((device) => device.address === "0000:01:00.1")).toMatchObject({
      ...{ id: "8086:154d", subsystem: "1028:1f72", class: "0200", driver: "ixgbe", iommuGroup: 22 },
    });
    expect(hardware.usb.map(({ port, kind, speed }) => [port, kind, speed])).toEqual([
      ["1-1", "hub", 480],
      ["1-1.6", "hub", 480],
      ["usb1", "root-hub", 480],
    ]);
  });

  test("a laptop, a desktop computer, a board with a device tree", async () => {
    const laptop = await inventoryOf("hw-laptop");
    expect(laptop.hardware).toMatchObject({ chassis: "laptop", management: "none", ports: [{ kind: "wifi" }] });
    expect(laptop.hardware.storage.map(({ kind, disks }) => [kind, disks])).toEqual([
      ["nvme", ["nvme0n1"]],
      ["usb", ["sda"]],
    ]);
    const pc = await inventoryOf("hw-pc");
    expect(pc.hardware).toMatchObject({ chassis: "desktop", ports: [{ kind: "2.5gbase-t", linkSpeed: 1000 }] });
    const board = await inventoryOf("hw-board-raspberry-pi-4");
    expect(board.machine).toMatchObject({ product: "Raspberry Pi 4 Model B Rev 1.4", serial: "10000000abcdef01" });
    expect(board.hardware).toMatchObject({
      ...{ chassis: "board", memory: null, management: null },
      processor: { architecture: "aarch64", sockets: 1, coresPerSocket: 4, model: "Cortex-A72" },
    });
    expect(board.hardware.storage.map(({ kind }) => kind)).toEqual(["mmc", "usb"]);
  });
});

describe("single outputs", () => {
  const port = (ports: string, modes: string, now: string) =>
    parsePort(`Settings for x:
\tSupported ports: [ ${ports} ]
\tSupported link modes:   ${modes}
\tSupported pause frame use: No
\tAdvertised link modes:  100000baseCR4/Full
\tSpeed: 1000Mb/s
\tPort: ${now}
`).kind;
  test.each([
    ["FIBRE", "1000baseT/Full\n\t                        10000baseT/Full", "Direct Attach Copper", "sfp+"],
    ["FIBRE", "1000baseX/Full", "None", "sfp"],
    ["FIBRE", "1000baseKX/Full\n\t                        25000baseCR/Full", "Other", "sfp28"],
    ["FIBRE Backplane", "40000baseSR4/Full", "FIBRE", "qsfp+"],
    ["FIBRE", "100000baseSR4/Full", "FIBRE", "qsfp28"],
    ["TP", "100baseT/Full", "Twisted Pair", "100base-t"],
    ["TP MII", "1000baseT/Full\n\t                        2500baseT/Full", "MII", "2.5gbase-t"],
    ["TP\t FIBRE", "1000baseT/Full", "Twisted Pair", "1gbase-t"],
    ["Backplane", "10000baseKR/Full", "None", "backplane"],
  ])("ports [%s] with %j, now %s: %s", (ports, modes, now, kind) => {
    expect(port(ports, modes, now)).toBe(kind);
  });

  test("lsusb -t of usbutils 014 and 018", () => {
    const old =
      "/:  Bus 02.Port 1: Dev 1, Class=root_hub, Driver=xhci_hcd/4p, 10000M\n    |__ Port 3: Dev 2, If 0, Class=Mass Storage, Driver=uas, 5000M\n";
    const now =
      "/:  Bus 002.Port 001: Dev 001, Class=root_hub, Driver=xhci_hcd/4p, 20000M/x2\n    |__ Port 003: Dev 002, If 0, Class=Human Interface Device, Driver=usbhid, 1.5M\n";
    expect([...parseUsbTree(old)]).toEqual([
      ["2/1", 10_000],
      ["2/2", 5000],
    ]);
    expect([...parseUsbTree(now)]).toEqual([
      ["2/1", 20_000],
      ["2/2", 1.5],
    ]);
    expect(parseUsbTree("").size).toBe(0);
  });

  test("virsh, zpool and the kernel's files", () => {
    expect(parseDomains("")).toEqual([]);
    expect(parseDomains(" 12   a b   in shutdown\n -    x    shut off\n")).toEqual([
      { name: "a b", state: "in shutdown" },
      { name: "x", state: "shut off" },
    ]);
    expect(parsePoolSpace("tank\t100\t40\t60\tONLINE\nbroken\t-\t-\t-\tFAULTED\n\n")).toEqual([
      { name: "tank", size: 100, allocated: 40, free: 60, health: "ONLINE" },
    ]);
    expect(readKernel("")).toBeNull();
    expect(readKernel("/proc/sys/kernel/osrelease:6.1.0\n/proc/sys/kernel/hostname:h\u001b[2J\n")).toMatchObject({
      ...{ release: "6.1.0", hostname: "h?[2J", tainted: 0, lockdown: null, zfs: null },
    });
  });
});
