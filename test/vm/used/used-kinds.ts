// Twelve kinds of used disks, each made by the programs that make such disks and half torn down again.

/** Stable paths, and where the test's own programs are. */
export const SERIAL = "MVDIRTY01";
export const TWIN_SERIAL = "MVTWIN01";
export const TOOLS = "/run/used-tools";

/** What every script below knows: the disk, its twin, a table of so many partitions on it. */
export const WORDS = `set -eu
D=/dev/disk/by-id/virtio-${SERIAL}
W=/dev/disk/by-id/virtio-${TWIN_SERIAL}
export LD_LIBRARY_PATH=${TOOLS}
settle() { udevadm settle --timeout=60; }
table() { disk=$1; shift; sgdisk -q "$@" "$disk" >/dev/null; settle; }
`;

export interface UsedKind {
  name: string;
  title: string;
  /** POSIX sh after WORDS: dirties \`$D\`, and the twin where it has a part in it. */
  make: string;
  /** Must be seen by the programs that look (used-look.ts), or the disk is not what it should be. */
  seen: readonly RegExp[];
  /** Titles of steps that close what is open, in their order; none where nothing is. */
  closes?: readonly RegExp[];
  /** Undone once before it is installed: the script looks into the old content and must end well. */
  undo?: string;
}

const EXT4 = "mkfs.ext4 -qF -E lazy_itable_init=1,lazy_journal_init=1,nodiscard";

