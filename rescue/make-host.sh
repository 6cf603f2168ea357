#!/bin/sh
# Makes the host's squashfs, its kernel and the generic initramfs from a root tree and our files.
# usage: make-host.sh ROOT FILES KERNEL OUT TIME
set -eu
here=$(dirname "$(readlink -f "$0")")
root=$1 files=$2 kernel=$3 out=$4 time=$5

cp -r --preserve=mode,links --remove-destination "$files/." "$root/"
"$here/in-root.sh" "$root" sh -s "$kernel" <"$here/configure-host.sh"
# with SOURCE_DATE_EPOCH mkinitramfs(8) makes the same bytes from the same files
"$here/in-root.sh" "$root" env SOURCE_DATE_EPOCH="$time" update-initramfs -c -k "$kernel"
# The initramfs is a product of its own: the ESP gets it from the medium, so the tree does without.
mv "$root/boot/initrd.img-$kernel" "$out/initrd"
cp "$root/boot/vmlinuz-$kernel" "$out/vmlinuz"
chmod 0644 "$out/initrd" "$out/vmlinuz"
find "$root/tmp" "$root/run" -mindepth 1 -delete
find "$root/var/log" "$root/var/cache/apt" "$root/var/lib/apt/lists" -type f -delete
chown 0:0 "$root"
# the length of this stream is what progress of an installation is measured against
tar --numeric-owner --sort=name -C "$root" -cf - . | wc -c >"$out/tree-bytes"
mksquashfs "$root" "$out/host.squashfs" -noappend -no-progress -comp zstd -Xcompression-level 15 -b 128K \
  -mkfs-time "$time"
