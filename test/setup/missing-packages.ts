// Prints the Debian packages that tests need and this machine has not got, one a line: `fast`, `libvirt` or `vm`.
import { createRun } from "../../core/tools/run-real.ts";
import { BUILD_PACKAGES } from "../../rescue/needs.ts";

const FAST = ["shellcheck", "cpio", "dash", "pv", "console-setup-linux", "swtpm", "tpm2-tools"];
/** Of libvirt the daemon only: the tests run one of their own, without the units and the system's users. */
const LIBVIRT = ["libvirt-clients", "libvirt-daemon", "libvirt-daemon-driver-qemu", "qemu-system-x86", "util-linux"];
const MACHINES = [
  "qemu-system-x86",
  "qemu-utils",
  "ovmf",
  "mtools",
  "dosfstools",
  "fdisk",
  "openssl",
  "openssh-client",
  "swtpm",
  "util-linux",
  // what makes used disks
  "bcache-tools",
  "ntfs-3g",
  "xorriso",
];

const LISTS: Readonly<Record<string, readonly string[]>> = {
  fast: FAST,
  libvirt: LIBVIRT,
  vm: [...FAST, ...LIBVIRT, ...MACHINES, ...BUILD_PACKAGES],
};
const wanted = [...new Set(LISTS[process.argv[2] ?? "vm"] ?? LISTS.vm)];
const run = createRun();
const format = `\${Package} \${db:Status-Status}\n`;
// Packages that dpkg has never heard of make it end with status 1.
const { stdout } = await run(["dpkg-query", "-W", "-f", format, ...wanted], { ok: [0, 1] });
const installed = new Set(
  stdout
    .split("\n")
    .filter((line) => line.endsWith(" installed"))
    .map((line) => line.split(" ")[0]),
);
for (const name of wanted) if (!installed.has(name)) process.stdout.write(`${name}\n`);
