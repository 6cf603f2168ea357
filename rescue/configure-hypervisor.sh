# shellcheck shell=sh
# Runs inside the root of a host with the hypervisor set: what it starts, and nothing that belongs to one machine.
set -eu
systemd-sysusers
# one daemon with sockets, started by whoever asks first; guests are stopped in good order with the host
systemctl enable libvirtd.socket libvirtd-ro.socket virtlogd.socket libvirt-guests.service
# without rules it would block the keyboard: it stays away until a policy is made from what is attached
systemctl mask usbguard.service usbguard-dbus.service
# nothing filters before somebody has written rules; smartd asks disks when it is asked to
systemctl disable nftables.service smartmontools.service
systemctl disable dnsmasq.service 2>/dev/null || true
rm -f /etc/usbguard/rules.conf
# What the kernel loads into processors before anything else: it looks for these names at the very start of an initramfs
# (Documentation/arch/x86/microcode.rst). The install puts this archive in front.
early=$(mktemp -d)
mkdir -p "$early/kernel/x86/microcode"
cat /usr/lib/firmware/intel-ucode/* >"$early/kernel/x86/microcode/GenuineIntel.bin"
cat /usr/lib/firmware/amd-ucode/*.bin >"$early/kernel/x86/microcode/AuthenticAMD.bin"
find "$early" -exec touch -h -r /usr {} +
(cd "$early" && find . -mindepth 1 | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc -R 0:0) >/boot/microcode.cpio
rm -r "$early"
rm -f /etc/ssh/ssh_host_* /var/lib/dbus/machine-id /etc/.pwd.lock /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow-
rm -f /var/lib/dpkg/*-old /var/cache/debconf/*-old /var/lib/libvirt/secrets/*
find /usr/lib/python3 /usr/lib/python3.* -name __pycache__ -prune -exec rm -rf {} +
for dir in /etc /var; do
  printf 'TIMESTAMP_NSEC=%s000000000\n' "$(stat -c %Y /usr)" >"$dir/.updated"
  touch -r /usr "$dir/.updated"
done
