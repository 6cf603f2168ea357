// Judges a booted host from inside: what is mounted, who it is, who may log in, what runs.

import { DATA_SETS } from "../../core/plan/data-sets.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { type Ask, asker } from "./ask-host.ts";
import type { HostSecrets } from "./host-secrets.ts";
import { EXPECTED, keyboardOf } from "./host-spec.ts";
import type { Context } from "./scenario.ts";

const { pool, system } = EXPECTED;
export const OS = `${pool}/${system}/os`;

export interface HostCheckOptions {
  /** Put before each title where a scenario looks at more than one boot. */
  prefix?: string;
  secrets: HostSecrets;
  encryption: "none" | "passphrase";
  /** The firmware had this machine's NVRAM during the install. */
  nvram?: boolean;
}

/** Everything that must hold on an installed host, whichever way it was installed. */
export async function checkHost(context: Context, shell: GuestShell, options: HostCheckOptions): Promise<void> {
  await context.timed(`${options.prefix ?? ""}host checks`, async () => {
    const ask = asker(context, shell, options.prefix ?? "");
    // First, because it waits until everything that starts at boot has started.
    await ask.is("systemd has started everything", "systemctl is-system-running --wait", "running");
    await ask.is("no unit has failed", "systemctl list-units --failed --plain --no-legend", "");
    await checkRoot(context, ask);
    await checkMounts(ask);
    await checkIdentity(ask, keyboardOf(options.encryption));
    await checkUsers(ask, options.secrets);
    await checkServices(ask, options);
    await checkConsole(context, ask);
  });
}

async function checkRoot(context: Context, ask: Ask): Promise<void> {
  await ask.is("/ is g3", "findmnt -no SOURCE /", `${OS}/g3`);
  const current = await ask.get(`zfs get -Hpo value multiverse:current ${OS}/g2`);
  await ask.is("g3 is a clone of the current release", `zfs get -Hpo value origin ${OS}/g3`, `${OS}/g2@${current}`);
  context.check("the current release has a hexadecimal name", /^[0-9a-f]{8,}$/.test(current), current);
  await ask.is(
    "the release knows its kernel",
    `zfs get -Hpo value multiverse:kernel ${OS}/g2@${current}`,
    await ask.get("uname -r"),
  );
  await ask.is("the release is marked as booted", `zfs get -Hpo value multiverse:booted ${OS}/g2@${current}`, "yes");
  await ask.is("and is the one to fall back to", `zfs get -Hpo value multiverse:safe ${OS}/g2`, current);
  await ask.is("the count of tries is cleared", `zfs get -Hpo value multiverse:tries ${OS}/g2`, "0");
  await ask.is("the recovery generation is read-only", `zfs get -Hpo value readonly ${pool}/${system}/rec/g1`, "on");
  await ask.matches("the recovery snapshot is held", `zfs holds -H ${pool}/${system}/rec/g1@recovery`, /multiverse/);
  await ask.is("the pool is healthy", `zpool list -Ho health ${pool}`, "ONLINE");
  await ask.is("it is the only pool", "zpool list -Ho name", pool);
  const guid = await ask.get(`zpool get -Hpo value guid ${pool}`);
  const line = await ask.get("cat /proc/cmdline");
  const words = line.split(" ");
  context.check("the kernel was started with boot=multiverse", words.includes("boot=multiverse"), line);
  context.check(
    "the kernel line names the pool by GUID",
    words.includes(`root=ZFS=${guid}/${system}/os/g2@auto`),
    line,
  );
}

async function checkMounts(ask: Ask): Promise<void> {
  for (const { name, mountpoint } of DATA_SETS) {
    await ask.is(`${mountpoint} is a data set`, `findmnt -no SOURCE ${mountpoint}`, `${pool}/${system}/${name}`);
  }
  await ask.is(
    "everything in fstab is mounted",
    "findmnt --fstab -no TARGET,FSTYPE | while read -r path type; do " +
      '[ "$type" = swap ] || mountpoint -q "$path" || echo "$path"; done',
    "",
  );
  await ask.is("the EFI partition is mounted", "findmnt -no FSTYPE /boot/efi", "vfat");
  await ask.is("the fallback loader is there", "ls /boot/efi/EFI/BOOT/BOOTX64.EFI", "/boot/efi/EFI/BOOT/BOOTX64.EFI");
  await ask.is(
    "the mark of an unfinished install is gone",
    "lsblk -no PARTLABEL $(findmnt -no SOURCE /boot/efi)",
    "EFI system partition",
  );
  await ask.matches("swap is on", "swapon --noheadings --raw --bytes --show=NAME,SIZE", /^\/dev\/\S+ 5368\d{5}$/);
}

