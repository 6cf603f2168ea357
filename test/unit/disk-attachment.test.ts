import { describe, expect, test } from "vitest";
import { withHealth } from "../../core/inventory/ask-health.ts";
import { attachmentsOf } from "../../core/inventory/attachment.ts";
import { probe } from "../../core/inventory/probe.ts";
import { recordMachine, replay } from "../../core/inventory/record.ts";
import { parseUdev } from "../../core/inventory/udev.ts";
import { inventoryOf, machineFile } from "./recorded-machine.ts";

const device = (path: string, subsystem: string, more: string[] = []) =>
  [`P: ${path}`, `E: SUBSYSTEM=${subsystem}`, ...more].join("\n");
const placeOf = (kname: string, ...entries: string[]) => attachmentsOf(parseUdev(entries.join("\n\n")))(kname);

describe("where a disk is attached", () => {
  test("a disk that udev does not know is nowhere", () => {
    expect(placeOf("sda")).toEqual({ pci: [], driver: "" });
  });
  test("a network adapter of the same name is not the disk", () => {
    expect(placeOf("sda", device("/devices/pci0000:00/0000:00:02.0/net/sda", "net", ["N: sda"]))).toEqual({
      pci: [],
      driver: "",
    });
  });
  test("behind a RAID card: the card, not the kernel's sd", () => {
    const root = "/devices/pci0000:00/0000:00:02.2/0000:03:00.0";
    const target = `${root}/host0/target0:2:0/0:2:0:0`;
    expect(
      placeOf(
        "sda",
        device("/devices/pci0000:00/0000:00:02.2", "pci", ["E: DRIVER=pcieport"]),
        device(root, "pci", ["E: DRIVER=megaraid_sas"]),
        device(target, "scsi", ["E: DRIVER=sd"]),
        device(`${target}/block/sda`, "block", ["N: sda"]),
      ),
    ).toEqual({ pci: ["0000:00:02.2", "0000:03:00.0"], driver: "megaraid_sas" });
  });
  test("eMMC on a board without PCI: the host controller, not mmcblk", () => {
    const host = "/devices/platform/emmc2bus/fe340000.mmc";
    expect(
      placeOf(
        "mmcblk0",
        device(host, "platform", ["E: DRIVER=sdhci-iproc"]),
        device(`${host}/mmc_host/mmc0/mmc0:0001`, "mmc", ["E: DRIVER=mmcblk"]),
        device(`${host}/mmc_host/mmc0/mmc0:0001/block/mmcblk0`, "block", ["N: mmcblk0"]),
      ),
    ).toEqual({ pci: [], driver: "sdhci-iproc" });
  });
  test("NVMe with two controllers to one namespace", () => {
    expect(
      placeOf("nvme0n1", device("/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1", "block", ["N: nvme0n1"])),
    ).toEqual({ pci: [], driver: "nvme" });
  });
  test("real machines", async () => {
    const { disks } = await inventoryOf("rescue-guest-used-disks");
    expect(disks.map(({ kname, driver, byPath, pci }) => [kname, driver, byPath[0], pci.at(-1)])).toEqual([
      ["sda", "virtio_scsi", "pci-0000:00:05.0-scsi-0:0:0:0", "0000:00:05.0"],
      ["sdb", "ahci", "pci-0000:00:1f.2-ata-6", "0000:00:1f.2"],
      ["sdc", "usb-storage", "pci-0000:00:03.0-usb-0:2:1.0-scsi-0:0:0:0", "0000:00:03.0"],
      ["vda", "virtio_blk", "pci-0000:00:06.0", "0000:00:06.0"],
      ["vdb", "virtio_blk", "pci-0000:00:07.0", "0000:00:07.0"],
      ["vdc", "virtio_blk", "pci-0000:00:08.0", "0000:00:08.0"],
      ["nvme0n1", "nvme", "pci-0000:00:09.0-nvme-1", "0000:00:09.0"],
      ["nvme1n1", "nvme", "pci-0000:00:0a.0-nvme-1", "0000:00:0a.0"],
    ]);
  });
});

describe("health", () => {
  test("is asked for by none but who wants it, and a recording without it leaves it unknown", async () => {
    const machine = machineFile("rescue-guest-used-disks");
    const inventory = await probe(replay(machine));
    expect(inventory.disks.map(({ health }) => health)).toEqual(inventory.disks.map(() => null));
    expect(await withHealth(inventory, replay(machine))).toEqual(inventory);
  });
  test("is recorded, failing disks too", async () => {
    const machine = machineFile("rescue-guest-used-disks");
    const said = (passed: boolean, exit: number) => ({
      ...{ stdout: JSON.stringify({ smart_status: { passed } }), stderr: "", exit },
    });
    machine.outputs["smartctl --json=c --health --attributes /dev/nvme0n1"] = said(true, 0);
    // smartctl(8): bit 3, the disk is failing.
    machine.outputs["smartctl --json=c --health --attributes /dev/nvme1n1"] = said(false, 8);
    const recorded = await recordMachine(replay(machine));
    const { disks } = await withHealth(await probe(replay(recorded)), replay(recorded));
    expect(disks.flatMap(({ kname, health }) => (health === null ? [] : [[kname, health]]))).toEqual([
      ["nvme0n1", "passed"],
      ["nvme1n1", "failing"],
    ]);
  });
});
