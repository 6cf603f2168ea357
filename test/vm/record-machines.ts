// Records the machines of test/fixtures/machines that can be made here: `node test/vm/record-machines.ts TOOLS FOLDER [NAME…]`.
// One rescue system, started once and held in memory, gets one shape after the other; the recorder is `multiverse probe`.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { truncate, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { createRun, start } from "../../core/tools/run-real.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { buildImages } from "../../rescue/build.ts";
import { bootRescue } from "./boot-rescue.ts";
import { openContext } from "./context.ts";
import { makeStateDisk } from "./rescue-machine.ts";
import { endWell, REPO } from "./run-scenarios.ts";
import { DISKS, PLACES, shapeArgv } from "./shapes/hardware.ts";
import { SHAPES, type Shape } from "./shapes/shapes.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);
const SLOW = 3_600_000;

const [tools = "", folder = "", ...names] = process.argv.slice(2);

await endWell(async () => {
  if (folder === "") {
    print("usage: record-machines.ts TOOLS FOLDER [NAME…]; TOOLS holds Debian packages and bitlocker.img.xz");
    return 2;
  }
  const run = createRun();
  const images = await buildImages(run, { repo: REPO, want: ["live"], onProgress: print });
  // The machine has more devices than the scenarios' have.
  const extra: string[] = [];
  const withMore: typeof start = (argv, options) =>
    start(argv.includes("qemu-system-x86_64") ? [argv[0], ...argv.slice(1), ...extra] : argv, options);
  const { context, close } = await openContext({
    ...{ name: "record-machines", artefacts: join(REPO, "test/artefacts"), images, print, keep: false },
    tools: { run, start: withMore },
  });
  try {
    const file = (id: string) => join(context.work, `disk-${id}.raw`);
    for (const disk of DISKS.filter(({ sameAs }) => sameAs === undefined)) {
      await writeFile(file(disk.id), "");
      await truncate(file(disk.id), disk.bytes);
    }
    extra.push(...shapeArgv(file));
    const toolsDisk = join(context.work, "tools.squashfs");
    await run(["mksquashfs", resolve(tools), toolsDisk, "-quiet", "-no-progress", "-comp", "zstd"]);
    const rescue = await bootRescue(context, {
      ...{ name: "rescue", nvram: join(context.work, "nvram.fd"), state: await makeStateDisk(context, "version: 1\n") },
      ...{ cold: true, words: "multiverse.toram", memoryMiB: 3584 },
      disks: [{ id: "tools", file: toolsDisk, format: "raw", bus: "virtio", serial: "tools", readOnly: true }],
    });
    const { shell } = rescue;
    await context.timed("made ready", () => shell.output(READY, { deadlineMs: SLOW }));
    mkdirSync(folder, { recursive: true });
    for (const shape of SHAPES.filter(({ name }) => names.length === 0 || names.includes(name)))
      await context
        .timed(shape.name, () => record(shell, shape))
        .catch((error: unknown) =>
          print(`${shape.name}: ${String(error)} ${JSON.stringify((error as { evidence?: unknown }).evidence ?? "")}`),
        );
    return 0;
  } finally {
    await close();
  }
});

/** Nothing of the rescue system's own hangs on a disk any more: the stick, the state disk and the tools are taken out. */
const READY = `
set -eu
mkdir -p /run/tools /run/shapes
mount -o ro /dev/disk/by-id/virtio-tools /mnt
cp -r /mnt/. /run/tools
umount /mnt
umount /run/multiverse/state || true
systemctl stop systemd-timesyncd zfs-zed 2>/dev/null || true
for name in multiverse-live multiverse-state tools; do
  link=/dev/disk/by-id/virtio-$name
  [ -e $link ] || continue
  node=$(basename $(readlink -f $link))
  pci=$(readlink -f /sys/block/$node/device/..)
  echo 1 >$pci/remove
done
udevadm settle
ls /run/tools
lsblk`;