async function checkIdentity(ask: Ask, keyboard: string): Promise<void> {
  await ask.is("the host has its name", "hostname", EXPECTED.host);
  await ask.matches("the host id is set", "hostid", /^(?!00000000)[0-9a-f]{8}$/);
  await ask.is("the host id is the one in /etc/hostid", "od -An -tx4 /etc/hostid | tr -d ' '", await ask.get("hostid"));
  await ask.matches("the machine id is set", "cat /etc/machine-id", /^[0-9a-f]{32}$/);
  await ask.is("systemd uses it", "systemd-id128 machine-id", await ask.get("cat /etc/machine-id"));
  await ask.is("the time zone is set", "readlink -f /etc/localtime", `/usr/share/zoneinfo/${EXPECTED.timezone}`);
  await ask.matches("the locale is set", "localectl status", new RegExp(`LANG=${EXPECTED.locale}`));
  await ask.is("the locale exists", `LC_ALL=${EXPECTED.locale} locale charmap 2>&1`, "UTF-8");
  await ask.matches("the keyboard is set", "cat /etc/default/keyboard", new RegExp(`XKBLAYOUT="${keyboard}"`));
}

async function checkUsers(ask: Ask, secrets: HostSecrets): Promise<void> {
  const { user } = EXPECTED;
  await ask.is("root has the password of the spec", "getent shadow root | cut -d: -f2", secrets.rootHash);
  await ask.is("the user has the password of the spec", `getent shadow ${user} | cut -d: -f2`, secrets.adaHash);
  await ask.matches("the user is in its groups", `id -nG ${user}`, /\bsudo\b/);
  await ask.is("the user owns its home", `stat -c %U /home/${user}`, user);
  await ask.is(
    "the user may become root",
    `runuser -u ${user} -- sudo -n true 2>&1; sudo -l -U ${user} | grep -c ALL`,
    "sudo: a password is required\n1",
  );
}

async function checkServices(ask: Ask, options: HostCheckOptions): Promise<void> {
  await ask.is("sshd runs", "systemctl is-active ssh.service ssh.socket | grep -c ^active", "1");
  await ask.matches(
    "sshd answers with this host's own key",
    "ssh-keyscan -T 30 127.0.0.1 2>/dev/null | grep -v '^#'",
    /ssh-ed25519 /,
  );
  await ask.matches("the network has an address", "ip -4 -o address show scope global", /inet 10\.0\.2\.\d+\//);
  if (options.nvram !== false)
    await ask.matches(
      "the firmware has an entry for the host",
      "efibootmgr",
      /^Boot[0-9A-F]{4}\* .*multiverse|jupiter/im,
    );
  if (options.encryption === "passphrase") {
    await ask.is("the system is encrypted", `zfs get -Hpo value encryptionroot ${OS}/g3`, `${pool}/${system}`);
    await ask.is(
      "recovery has a key of its own",
      `zfs get -Hpo value encryptionroot,keystatus ${pool}/${system}/rec/g1 | tr '\\n' ' '`,
      `${pool}/${system}/rec unavailable`,
    );
    await ask.matches(
      "swap is encrypted",
      "swapon --noheadings --raw --show=NAME; dmsetup table --target crypt",
      /crypt aes-xts-plain64/,
    );
  } else {
    await ask.is("nothing is encrypted", `zfs get -Hpo value encryption ${OS}/g3`, "off");
  }
}

async function checkConsole(context: Context, ask: Ask): Promise<void> {
  const screen = await ask.get("fold -w $(stty -F /dev/tty1 size | cut -d' ' -f2) /dev/vcs1");
  context.check("tty1 shows the host's status", screen.includes(EXPECTED.host) && /Network/.test(screen), screen);
  await ask.is("the kernel has not complained badly", "dmesg --level=emerg,alert,crit --notime", "");
}
