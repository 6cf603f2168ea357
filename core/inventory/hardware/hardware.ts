// What the machine is made of besides its disks: the types. Null is "not known": not recorded, no program for it, or no right to look.
import type { Bytes } from "../inventory.ts";

export interface PciDevice {
  /** "0000:01:00.0": domain, bus, device, function. */
  address: string;
  /** "1000:005d": vendor and device, lower case; the same for the maker of the board it is on. */
  id: string;
  subsystem: string | null;
  /** Class and subclass: "0104" is a RAID card, "0200" an Ethernet adapter (PCI Code and ID Assignment). */
  class: string;
  /** What the hardware database calls it; "" when it does not know it. */
  vendor: string;
  model: string;
  driver: string | null;
  /** Devices of one group can only be given to a virtual machine together; null: none, or no IOMMU in use. */
  iommuGroup: number | null;
}

/** A device without whose driver a system does not start or cannot be reached: storage, network, USB. */
export interface DriverNeed {
  what: string;
  /** What the kernel's modules are looked up by: "pci:v00008086d00001521sv…". */
  modalias: string;
}

export interface UsbDevice {
  /** "1-1.2": bus and ports; "usb1" for a root hub. Stays as long as the plug stays. */
  port: string;
  /** "0781:5583". */
  id: string;
  name: string;
  serial: string;
  kind: "root-hub" | "hub" | "device";
  /** Interface classes: "08" storage, "03" keyboard or mouse, "e0" wireless (usb.org, defined class codes). */
  classes: string[];
  /** Mb/s that it runs with. */
  speed: number | null;
  /** PCI address of the adapter it hangs on; null where that is no PCI device. */
  adapter: string | null;
}

export interface MemoryModule {
  slot: string;
  /** 0: the slot is empty. */
  size: Bytes;
  /** "DDR4". */
  type: string;
  /** MT/s that it is built for. */
  speed: number | null;
  vendor: string;
  part: string;
}

export interface MemoryModules {
  /** Slots, the empty ones among them. */
  slots: number;
  modules: MemoryModule[];
  /** Size of all modules: what is installed, where MemTotal is what the kernel has left of it. */
  installed: Bytes;
  ecc: boolean | null;
  /** "Multi-bit ECC", as the firmware says it. */
  correction: string;
}

export interface Processor {
  /** As the kernel calls it: "x86_64", "aarch64". */
  architecture: string;
  model: string;
  /** Sockets with a processor in them, and all of them (null: not known). */
  sockets: number;
  slots: number | null;
  coresPerSocket: number;
  threadsPerCore: number;
  /** Sorted; "Flags" of lscpu, on Arm "Features". */
  flags: string[];
}

/** What disks hang on. NVMe drives, virtio disks, USB and memory cards count as one bus each. */
export interface StorageBus {
  kind: "sas" | "sata" | "nvme" | "virtio" | "usb" | "mmc" | "scsi" | "ide";
  /** PCI address of the adapter; null for the buses that many devices make together. */
  address: string | null;
  name: string;
  driver: string | null;
  /** Kernel names of the disks that the kernel sees on it. */
  disks: string[];
  /** Only for RAID cards. raid: shows volumes and hides its disks · hba: shows the disks · empty: shows nothing. */
  raid: "raid" | "hba" | "empty" | null;
}

export interface NetworkPort {
  /** As in Inventory.nics. */
  name: string;
  mac: string;
  driver: string | null;
  /** PCI address, or null. */
  address: string | null;
  /** "1gbase-t", "10gbase-t", "sfp", "sfp+", "sfp28", "qsfp+", "qsfp28", "backplane", "wifi", "virtual"; null when not known. */
  kind: string | null;
  /** Mb/s: the most it can, and what it runs with now. */
  speed: number | null;
  linkSpeed: number | null;
}

export interface KernelFacts {
  /** "6.12.117+deb13-amd64". */
  release: string;
  build: string;
  hostname: string;
  /** Bits of /proc/sys/kernel/tainted (admin-guide/tainted-kernels). */
  tainted: number;
  /** "none", "integrity", "confidentiality". */
  lockdown: string | null;
  /** Version of the ZFS module, when it is loaded. */
  zfs: string | null;
}

export interface VirtualMachines {
  /** The kernel can run virtual machines by hardware; the same inside of them; and give them devices. */
  kvm: boolean;
  nested: boolean;
  vfio: boolean;
  /** This machine is itself a virtual one. */
  guest: boolean;
  domains: { name: string; state: string }[] | null;
}

/** A mounted file system on a block device. */
export interface FileSystem {
  /** Kernel path of the device, e.g. "/dev/sda2" or "/dev/mapper/vg0-data". */
  device: string;
  type: string;
  mountpoint: string;
  size: Bytes;
  used: Bytes;
  free: Bytes;
}

/** Space of an imported pool. */
export interface PoolSpace {
  name: string;
  size: Bytes;
  allocated: Bytes;
  free: Bytes;
  health: string;
}

export interface Hardware {
  /** From the firmware's chassis type, or "board" where the machine is described by a device tree. */
  chassis: "laptop" | "desktop" | "server" | "board" | "other" | null;
  processor: Processor | null;
  memory: MemoryModules | null;
  pci: PciDevice[];
  usb: UsbDevice[];
  needs: DriverNeed[];
  storage: StorageBus[];
  ports: NetworkPort[];
  /** Remote management: "idrac", "ilo", "xcc", "bmc" for others, "none"; null when not known. */
  management: string | null;
  kernel: KernelFacts | null;
  virtual: VirtualMachines | null;
  fileSystems: FileSystem[];
  poolSpace: PoolSpace[] | null;
}

export const UNKNOWN_HARDWARE: Hardware = {
  ...{ chassis: null, processor: null, memory: null, pci: [], usb: [], needs: [] },
  ...{ storage: [], ports: [] },
  ...{ management: null, kernel: null, virtual: null, fileSystems: [], poolSpace: null },
};
