// What a virtual machine is made of: plain data that qemu-argv.ts turns into a command line.

/** A disk of a machine. `id` names it in QEMU (QMP, attach, detach). */
export interface VmDisk {
  id: string;
  file: string;
  format: "qcow2" | "raw";
  bus: "virtio" | "nvme" | "sata" | "scsi" | "usb";
  /** Seen by the guest; at most 20 characters, which is what virtio and ATA carry. */
  serial?: string;
  /** World wide name as 16 hexadecimal digits; SATA and SCSI only. */
  wwn?: string;
  /** Logical sector size; default 512. USB sticks and SATA disks have 512 only. */
  sector?: 512 | 4096;
  physicalSector?: 512 | 4096;
  readOnly?: boolean;
  /** A file that gets every write and flush of this disk (write-log.ts); it must exist, and is written from its start. */
  log?: string;
  /** Place in the firmware's boot order, from 1; without it the firmware decides by itself. */
  bootIndex?: number;
}

export interface UefiFirmware {
  kind: "uefi";
  /** OVMF's code, read-only. */
  code: string;
  /** This machine's own NVRAM file, read-write. */
  nvram: string;
}

export interface DirectKernel {
  vmlinuz: string;
  initrd: string;
  append: string;
}

export interface VmIdentity {
  vendor: string;
  product: string;
  serial: string;
  uuid: string;
}

/**
 * - `none`: no adapter.
 * - `isolated`: an adapter, DHCP and DNS by QEMU, nothing beyond it reachable.
 * - `user`: the same with a way out.
 */
export type VmNetwork = "none" | "isolated" | "user";

/**
 * A further adapter. Adapters of one machine with the same `wire` are joined by it, and by nothing else. Its cable is
 * pulled and put back by QMP: `set_link` with its id, which leaves those at the wire's other end their carrier, as a
 * switch between them would.
 */
export interface VmAdapter {
  id: string;
  wire: number;
  mac: string;
  /** Mb/s, as the guest sees it; without it the adapter does not say. */
  speed?: number;
}

/** A way in: a TCP port of this computer's 127.0.0.1, passed on to a port of the guest. Nothing gets out by it. */
export interface VmForward {
  from: number;
  to: number;
}

export interface MachineOptions {
  /** Shown in messages and in the names of artefacts. */
  name: string;
  /** Transcript, QEMU's own words and pictures go here; must exist. */
  folder: string;
  memoryMiB: number;
  cpus: number;
  firmware: UefiFirmware | { kind: "bios" };
  disks: readonly VmDisk[];
  network: VmNetwork;
  /** Needs a network; an isolated one stays isolated. */
  forward?: VmForward;
  mac?: string;
  /** Behind the disks, so that they move nothing that a machine without them has. */
  adapters?: readonly VmAdapter[];
  kernel?: DirectKernel;
  identity?: VmIdentity;
  /** What a guest's reboot does: starts it again (default) or ends QEMU. */
  onReboot?: "reset" | "exit";
  /** Free PCIe slots and a SCSI controller for disks that are attached later. */
  spareSlots?: number;
  /** A TPM 2.0, whose memory is in this folder and outlives the machine; none where it is left out. */
  tpm?: { state: string };
  /** A file of saveState to go on from, made by a machine with the same options. */
  restoreFrom?: string;
}
