// Machine options to QEMU's command line: pure, so that every device is checked without starting one.
import type { Argv } from "../tools/run.ts";
import type { Accel } from "./accel.ts";
import { blockNode, type Device, diskDevice } from "./block-devices.ts";
import type { MachineOptions, VmAdapter } from "./machine-options.ts";
import { qemuJson } from "./qemu-json.ts";

export interface QemuFiles {
  /** Somebody listens here already: QEMU connects. */
  qmpSocket: string;
  /** Path of the serial line's two named pipes, without their endings. */
  serial: string;
  /** QEMU writes every byte of the serial line here, whether or not anybody is connected. */
  transcript: string;
  /** swtpm listens here; needed by a machine with a TPM. */
  tpmSocket: string;
}

/**
 * The whole command line, beginning with the program. The machine is created stopped (`-S`), so that nothing is said
 * on its serial line before somebody listens.
 */
export function qemuArgv(options: MachineOptions, accel: Accel, files: QemuFiles): Argv {
  const blocks = options.disks.flatMap((disk) => ["-blockdev", qemuJson(blockNode(disk))]);
  const adapters = options.adapters ?? [];
  const disks = options.disks.map((disk) => diskDevice(disk));
  const devices = [...fixedDevices(options), ...disks, ...adapters.map(adapterDevice)];
  return [
    // Ends QEMU with the process that started it, however that one ends.
    "setpriv",
    "--pdeathsig",
    "KILL",
    "qemu-system-x86_64",
    ...["-nodefaults", "-no-user-config", "-S"],
    ...["-name", options.name],
    ...["-machine", "q35,smm=off,vmport=off"],
    ...accelArgv(accel),
    ...["-smp", String(options.cpus), "-m", `${options.memoryMiB}M`],
    ...firmwareArgv(options),
    ...kernelArgv(options),
    ...identityArgv(options),
    ...["-rtc", "base=utc", "-vga", "std", "-display", "none"],
    ...["-chardev", `pipe,id=serial0,path=${files.serial},logfile=${files.transcript}`],
    ...["-chardev", `socket,id=qmp,path=${files.qmpSocket}`, "-mon", "chardev=qmp,mode=control"],
    ...["-serial", "chardev:serial0"],
    ...networkArgv(options),
    ...adapters.flatMap(({ id, wire }) => ["-netdev", `hubport,id=wire-${id},hubid=${wire}`]),
    ...tpmArgv(options, files),
    ...(options.onReboot === "exit" ? ["-no-reboot"] : []),
    ...(options.restoreFrom === undefined ? [] : ["-incoming", "defer"]),
    ...blocks,
    ...devices.flatMap((device) => ["-device", qemuJson(device)]),
  ];
}

/** The processor; a saved state goes on only on the same. */
export function accelArgv(accel: Accel): string[] {
  if (accel === "kvm") return ["-accel", "kvm", "-cpu", "host"];
  // Five-level page tables cost an emulated machine another look-up at each miss and buy it nothing. Without cx16 the
  // kernel does not use CMPXCHG16B, after which a guest was once seen with foreign flags and stack (QEMU 7.2, a double
  // fault in kmalloc).
  return ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max,la57=off,cx16=off"];
}

function firmwareArgv({ firmware }: MachineOptions): string[] {
  if (firmware.kind === "bios") return [];
  return [
    ...["-drive", `if=pflash,unit=0,format=raw,readonly=on,file=${firmware.code}`],
    ...["-drive", `if=pflash,unit=1,format=raw,file=${firmware.nvram}`],
  ];
}

function kernelArgv({ kernel }: MachineOptions): string[] {
  if (kernel === undefined) return [];
  return ["-kernel", kernel.vmlinuz, "-initrd", kernel.initrd, "-append", kernel.append];
}

function identityArgv({ identity }: MachineOptions): string[] {
  if (identity === undefined) return [];
  const { vendor, product, serial, uuid } = identity;
  return ["-uuid", uuid, "-smbios", `type=1,manufacturer=${vendor},product=${product},serial=${serial}`];
}

function networkArgv({ network, forward }: MachineOptions): string[] {
  if (network === "none") return [];
  // qemu(1): a forward works in a restricted network, too, and lets nothing else in or out.
  const way = forward === undefined ? "" : `,hostfwd=tcp:127.0.0.1:${forward.from}-:${forward.to}`;
  return ["-netdev", `user,id=net0,restrict=${network === "isolated" ? "on" : "off"}${way}`];
}

function adapterDevice({ id, mac, speed }: VmAdapter): Device {
  const said = speed === undefined ? {} : { speed, duplex: "full" };
  return { driver: "virtio-net-pci", id, netdev: `wire-${id}`, mac, romfile: "", ...said };
}

function tpmArgv({ tpm }: MachineOptions, { tpmSocket }: QemuFiles): string[] {
  if (tpm === undefined) return [];
  return ["-chardev", `socket,id=tpm,path=${tpmSocket}`, "-tpmdev", "emulator,id=tpm0,chardev=tpm"];
}

function fixedDevices(options: MachineOptions): Device[] {
  const uses = (bus: string) => options.disks.some((disk) => disk.bus === bus);
  const spare = options.spareSlots ?? 0;
  return [
    { driver: "virtio-rng-pci" },
    { driver: "qemu-xhci", id: "xhci" },
    { driver: "usb-kbd", bus: "xhci.0" },
    ...(options.tpm === undefined ? [] : [{ driver: "tpm-tis", tpmdev: "tpm0" }]),
    // A restored machine would repeat its random numbers; a new generation id makes the kernel reseed.
    { driver: "vmgenid", guid: "auto" },
    // No option ROM: OVMF brings its own driver, and loading the ROM only costs start-up time.
    ...(options.network === "none"
      ? []
      : [{ driver: "virtio-net-pci", netdev: "net0", mac: options.mac ?? "52:54:00:4d:56:01", romfile: "" }]),
    ...(uses("scsi") || spare > 0 ? [{ driver: "virtio-scsi-pci", id: "scsi0" }] : []),
    ...Array.from({ length: spare }, (_, index) => ({
      driver: "pcie-root-port",
      id: `port${index}`,
      chassis: index + 1,
      slot: index + 1,
    })),
  ];
}
