#!/bin/sh
# Prints the length of the tar stream of a host's root with a layer on top; progress of an installation is measured
# against it. usage: tree-bytes.sh HOST.SQUASHFS LAYER HOST MERGED (HOST and MERGED are made by it)
set -eu

if [ "${TREE_BYTES:-}" != yes ]; then
  exec env TREE_BYTES=yes unshare --mount --propagation private -- "$0" "$@"
fi
unset TREE_BYTES
mkdir -p "$4"
unsquashfs -quiet -no-progress -dest "$3" "$1" >&2
mount -t overlay overlay -o "ro,lowerdir=$2:$3,xino=on" "$4"
tar --numeric-owner --sort=name -C "$4" -cf - . | wc -c
