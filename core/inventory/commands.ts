// Every command that the probe runs. All of them only read; none changes a disk, a pool or the firmware.
import type { Argv } from "../tools/run.ts";
import { commandLine } from "./command-line.ts";
import { STACK_COMMANDS } from "./stacks/commands.ts";

const EFI = "/sys/firmware/efi";
const DMI = "/sys/class/dmi/id";

export const COMMANDS = {
  disks: ["lsblk", "-J", "-b", "-O"],
  udev: ["udevadm", "info", "--export-db"],
  poolList: ["zpool", "list", "-H", "-o", "name,guid"],
  poolStatus: ["zpool", "status", "-P", "-L"],
  poolImport: ["zpool", "import"],
  links: ["ip", "-j", "-d", "link"],
  addresses: ["ip", "-j", "addr"],
  dmi: ["grep", "-s", "", `${DMI}/sys_vendor`, `${DMI}/product_name`, `${DMI}/product_serial`, `${DMI}/product_uuid`],
  cpu: ["lscpu", "-J"],
  memory: ["cat", "/proc/meminfo"],
  consoles: ["cat", "/proc/consoles"],
  efi: ["ls", EFI],
  efivars: ["findmnt", "-n", "-o", "OPTIONS", `${EFI}/efivars`],
  secureBoot: ["od", "-An", "-v", "-tx1", `${EFI}/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`],
  liveManifest: ["cat", "/run/multiverse/live/medium/manifest.json"],
  liveDevice: ["cat", "/run/multiverse/live/device"],
} as const satisfies Record<string, Argv>;

/** What machines recorded earlier did not answer, and what no decision hangs on: "not known" then, never an error. */
export const OPTIONAL = { ...STACK_COMMANDS } as const satisfies Record<string, Argv>;

/** Questions about single partitions and adapters: which there are depends on the machine. */
const SINGLE = /^(debugfs|mdir|unsquashfs|ethtool) /;

/** Whether a recording may lack the command: it is then a smaller machine, not a broken one. */
export function mayLack(line: string): boolean {
  return SINGLE.test(line) || OPTIONAL_LINES.has(line);
}

const OPTIONAL_LINES: ReadonlySet<string> = new Set(Object.values(OPTIONAL).map((argv) => commandLine(argv)));

/** Reads the name of the operating system on an ext file system that is not mounted; debugfs opens it read-only without -w. */
export function readOsRelease(device: string): Argv {
  // /etc/os-release is a link, which debugfs does not follow.
  return ["debugfs", "-R", "cat /usr/lib/os-release", device];
}

/** The manifest of a live medium that is not mounted; unsquashfs opens it read-only, and the kernel need not trust it. */
export function readManifest(device: string): Argv {
  return ["unsquashfs", "-cat", device, "manifest.json"];
}

/** Lists the loaders on an EFI system partition that is not mounted. */
export function listLoaders(device: string): Argv {
  return ["mdir", "-b", "-i", device, "::/EFI"];
}
