// The command line of a virtual machine: each option does what it says, and nothing reaches the host by accident.
import { describe, expect, test } from "vitest";
import { blockNode, diskDevice } from "../../core/vm/block-devices.ts";
import type { MachineOptions, VmDisk } from "../../core/vm/machine-options.ts";
import { qemuArgv } from "../../core/vm/qemu-argv.ts";
import { qemuJson } from "../../core/vm/qemu-json.ts";
import { tpmArgv } from "../../core/vm/tpm.ts";

const files = { qmpSocket: "/t/qmp", serial: "/t/serial", transcript: "/a/serial.log", tpmSocket: "/t/tpm" };
const disk: VmDisk = { id: "target", file: "/w/t.qcow2", format: "qcow2", bus: "virtio", serial: "MVTARGET01" };
const options: MachineOptions = {
  name: "host",
  folder: "/a",
  memoryMiB: 2048,
  cpus: 2,
  firmware: { kind: "uefi", code: "/f/code.fd", nvram: "/w/nvram.fd" },
  network: "isolated",
  disks: [disk],
};

const argvOf = (more: Partial<MachineOptions> = {}, accel: "kvm" | "tcg" = "tcg") =>
  qemuArgv({ ...options, ...more }, accel, files);
const valuesOf = (argv: readonly string[], flag: string) => argv.filter((_, index) => argv[index - 1] === flag);

describe("qemuArgv", () => {
  test("ends with the process that started it and waits for somebody to listen", () => {
    const argv = argvOf();
    expect(argv.slice(0, 4)).toEqual(["setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64"]);
    expect(argv).toContain("-S");
    expect(argv).toContain("-nodefaults");
  });

  test("uses KVM only when told so", () => {
    expect(valuesOf(argvOf({}, "kvm"), "-accel")).toEqual(["kvm"]);
    expect(valuesOf(argvOf({}, "tcg"), "-accel")[0]).toMatch(/^tcg,/);
  });

  test("keeps the firmware's code read-only and its variables writable", () => {
    const [code, vars] = valuesOf(argvOf(), "-drive");
    expect(code).toContain("readonly=on,file=/f/code.fd");
    expect(vars).toContain("file=/w/nvram.fd");
    expect(vars).not.toContain("readonly");
    expect(valuesOf(argvOf({ firmware: { kind: "bios" } }), "-drive")).toEqual([]);
  });

  test("shuts the network in unless the way out is asked for", () => {
    expect(valuesOf(argvOf({ network: "isolated" }), "-netdev")).toEqual(["user,id=net0,restrict=on"]);
    expect(valuesOf(argvOf({ network: "user" }), "-netdev")).toEqual(["user,id=net0,restrict=off"]);
    const none = argvOf({ network: "none" });
    expect(valuesOf(none, "-netdev")).toEqual([]);
    expect(none.join(" ")).not.toContain("virtio-net");
  });

  test("joins the adapters of one wire, each with a cable of its own that can be named", () => {
    const adapters = [
      { id: "wan", wire: 1, mac: "52:54:00:00:00:01", speed: 1000 },
      { id: "router", wire: 1, mac: "52:54:00:00:00:02" },
    ];
    const argv = argvOf({ adapters });
    expect(valuesOf(argv, "-netdev").slice(1)).toEqual([
      "hubport,id=wire-wan,hubid=1",
      "hubport,id=wire-router,hubid=1",
    ]);
    const [wan, router] = valuesOf(argv, "-device")
      .slice(-2)
      .map((text) => JSON.parse(text));
    expect(wan).toMatchObject({ id: "wan", netdev: "wire-wan", mac: "52:54:00:00:00:01", speed: 1000, duplex: "full" });
    expect(router).toMatchObject({ id: "router", netdev: "wire-router" });
    expect(router).not.toHaveProperty("speed");
    // The devices before them are those of a machine without: the firmware's entries and interface names stay.
    const without = valuesOf(argvOf(), "-device");
    expect(valuesOf(argv, "-device").slice(0, without.length)).toEqual(without);
  });

  test("lets somebody in from this computer only, and only by one port", () => {
    expect(valuesOf(argvOf({ forward: { from: 40022, to: 22 } }), "-netdev")).toEqual([
      "user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:40022-:22",
    ]);
    expect(valuesOf(argvOf({ network: "none", forward: { from: 40022, to: 22 } }), "-netdev")).toEqual([]);
  });

  test("has a TPM only when told so, by the socket of swtpm", () => {
    expect(argvOf().join(" ")).not.toMatch(/tpm/);
    const argv = argvOf({ tpm: { state: "/w/tpm" } });
    expect(valuesOf(argv, "-tpmdev")).toEqual(["emulator,id=tpm0,chardev=tpm"]);
    expect(valuesOf(argv, "-chardev")).toContain("socket,id=tpm,path=/t/tpm");
    expect(argv).toContain('{"driver":"tpm-tis","tpmdev":"tpm0"}');
    expect(tpmArgv({ state: "/w/tpm", socket: "/t/tpm" }).slice(3)).toEqual([
      ...["swtpm", "socket", "--tpm2", "--tpmstate", "dir=/w/tpm", "--ctrl", "type=unixio,path=/t/tpm"],
    ]);
  });

  test("ends at a reboot only when told so", () => {
    expect(argvOf()).not.toContain("-no-reboot");
    expect(argvOf({ onReboot: "exit" })).toContain("-no-reboot");
  });

  test("passes kernel, initramfs and command line as one argument each", () => {
    const argv = argvOf({ kernel: { vmlinuz: "/k", initrd: "/i", append: "a=b c" } });
    expect(valuesOf(argv, "-append")).toEqual(["a=b c"]);
    expect(valuesOf(argv, "-kernel")).toEqual(["/k"]);
  });

  test("puts each disk's node before its device", () => {
    const argv = argvOf({ disks: [disk, { ...disk, id: "second" }] });
    const nodes = valuesOf(argv, "-blockdev").map((text) => JSON.parse(text)["node-name"]);
    expect(nodes).toEqual(["target", "second"]);
    expect(argv.indexOf("-blockdev")).toBeLessThan(argv.findIndex((word) => word.includes('"dev-target"')));
  });

  test("brings a SCSI controller and free slots where they are needed", () => {
    expect(argvOf().join(" ")).not.toContain("virtio-scsi");
    expect(argvOf({ disks: [{ ...disk, bus: "scsi" }] }).join(" ")).toContain("virtio-scsi-pci");
    expect(
      valuesOf(argvOf({ spareSlots: 4 }), "-device").filter((text) => text.includes("pcie-root-port")),
    ).toHaveLength(4);
  });
});

