// Programs of a guest that hang each in its own way: they sleep, do not listen to SIGTERM, or cannot even be killed.
import type { GuestShell } from "../../core/vm/guest-shell.ts";

/** On the root, because nothing may be run from /run. */
const FOLDER = "/usr/local/lib/hung";
/** A disk that does not answer: a block device of its own that is suspended. */
const DISK = "hung-disk";

const HANG: Readonly<Record<string, string>> = {
  // What waits for a dead disk is in uninterruptible sleep; without iflag the wait could be killed.
  zpool: `exec dd if=/dev/mapper/${DISK} of=/dev/null iflag=direct bs=4096 count=1`,
  virsh: "trap '' TERM; exec sleep infinity",
  smartctl: "exec sleep infinity",
};

export interface HungPrograms {
  /** A script that lets them hang. */
  hang: string;
  /** One that makes them answer again, and lets those go that cannot be killed. */
  unhang: string;
  /** One line for each process of the daemon's that hangs: its state (D: uninterruptible) and its program. */
  list: string;
}

/** Makes what is needed, and leaves the programs as they are. */
export async function makeHungPrograms(shell: GuestShell): Promise<HungPrograms> {
  const names = Object.keys(HANG);
  const scripts = names.map((name) => `printf '#!/bin/sh\\n%s\\n' "${HANG[name]}" >${FOLDER}/${name}`);
  await shell.output(`set -e
mkdir -p ${FOLDER}
${scripts.join("\n")}
chmod 755 ${FOLDER}/*
truncate -s 16M /run/${DISK}.img
dmsetup create ${DISK} --table "0 32768 linear $(losetup --find --show /run/${DISK}.img) 0"
udevadm settle
dd if=/dev/mapper/${DISK} of=/dev/null iflag=direct bs=4096 count=1 2>&1`);
  const each = (work: string) =>
    `for name in ${names.join(" ")}; do at=$(readlink -f "$(command -v $name)"); ${work}; done`;
  return {
    hang: `dmsetup suspend --noflush --nolockfs ${DISK}; ${each(`mount --bind ${FOLDER}/$name "$at"`)}`,
    unhang: `${each(`umount "$at"`)}; dmsetup resume ${DISK}`,
    list: "for each in $(cat /sys/fs/cgroup/system.slice/multiversed.service/cgroup.procs); do ps -o stat=,args= -p $each; done | grep -E 'hung-disk|sleep infinity'",
  };
}
