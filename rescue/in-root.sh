#!/bin/sh
# Runs a program inside a root tree that has /proc, /run, /tmp and a small /dev of its own; they end with the program.
# No disk of this machine appears inside. usage: in-root.sh ROOT PROGRAM [ARGUMENT…]
set -eu

if [ "${IN_ROOT:-}" != yes ]; then
  exec env IN_ROOT=yes unshare --mount --pid --fork --kill-child --propagation private -- "$0" "$@"
fi
unset IN_ROOT
root=$1
shift

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o mode=0755,size=10% tmpfs "$root/run"
mount -t tmpfs -o mode=1777,size=40% tmpfs "$root/tmp"
mount -t tmpfs -o mode=0755,size=1m tmpfs "$root/dev"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/zero" c 1 5
mknod -m 666 "$root/dev/full" c 1 7
mknod -m 666 "$root/dev/random" c 1 8
mknod -m 666 "$root/dev/urandom" c 1 9
mknod -m 666 "$root/dev/tty" c 5 0
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
# the root's resolv.conf is a link to here, as systemd-resolved wants it
mkdir -p "$root/run/systemd/resolve" "$root/run/lock"
cp /etc/resolv.conf "$root/run/systemd/resolve/stub-resolv.conf"

exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C \
  DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true INITRD=No \
  ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} chroot "$root" "$@"