const PRELUDE = `
set -eu
install_debs() { [ -e /run/tools/done ] || { dpkg --force-all -i /run/tools/*.deb </dev/null; touch /run/tools/done; }; }
pull() { echo 1 >/sys/block/$(basename $1)/device/delete; }
by_path() { readlink -f "/dev/disk/by-path/$1" || true; }
A0=$(by_path pci-0000:00:10.0-scsi-0:0:0:0) A1=$(by_path pci-0000:00:10.0-scsi-0:0:1:0)
A2=$(by_path pci-0000:00:10.0-scsi-0:0:2:0) A3=$(by_path pci-0000:00:10.0-scsi-0:0:3:0)
X0=$(by_path pci-0000:00:1c.0-scsi-0:0:0:0) X1=$(by_path pci-0000:00:1c.0-scsi-0:0:1:0)
U0=$(by_path pci-0000:00:19.0-usb-0:1:1.0-scsi-0:0:0:0) U1=$(by_path pci-0000:00:19.0-usb-0:2:1.0-scsi-0:0:0:0)
`;

/** Takes out what the shape does not have, and waits until the kernel has found all that it has. */
function keep(shape: Shape): string {
  const address = (place: (typeof shape.places)[number]) =>
    place === "ahci" ? "0000:00:1f.2" : `0000:00:${PLACES[place]}.0`;
  const all = [...Object.values(PLACES).map((slot) => `0000:00:${slot}.0`), "0000:00:1f.2"];
  return `
set -eu
wanted=' ${shape.places.map(address).join(" ")} '
echo 0 >/sys/bus/pci/drivers_autoprobe
echo 1 >/sys/bus/pci/rescan
for address in ${all.join(" ")}; do
  device=/sys/bus/pci/devices/$address
  case $wanted in
    *" $address "*) [ -e $device/driver ] || echo $address >/sys/bus/pci/drivers_probe ;;
    *) [ ! -e $device ] || echo 1 >$device/remove ;;
  esac
done
before=-1 same=0
while [ $same -lt 3 ]; do
  udevadm settle --timeout=600
  for host in /sys/class/scsi_host/host*; do echo '- - -' >$host/scan; done
  sleep 2
  now=$(lsblk -dno NAME | wc -l)
  if [ $now = $before ]; then same=$((same + 1)); else same=0; fi
  before=$now
done
udevadm settle --timeout=600
lsblk -do NAME,SIZE,TRAN,MODEL,SERIAL`;
}

async function record(shell: GuestShell, shape: Shape): Promise<void> {
  const wait = { deadlineMs: SLOW };
  print(await shell.output(keep(shape), wait));
  if (shape.make !== undefined) print((await shell.output(`${PRELUDE}${shape.make}`, wait)).slice(-600));
  const text = await shell.output(
    `set -eu; rm -f /run/m.json; multiverse probe --output /run/m.json >/dev/null 2>&1; gzip -c /run/m.json | base64`,
    wait,
  );
  const json = gunzipSync(Buffer.from(text.replaceAll(/\s/g, ""), "base64"));
  writeFileSync(join(folder, `${shape.name}.json`), json);
  print(
    execFileSync(
      process.execPath,
      [join(REPO, "bin/main.ts"), "probe", "--machine", join(folder, `${shape.name}.json`)],
      { encoding: "utf8" },
    ),
  );
  await shell.run(`${PRELUDE}${shape.undo ?? ""}\n${WIPE}`.replace("set -eu", ""), wait);
}

/** The small disks, sticks and the disks with strange names are blank again. */
const WIPE = `
zpool export -a
for host in /sys/class/scsi_host/host*; do echo '- - -' >$host/scan; done
udevadm settle
for disk in $A0 $A1 $A2 $A3 $X0 $X1 $U0 $U1; do
  [ -b "$disk" ] || continue
  for part in $disk?*; do [ ! -b $part ] || { zpool labelclear -f $part; wipefs -a -f $part; }; done
  zpool labelclear -f $disk
  wipefs -a -f $disk
  blkdiscard -f $disk
  blockdev --rereadpt $disk
done >/dev/null 2>&1
udevadm settle`;
