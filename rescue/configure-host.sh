# shellcheck shell=sh
# Runs inside the host's root: locale, units, and nothing in it that belongs to one machine. $1 is the kernel's release.
set -eu

echo 'en_US.UTF-8 UTF-8' >/etc/locale.gen
locale-gen
# the pool is imported and the root mounted by the initramfs; `zfs mount -a` would mount another system's /home
systemctl mask zfs-import-cache.service zfs-import-scan.service zfs-import.service zfs-load-key.service \
  zfs-load-module.service zfs-mount.service zfs-share.service zfs-volume-wait.service
# nothing waits for the network; ZFS trims by itself; units for hardware and file systems that a host has not
systemctl mask systemd-networkd-wait-online.service sshd-keygen.service
# a host on such disks gets these by its plan
systemctl disable fstrim.timer mdcheck_start.timer mdcheck_continue.timer
# for snapshots, mirrors and thin pools of LVM, which we make none of
systemctl disable lvm2-monitor.service lvm2-lvmpolld.socket blk-availability.service dm-event.socket
# What is mounted and swapped to stands in fstab; by itself it would use the swap partition that is encrypted anew at each start.
mkdir -p /etc/systemd/system-generators
ln -sf /dev/null /etc/systemd/system-generators/systemd-gpt-auto-generator
# it would open sshd on vsock and a local socket, whatever the configuration says
ln -sf /dev/null /etc/systemd/system-generators/systemd-ssh-generator
if [ -e /usr/lib/systemd/system/e2scrub_all.timer ]; then
  systemctl mask e2scrub_all.timer e2scrub_reap.service
fi
# now, since nothing makes users at the first boot: /etc counts as up to date
systemd-sysusers multiverse.conf
systemctl enable systemd-networkd.service systemd-resolved.service systemd-timesyncd.service ssh.service
# Its package starts it everywhere; a host with a wireless network gets wpa_supplicant@ by its spec.
systemctl disable wpa_supplicant.service
# the screens and logins load our own console font; Debian's setup, and its udev rule (etc/udev/rules.d), would put theirs
# in its place
systemctl mask console-setup.service
# what has an [Install] section; the screens' units are started by a generator
for unit in /usr/lib/systemd/system/multiverse*.service /usr/lib/systemd/system/multiverse*.socket; do
  case $unit in
  *@.*) continue ;;
  esac
  if grep -qs '^\[Install\]' "$unit"; then systemctl enable "$(basename "$unit")"; fi
done

ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
: >/etc/machine-id
rm -f /var/lib/dbus/machine-id /etc/hostid /etc/zfs/zpool.cache /etc/ssh/ssh_host_*
rm -f /var/lib/systemd/random-seed /initrd.img /initrd.img.old /vmlinuz /vmlinuz.old
rm -f /etc/.pwd.lock /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /var/lib/dpkg/*-old /var/cache/debconf/*-old
find /usr/lib/python3 /usr/lib/python3.* -name __pycache__ -prune -exec rm -rf {} +
mkdir -p /usr/lib/multiverse
depmod "$1"
# or the first boot rebuilds what is there already (ConditionNeedsUpdate, systemd-update-done.service(8))
for dir in /etc /var; do
  printf 'TIMESTAMP_NSEC=%s000000000\n' "$(stat -c %Y /usr)" >"$dir/.updated"
  touch -r /usr "$dir/.updated"
done
