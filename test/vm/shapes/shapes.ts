// The machines that are recorded: which controllers are there, and what is done on the disks before.
import type { Place } from "./hardware.ts";

export interface Shape {
  /** Also the name of the recording. */
  name: string;
  /** For the table in test/fixtures/machines/README.md. */
  about: string;
  /** Everything else is taken out of the running system. */
  places: readonly Place[];
  /** Shell, as root: makes what is on the disks. $A0 … $A3 are the small disks, $B0 and $B1 their second paths. */
  make?: string;
  /** Undoes what would outlive the next shape's wiping. */
  undo?: string;
}

const PART = "sgdisk --clear";

export const SHAPES: readonly Shape[] = [
  {
    name: "no-disks",
    about: "a machine without any disk: the rescue system is in memory and its stick was pulled",
    places: [],
  },
  {
    name: "multipath-unjoined",
    about: "two disks over two SAS controllers each, and no multipathd: every disk is there twice",
    places: ["scsi-a", "scsi-b"],
  },
  {
    name: "multipath-joined",
    about: "the same with multipathd running: the paths are held by mpatha and mpathb",
    places: ["scsi-a", "scsi-b"],
    make: `
install_debs
printf 'defaults {\\n find_multipaths no\\n}\\n' >/etc/multipath.conf
modprobe dm-multipath
systemctl start multipathd
multipath -v2
udevadm settle`,
    undo: "systemctl stop multipathd.socket multipathd; multipath -F; systemctl mask multipathd multipathd.socket",
  },
  {
    name: "windows-beside-linux",
    about: "Windows (NTFS), Debian and swap on one disk, with an EFI system partition for both",
    places: ["scsi-a"],
    make: `
${PART} -n 1:0:+200M -t 1:ef00 -c "1:EFI system partition" -n 2:0:+16M -t 2:0c01 -c "2:Microsoft reserved partition" \\
  -n 3:0:+900M -t 3:0700 -c "3:Basic data partition" -n 4:0:+300M -t 4:2700 -n 5:0:+600M -t 5:8300 -n 6:0:0 -t 6:8200 $A0
udevadm settle
mkfs.fat -F 32 -n SYSTEM \${A0}1
mmd -i \${A0}1 ::/EFI ::/EFI/Microsoft ::/EFI/Boot ::/EFI/debian
mkntfs --quick --label "Windows" \${A0}3
mkntfs --quick --label "Wiederherstellung" \${A0}4
mkfs.ext4 -q -L debian \${A0}5
mount \${A0}5 /mnt
mkdir -p /mnt/usr/lib
cp /usr/lib/os-release /mnt/usr/lib/
umount /mnt
mkswap -L swap \${A0}6`,
  },
  {
    name: "bitlocker",
    about:
      "a disk with a partition that Windows 11 has encrypted (BitLocker), made by Windows (cryptsetup's test images)",
    places: ["scsi-a"],
    make: `
${PART} -n 1:0:+100M -t 1:ef00 -n 2:0:+16M -t 2:0c01 -n 3:0:+100M -t 3:0700 -c "3:Basic data partition" $A0
udevadm settle
mkfs.fat -F 32 \${A0}1
mmd -i \${A0}1 ::/EFI ::/EFI/Microsoft ::/EFI/Boot
xz -dc /run/tools/bitlocker.img.xz >\${A0}3`,
  },
  {
    name: "luks",
    about: "LUKS2 on a whole disk, LUKS1 on a partition, and one that is open and in use",
    places: ["scsi-a"],
    make: `
quick="-q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /run/key"
head -c 32 /dev/urandom >/run/key
cryptsetup luksFormat $quick --type luks2 --label "Geheimes Fach" $A0
${PART} -n 1:0:+1G -t 1:8309 -n 2:0:0 -t 2:8300 $A1
udevadm settle
cryptsetup luksFormat -q --type luks1 --pbkdf-force-iterations 1000 --key-file /run/key \${A1}1
mkfs.ext4 -q -L data \${A1}2
cryptsetup luksFormat $quick --type luks2 $A2
cryptsetup open --key-file /run/key $A2 vault
mkfs.ext4 -q /dev/mapper/vault`,
    undo: "cryptsetup close vault; rm -f /run/key",
  },
  {
    name: "md-halves",
    about: "halves of three RAID 1 arrays (metadata 1.2, 1.0 and 0.90) whose other disk is gone",
    places: ["scsi-a"],
    make: `
for disk in $A0 $A1; do ${PART} -n 1:0:+500M -t 1:fd00 -n 2:0:+500M -t 2:fd00 -n 3:0:0 -t 3:fd00 $disk; done
udevadm settle
modprobe raid1
at=0
for metadata in 1.2 1.0 0.90; do
  at=$((at + 1))
  yes | mdadm --create /dev/md/old$at --run --level=1 --raid-devices=2 --homehost=oldhost --metadata=$metadata --assume-clean \${A0}$at \${A1}$at
done
udevadm settle
mdadm --stop --scan
pull $A1
udevadm settle`,
    undo: "mdadm --stop --scan",
  },
  {
    name: "md-running",
    about: "a RAID 1 that runs on one of its two disks, with a file system that is mounted",
    places: ["scsi-a"],
    make: `
modprobe raid1
yes | mdadm --create /dev/md/data --run --level=1 --raid-devices=2 --homehost=thishost --assume-clean $A0 $A1
mkfs.ext4 -q -L data /dev/md/data
mkdir -p /run/data
mount /dev/md/data /run/data
mdadm /dev/md/data --fail $A1 --remove $A1
mdadm --zero-superblock $A1
udevadm settle`,
    undo: "umount /run/data; mdadm --stop --scan",
  },
  {
    name: "lvm-missing-pv",
    about: "a volume group of two disks of which one is gone, beside one that is whole and active",
    places: ["scsi-a"],
    make: `
pvcreate -q $A0 $A1 $A2
vgcreate -q oldgroup $A0 $A1
lvcreate -q -n striped -i 2 -L 1G oldgroup
vgchange -q -an oldgroup
vgcreate -q thisgroup $A2
lvcreate -q -n home -L 1G thisgroup
mkfs.ext4 -q -L home /dev/thisgroup/home
pull $A1
udevadm settle`,
    undo: "vgchange -q -an thisgroup",
  },
  {
    name: "bcache",
    about: "a backing device and its cache, both registered; and a backing device without its cache",
    places: ["scsi-a"],
    make: `
modprobe bcache
make-bcache -C $A0 -B $A1
make-bcache -B $A2
udevadm settle
for disk in $A0 $A1; do echo $disk >/sys/fs/bcache/register 2>/dev/null || true; done
udevadm settle`,
    undo: `
for folder in /sys/block/bcache*/bcache; do [ ! -e $folder ] || echo 1 >$folder/stop; done
for set in /sys/fs/bcache/*-*; do [ ! -e $set ] || echo 1 >$set/stop; done
udevadm settle`,
  },
  {
    name: "btrfs-missing-device",
    about: "two of the three devices of a btrfs file system",
    places: ["scsi-a"],
    make: "mkfs.btrfs -q -L archive -d raid1 -m raid1 $A0 $A1 $A2; pull $A1; udevadm settle",
  },
  {
    name: "hybrid-mbr",
    about: "a GPT with a hybrid MBR beside it, and a disk with an MBR and logical partitions",
    places: ["scsi-a"],
    make: `
${PART} -n 1:0:+200M -t 1:ef00 -n 2:0:+1G -t 2:af00 -n 3:0:0 -t 3:0700 $A0
sgdisk --hybrid=2:3 $A0
udevadm settle
mkntfs --quick --label BOOTCAMP \${A0}3
printf 'label: dos\\n,500M,7,*\\n,1G,E\\n,,83\\n,400M,83\\n,,82\\n' | sfdisk -q $A1
udevadm settle
mkntfs --quick \${A1}1
mkfs.ext3 -q -L alt \${A1}5`,
  },
  {
    name: "same-pool-name",
    about: "an imported pool rpool, another rpool that could be imported, and what is left of a third at a disk's end",
    places: ["scsi-a"],
    make: `
zpool create -f -m none rpool $A0
zpool export rpool
zpool create -f -m none old $A2
zpool export old
wipefs -q -a -t gpt $A2
zpool create -f -m none rpool $A1
udevadm settle`,
    undo: "zpool export rpool",
  },
  {
    name: "iso-hybrid-stick",
    about: "a stick with an ISO image that also has a partition table; two sticks share a serial number, one has none",
    places: ["usb"],
    make: `
mkdir -p /run/iso
echo hello >/run/iso/hello
head -c 20000000 /dev/urandom >/run/iso/data
xorriso -as mkisofs -quiet -V "DEBIAN LIVE" -isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin -partition_offset 16 \\
  -append_partition 2 0xef /run/tools/esp.img -appended_part_as_gpt -o /run/live.iso /run/iso
dd if=/run/live.iso of=$U0 bs=1M conv=fsync
blockdev --rereadpt $U0
${PART} -n 1:0:0 -t 1:0700 $U1
udevadm settle
mkfs.fat -F 32 -n TREKSTOR \${U1}1`,
  },
  {
    name: "equal-serials",
    about: "disks with equal serial numbers (with and without a world wide name), and one without any",
    places: ["scsi-twins"],
  },
  {
    name: "sector-sizes",
    about: "4Kn, 512e and 512n disks of 4 TB, and a 4Kn NVMe drive",
    places: ["scsi-sectors", "nvme-4kn"],
  },
  {
    name: "nvme-namespaces",
    about: "a drive with three namespaces (UUID, EUI-64, 4Kn), and two controllers that share one",
    places: ["nvme-spaces", "nvme-left", "nvme-right"],
  },
  {
    name: "strange-names",
    about:
      "vendors, models, serial numbers, labels and partition names in other alphabets, with control characters and marks that turn text around",
    places: ["scsi-names"],
    make: `
${PART} -n 1:0:+1G -t 1:8300 -c "1:データ" -n 2:0:+1G -t 2:8300 -c "2:$(printf 'a\\342\\200\\256gnp.exe')" $X0
udevadm settle
mkfs.ext4 -q -L "Größe Ω" \${X0}1
mkfs.ext4 -q -L "$(printf 'x\\033[2Jy')" \${X0}2
mkfs.xfs -q -f -L "дом" $X1`,
  },
  {
    name: "pc",
    about: "a PC: SATA flash and hard disk on the board's ports, a DVD drive, an NVMe drive",
    places: ["ahci", "nvme-front"],
  },
  { name: "card-reader", about: "a board whose only disk is an SD card, beside a stick", places: ["card-reader"] },
  {
    name: "server-hba",
    about: 'a server with twelve 4 TB disks and two SSDs, as a 3.5" R730xd whose card is in HBA mode',
    places: ["raid-jbod"],
  },
  {
    name: "server-raid",
    about: "the same with the card in RAID mode: two virtual disks, and the drives cannot be seen",
    places: ["raid-virtual"],
  },
  {
    name: "server-small",
    about: "a server with eight 1.2 TB disks, as an R630, and an NVMe drive at its front",
    places: ["raid-small", "nvme-front"],
  },
  {
    name: "thousand-disks",
    about: "1,000 disks (the kernel's scsi_debug)",
    places: [],
    make: `
modprobe scsi_debug add_host=5 num_tgts=200 max_luns=1 dev_size_mb=8 virtual_gb=4000 delay=0
udevadm settle --timeout=3000`,
    undo: "modprobe -r scsi_debug",
  },
];