export const USED_KINDS: readonly UsedKind[] = [
  {
    name: "zfs-disk",
    title: "a whole disk of a ZFS pool",
    make: "modprobe zfs; zpool create -f -o cachefile=none -m none old $D; zpool export old",
    seen: [/part1 wipefs .*zfs_member/, /part1 zdb/],
    undo: "zpool import -N -o readonly=on -o cachefile=none -d $D-part1 old && zpool export old",
  },
  {
    name: "zfs-tail",
    title: "a pool's partition that got another file system: only the labels at its end are left",
    make: `modprobe zfs; table $D -n1:0:0 -t1:bf01
      zpool create -f -o cachefile=none -m none old $D-part1; zpool export old
      dd if=/dev/zero of=$D-part1 bs=1M count=1 conv=fsync status=none; ${EXT4} $D-part1`,
    seen: [/part1 wipefs .*ext4/, /part1 zdb/],
  },
  {
    name: "md-halves",
    title: "halves of RAID 1 with metadata 0.90, 1.0 and 1.2; one runs without its twin, one waits for it",
    make: `for disk in $D $W; do table $disk -n1:0:+300M -n2:0:+300M -n3:0:+300M -t1:fd00 -t2:fd00 -t3:fd00; done
      n=0; for metadata in 0.90 1.0 1.2; do n=$((n + 1))
        mdadm --quiet --create /dev/md/old$n --run --metadata=$metadata --level=1 --raid-devices=2 --assume-clean \\
          --bitmap=none $D-part$n $W-part$n
      done; settle
      ${EXT4} -L home /dev/md/old3; sync; settle
      for n in 1 2 3; do mdadm --quiet --stop /dev/md/old$n; done; settle
      for n in 1 2 3; do mdadm --zero-superblock $W-part$n; done; sgdisk -qZ $W >/dev/null; settle
      mdadm --quiet --assemble --run /dev/md/old3 $D-part3
      mdadm --quiet --assemble /dev/md/old2 $D-part2 || true; settle`,
    seen: [/part1 mdadm 0\.90/, /part2 mdadm 1\.0/, /part3 mdadm 1\.2/, /part3 wipefs .*linux_raid_member/],
    closes: [/^close .*old3 \(ext4 file system "home"\), raid1$/, /^close .*old2, .*not complete$/],
    undo: `mdadm --quiet --assemble --run /dev/md/old3 $D-part3; settle; e2fsck -fn /dev/md/old3 >/dev/null 2>&1
      mdadm --quiet --stop /dev/md/old3; settle`,
  },
  {
    name: "lvm-twin",
    title: "a volume group that lost a disk, its volumes active",
    make: `table $D -n1:0:+1G -n2:0:0 -t1:8e00; lvm() { command lvm "$@" --config activation/monitoring=0; }
      lvm pvcreate -qq -ffy $D-part1 $W; lvm vgcreate -qq old $D-part1 $W
      lvm lvcreate -qq -y --nosync -m1 --type raid1 -L 200M -n root old; lvm lvcreate -qq -y -L 100M -n data old $D-part1
      ${EXT4} -L root /dev/old/root; ${EXT4} -L data /dev/old/data; sync; settle
      lvm vgchange -qq -an old; settle; wipefs -qa $W; settle
      lvm vgchange -qq -ay --activationmode degraded old || true; settle; test -e /dev/old/data`,
    seen: [/part1 wipefs .*LVM2_member/, /part1 pvs/],
    closes: [/^close volume group old: .*old-data \(ext4 file system "data"\)/],
  },
  {
    name: "luks",
    title: "an encrypted volume that is open",
    make: `table $D -n1:0:0; printf 'not a secret at all' >/run/used-key
      cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /run/used-key $D-part1
      cryptsetup open --key-file /run/used-key $D-part1 used-luks; ${EXT4} -L private /dev/mapper/used-luks; sync; settle`,
    seen: [/part1 wipefs .*crypto_LUKS/, /part1 luks/],
    closes: [/^close used-luks \(ext4 file system "private"\), an opened encrypted volume$/],
    undo: "cryptsetup open --test-passphrase --key-file /run/used-key $D-part1",
  },
  {
    name: "bcache",
    title: "a cache and what it caches, both on the disk and running",
    make: `modprobe bcache; table $D -n1:0:+500M -n2:0:+1G
      ${TOOLS}/make-bcache --wipe-bcache -C $D-part1 -B $D-part2 >/dev/null; settle
      for part in 1 2; do echo $D-part$part >/sys/fs/bcache/register || true; done; udevadm wait --timeout=30 /dev/bcache0
      ${EXT4} -L cached /dev/bcache0; sync; settle`,
    seen: [/part1 wipefs .*bcache/, /part2 wipefs .*bcache/],
    closes: [/^close .* \(ext4 file system "cached"\), bcache$/],
  },
  {
    name: "btrfs-twin",
    title: "one disk of a btrfs file system of two",
    make: `table $D -n1:0:0; mkfs.btrfs -qf -d raid1 -m raid1 -L old $D-part1 $W; settle
      mkdir -p /run/used; mount $D-part1 /run/used; echo kept >/run/used/file; umount /run/used; wipefs -qa $W; settle`,
    seen: [/part1 wipefs .*btrfs/],
    undo: "mount -o ro,degraded $D-part1 /run/used && grep -q kept /run/used/file && umount /run/used",
  },
  {
    name: "bitlocker",
    // No program on Linux makes one: the documented fields of its header (libblkid, superblocks/bitlocker.c) on a real NTFS.
    title: "NTFS with the header of BitLocker",
    make: `table $D -n1:0:+1G -t1:0700; ${TOOLS}/mkntfs -q -Q -F -L Windows $D-part1 >/dev/null 2>&1
      put() { dd of=$D-part1 bs=1 seek=$1 conv=notrunc status=none; }
      printf '\\353\\130\\220-FVE-FS-' | put 0
      printf '\\073\\326\\147\\111\\051\\056\\330\\112\\203\\231\\366\\243\\071\\343\\320\\001' | put 160
      printf '\\000\\000\\020\\002\\000\\000\\000\\000' | put 176
      printf -- '-FVE-FS-\\060\\000\\002\\000' | put 34603008
      sync; settle`,
    seen: [/part1 wipefs .*BitLocker/],
  },
  {
    name: "hybrid-mbr",
    title: "a hybrid MBR beside the GPT",
    make: `table $D -n1:0:+200M -t1:ef00 -n2:0:+1G -n3:0:0; sgdisk -q -h 1:2 $D >/dev/null; settle
      mkfs.vfat -n OLD $D-part1 >/dev/null; ${EXT4} -L root $D-part2; sync; settle`,
    seen: [/disk wipefs .*(dos|PMBR|gpt)/, /part1 wipefs .*vfat/, /part2 wipefs .*ext4/],
    undo: 'sgdisk -p $D | grep -q "MBR: hybrid\\|hybrid" || sgdisk -O $D | grep -qi "0x83\\|EF"; e2fsck -fn $D-part2 >/dev/null 2>&1',
  },
  {
    name: "gpt-broken",
    title: "a GPT without its backup, and a twin with the very same GUIDs",
    make: `table $D -n1:0:+1G -n2:0:0; ${EXT4} -L root $D-part2; sgdisk -q --backup=/run/used-table $D >/dev/null
      sgdisk -q --load-backup=/run/used-table $W >/dev/null; settle
      dd if=/dev/zero of=$D bs=512 seek=$(($(blockdev --getsz $D) - 33)) count=33 conv=fsync status=none; settle`,
    seen: [/part2 wipefs .*ext4/],
    undo: "e2fsck -fn $D-part2 >/dev/null 2>&1",
  },
  {
    name: "iso-hybrid",
    title: "a stick that an ISO image was written to",
    make: `dd if=${TOOLS}/hybrid.iso of=$D bs=1M conv=fsync status=none; blockdev --rereadpt $D; settle`,
    seen: [/disk wipefs .*iso9660/],
  },
  {
    name: "own-pool",
    title: "a pool with the name of the one that is to be made; another one of that name is on the twin",
    make: `modprobe zfs; for disk in $W $D; do table $disk -n1:0:+1G -n2:0:+3G -n3:0:0 -t2:bf01
        zpool create -f -o cachefile=none -m none saturn $disk-part2; zfs create saturn/jupiter; zpool export saturn; done`,
    seen: [/part2 wipefs .*zfs_member/, /part2 zdb/],
  },
];
