# shellcheck shell=sh
# Runs inside the rescue system's root: what it starts, and what it must not touch by itself.
set -eu
systemctl mask ssh.service ssh.socket multiverse-ssh-keys.service
# here the screens are root's, and nobody commands from outside: what an installed host has for that stays away
for unit in multiversed.service multiversed-vsock.socket multiverse-seat-agent.service \
  multiverse-seat-agent-proxy.socket multiverse-booted.service; do
  [ ! -e "/usr/lib/systemd/system/$unit" ] || systemctl mask "$unit"
done
systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer \
  systemd-tmpfiles-clean.timer zfs-zed.service zfs.target man-db.timer
# arrays, volume groups and pools on this machine's disks are left as they are until somebody asks
systemctl mask lvm2-monitor.service lvm2-lvmpolld.socket mdmonitor.service mdcheck_start.timer mdcheck_continue.timer \
  mdmonitor-oneshot.timer smartmontools.service nvmefc-boot-connections.service nvmf-autoconnect.service \
  cryptdisks.service cryptdisks-early.service blk-availability.service dm-event.socket uuidd.socket e2scrub_reap.service
# for xfs_scrub alone, which an installer does not use: 37 MB, a third of this layer
rm -f /usr/lib/*/libicu*.so.* /usr/sbin/xfs_scrub /usr/sbin/xfs_scrub_all
systemctl mask xfs_scrub_all.timer
# a shell that is there at once is worth more here than completion of every program's options
rm -f /etc/profile.d/bash_completion.sh
for unit in multiverse-state.service multiverse-unattended.service; do
  systemctl enable "$unit"
done
: >/etc/machine-id
rm -f /var/lib/dbus/machine-id /etc/ssh/ssh_host_* /etc/.pwd.lock /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow-
rm -f /var/lib/dpkg/*-old /var/cache/debconf/*-old
find /usr/lib/python3 /usr/lib/python3.* -name __pycache__ -prune -exec rm -rf {} +
for dir in /etc /var; do
  printf 'TIMESTAMP_NSEC=%s000000000\n' "$(stat -c %Y /usr)" >"$dir/.updated"
  touch -r /usr "$dir/.updated"
done
