#!/bin/sh
# Makes the tiny root's squashfs from the host's package tree and our files.
# usage: make-tiny.sh ROOT FILES KERNEL OUT TIME
set -eu
here=$(dirname "$(readlink -f "$0")")
root=$1 files=$2 kernel=$3 out=$4 time=$5
tree=$root/tiny

mkdir -m 0755 "$tree"
"$here/in-root.sh" "$root" sh -s "$kernel" <"$here/collect-tiny.sh"
cp -r --preserve=mode,links --remove-destination "$files/." "$tree/"
chmod 0755 "$tree"
# a stamp of its own for every file would make each build another
find "$tree" -newermt "@$time" -exec touch --no-dereference --date="@$time" {} +
tar --numeric-owner --sort=name -C "$tree" -cf - . | wc -c >"$out/tree-bytes"
mksquashfs "$tree" "$out/host.squashfs" -noappend -no-progress -comp zstd -Xcompression-level 15 -b 128K \
  -mkfs-time "$time"
