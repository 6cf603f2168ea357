# shellcheck shell=sh
# Runs inside the host's package tree: copies out of it, to /tiny, what the tiny root needs. $1 is the kernel's release.
set -eu
kernel=$1
to=/tiny

# Real ones where busybox's do less: PARTUUID=, zfs options, PAM-free account tools, compressed modules.
programs="bash blkid btrfs busybox chpasswd cryptsetup dmsetup efibootmgr findmnt kmod lsblk mdadm mount mount.zfs mountpoint
  swapoff swapon umount useradd userdel zdb zfs zpool"
# What udev loaded in the initramfs stays loaded; these are for what fstab and a person may ask for later.
modules="spl zfs virtio_pci virtio_blk virtio_scsi virtio_net virtio_rng nvme ahci sd_mod sr_mod xhci_pci ehci_pci uas
  usb_storage usbhid hid_generic vfat nls_cp437 nls_iso8859_1 nls_ascii nls_utf8 efivarfs loop squashfs overlay ext4 xfs
  btrfs dm_mod dm_crypt dm_mirror raid0 raid1 raid10 raid456 aesni_intel xts e1000e"
# Accounts and their tools' settings, as the host root has them.
files="debian_version default/useradd group gshadow ld.so.conf ld.so.conf.d login.defs nsswitch.conf os-release pam.conf
  pam.d passwd shadow shells skel subgid subuid"

cd "$to"
for dir in bin sbin lib lib64; do
  mkdir -p "usr/$dir"
  ln -s "usr/$dir" "$dir"
done
mkdir -p boot dev etc/default home media mnt opt proc root run srv sys tmp var/cache var/lib var/log var/tmp
chmod 1777 tmp var/tmp
chmod 0700 root
ln -s /run var/run
ln -s /run/lock var/lock

# $1 a file of this tree: its real place keeps its name, so links on the way to it are not needed.
copy_library() {
  place=.$(readlink -f "$(dirname "$1")")
  mkdir -p "$place"
  [ -e "$place/$(basename "$1")" ] || cp -L "$1" "$place/"
}

for program in $programs; do
  path=$(readlink -f "$(dirname "$(command -v "$program")")")/$program
  cp -L "$path" ".$path"
  for library in $(ldd "$path" | grep -o '/[^ ]*'); do copy_library "$library"; done
done
# opened by name: what ends threads, and what checks a password
copy_library /usr/lib/x86_64-linux-gnu/libgcc_s.so.1
copy_library /usr/lib/x86_64-linux-gnu/security/pam_unix.so
for name in depmod insmod lsmod modinfo modprobe rmmod; do ln -s ../bin/kmod "usr/sbin/$name"; done
for name in $(busybox --list); do
  case $name in
  dpkg | dpkg-deb | rpm | rpm2cpio | linuxrc) continue ;;
  esac
  [ -e "usr/bin/$name" ] || [ -e "usr/sbin/$name" ] || ln -s busybox "usr/bin/$name"
done
ln -s ../bin/busybox usr/sbin/init

for file in $files; do
  mkdir -p "etc/$(dirname "$file")"
  cp -a "/etc/$file" "etc/$file"
done
cp /usr/lib/os-release usr/lib/os-release
sed -i 's/^PRETTY_NAME=.*/PRETTY_NAME="Multiverse tiny root"/' usr/lib/os-release
printf 'VARIANT="Multiverse tiny root"\nVARIANT_ID=multiverse-tiny\n' >>usr/lib/os-release
ln -s ../proc/self/mounts etc/mtab
: >etc/machine-id
: >etc/fstab
: >etc/crypttab
echo tiny >etc/hostname

# shellcheck disable=SC2086 # words
modprobe --set-version "$kernel" --show-depends --all $modules | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u >/tmp/modules
while read -r module; do
  mkdir -p ".$(dirname "$(readlink -f "$module")")"
  cp "$module" ".$(readlink -f "$module")"
done </tmp/modules
for name in order builtin builtin.modinfo; do cp "/usr/lib/modules/$kernel/modules.$name" "usr/lib/modules/$kernel/"; done
depmod -b "$to" "$kernel"
ldconfig -r "$to"
# holds inode numbers, which every build has others of
rm -r var/cache/ldconfig
