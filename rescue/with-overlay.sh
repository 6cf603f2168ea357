#!/bin/sh
# Mounts an overlay (LOWER read-only, changes to UPPER) at MERGED and runs a program; the mount ends with it.
# usage: with-overlay.sh LOWER UPPER WORK MERGED PROGRAM [ARGUMENT…]
set -eu

if [ "${WITH_OVERLAY:-}" != yes ]; then
  exec env WITH_OVERLAY=yes unshare --mount --pid --fork --kill-child --propagation private -- "$0" "$@"
fi
unset WITH_OVERLAY
lower=$1 upper=$2 work=$3 merged=$4
shift 4
mkdir -p "$upper" "$work" "$merged"
# without redirects and the like the upper folder means the same on any other machine
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$upper,workdir=$work,redirect_dir=off,metacopy=off,index=off" "$merged"
status=0
"$@" || status=$?
exit "$status"
