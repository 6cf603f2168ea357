// Two small controllers inside a host under test: a Linux that says it lives by virtio-serial, and one of a single sector.
import { tinyGuest } from "../libvirt/tiny-guest.ts";

/** Where their kernel, their disks and the scripts that look at them are. */
export const FOLDER = "/var/lib/libvirt/images/tiny";

/** What the Linux answers when a line is typed on its console; it does so as long as it lives. */
export const heard = (line: string) => `tiny controller heard: ${line}`;
/** The last line that it writes by itself. */
export const UP = "tiny controller: up";

/** As long as it runs it writes a beat every three seconds, and it takes no notice of its power button: no driver for that. */
const INIT = `#!/bin/busybox sh
busybox mount -t devtmpfs none /dev
while :; do echo 1; busybox sleep 3; done >/dev/vport0p1 &
echo "${UP}"
while read -r line; do echo "${heard("$line")}"; done
`;

const SECTOR = tinyGuest().subarray(0, 512).toString("base64");

/** Emulated within an emulated machine each second counts: checks of the kernel's own memory and of clocks are left out. */
export const KERNEL_LINE = "console=ttyS0 mitigations=off nokaslr rodata=off tsc=nowatchdog hpet=disable audit=0";

/** A shell script, for the host: the host's own kernel, an initramfs with its busybox in it, and a disk of one sector. */
export const MAKE_FILES = `set -eu
mkdir -p ${FOLDER}/root
cd ${FOLDER}/root
mkdir -p bin dev
cp /usr/bin/busybox bin/
for file in $(ldd bin/busybox | grep -o '/[^ ]*'); do mkdir -p ".$(dirname "$file")"; cp -L "$file" ".$file"; done
cat >init <<'END'
${INIT}END
chmod 755 init
find . | cpio --quiet -o -H newc >../initrd
cd ..
rm -r root
# libvirt gives the files of a running domain to QEMU's user: not those of /boot
cp "/boot/vmlinuz-$(uname -r)" vmlinuz
echo ${SECTOR} | base64 -d >games.img
truncate -s 1M games.img
`;

/** Its serial console is kept in a file; it has nothing that tells QEMU of its memory. */
export const domain = (name: string, mebibytes: number, os: string, devices: string) => `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>${mebibytes}</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type>${os}</os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <serial type='pty'><log file='/var/log/libvirt/qemu/${name}-console.log' append='off'/><target port='0'/></serial>
    ${devices}
    <memballoon model='none'/>
  </devices>
</domain>
`;

/** A minute or two until its first beat. */
export const WORK = {
  name: "work",
  bytes: 128 * 1024 * 1024,
  xml: domain(
    "work",
    128,
    `<kernel>${FOLDER}/vmlinuz</kernel><initrd>${FOLDER}/initrd</initrd><cmdline>${KERNEL_LINE}</cmdline>`,
    "<channel type='unix'><target type='virtio' name='org.multiverse.heartbeat.0'/></channel>",
  ),
} as const;

/** Up at once, heard on its second serial port, and it obeys its power button. */
export const GAMES = {
  name: "games",
  bytes: 16 * 1024 * 1024,
  xml: domain(
    "games",
    16,
    "",
    `<disk type='file' device='disk'>
      <driver name='qemu' type='raw'/><source file='${FOLDER}/games.img'/><target dev='vda' bus='virtio'/>
    </disk>
    <serial type='unix'>
      <source mode='bind' path='/run/libvirt/qemu/channel/games.heartbeat'/><target port='1'/>
      <alias name='ua-multiverse-heartbeat'/>
    </serial>`,
  ),
} as const;

/** A shell script that defines both. */
export const DEFINE = [WORK, GAMES]
  .map(({ name, xml }) => `cat >${FOLDER}/${name}.xml <<'END'\n${xml}END\nvirsh -q define ${FOLDER}/${name}.xml\n`)
  .join("");

/** A shell script that defines many that are never started, by one program. */
export function defineMany(count: number): string {
  return `set -eu
mkdir -p ${FOLDER}/many
cat >${FOLDER}/many/form <<'END'
${domain("NAME", 16, "", "")}END
for at in $(seq -w 1 ${count}); do
  sed "s/NAME/spare-$at/" <${FOLDER}/many/form >"${FOLDER}/many/$at.xml"
  printf 'define ${FOLDER}/many/%s.xml; ' "$at"
done >${FOLDER}/many/commands
virsh -q "$(cat ${FOLDER}/many/commands)" >/dev/null
`;
}