describe("disks", () => {
  test("a file name with a comma stays one name", () => {
    const node = JSON.parse(qemuJson(blockNode({ ...disk, file: "/w/a,b.qcow2" })));
    expect(node.file.filename).toBe("/w/a,b.qcow2");
  });

  test("a read-only disk is read-only at both levels and never discards", () => {
    const node = JSON.parse(qemuJson(blockNode({ ...disk, readOnly: true })));
    expect([node["read-only"], node.file["read-only"]]).toEqual([true, true]);
    expect(JSON.stringify(node)).not.toContain("discard");
  });

  test("a world wide name keeps all of its 64 bits", () => {
    const text = qemuJson(diskDevice({ ...disk, bus: "scsi", wwn: "5000c500a1b2c3d5" }));
    expect(text).toContain(`"wwn":${BigInt("0x5000c500a1b2c3d5")}`);
    expect(Number.isSafeInteger(Number(BigInt("0x5000c500a1b2c3d5")))).toBe(false);
  });

  test("sector sizes go to the buses that can have them", () => {
    expect(diskDevice({ ...disk, sector: 4096 })).toMatchObject({
      logical_block_size: 4096,
      physical_block_size: 4096,
    });
    expect(diskDevice({ ...disk, bus: "usb", sector: 4096 })).not.toHaveProperty("logical_block_size");
    expect(diskDevice({ ...disk, physicalSector: 4096 })).toMatchObject({ physical_block_size: 4096 });
  });

  test("a stick is removable and on the USB controller", () => {
    expect(diskDevice({ ...disk, bus: "usb" })).toMatchObject({
      driver: "usb-storage",
      bus: "xhci.0",
      removable: true,
    });
  });

  test("an attached disk goes into the slot that it is given", () => {
    expect(diskDevice(disk, "port2")).toMatchObject({ bus: "port2" });
  });
});
