// A spec that uses what the other scenarios leave at its default: packages, a compiled locale, a fixed address, ssh keys, no swap.
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { bootRescue, powerOff } from "./boot-rescue.ts";
import { type HostSecrets, makeHostSecrets } from "./host-secrets.ts";
import { TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { install } from "./install-run.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDisk, targetDisk } from "./rescue-machine.ts";
import type { Scenario } from "./scenario.ts";

const ADDRESS = "10.0.2.77";

const spec = (secrets: HostSecrets, sshKey: string) => `version: 1
host: {name: neptune, timezone: America/New_York, locale: pl_PL.UTF-8, keyboard: "de:nodeadkeys", ntp: [10.0.2.2]}
disks: {system: {match: {bus: virtio, serial: "MVTARGET*", size: ">= 10 GiB"}}}
root: {pool: tank, system: thin, encryption: none, generations: {keep: 1}}
esp: {size: 1 GiB}
swap: none
boot: {timeout: 2, options: "loglevel=4"}
users:
  - {name: root, password: "${secrets.rootHash}"}
  - {name: grace, groups: [sudo, adm], ssh-keys: ["${sshKey}"]}
network:
  lan0: {match: {mac: "52:54:00:*"}, addresses: ["${ADDRESS}/24"], gateway: 10.0.2.2, dns: [10.0.2.3]}
packages: {add: [tree]}
confirm: {erase: [${TARGET_ID}]}
`;

export const scenario: Scenario = {
  name: "every-key",
  title: "installs a package, a locale, a fixed address and an ssh login from a spec that defaults little",
  ci: false,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const disk = join(context.work, "target.qcow2");
    const nvram = join(context.work, "nvram.fd");
    await createDisk(run, disk, TARGET_BYTES);
    const key = join(context.work, "key");
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "grace", "-f", key]);
    const sshKey = (await run(["cat", `${key}.pub`])).stdout.trim();
    const state = await makeStateDisk(context, spec(secrets, sshKey));
    // Packages come from the mirror that the image was built with.
    const rescue = await bootRescue(context, {
      ...{ name: "rescue", nvram, state, network: "user", cold: true },
      disks: [targetDisk(disk, TARGET_SERIAL)],
    });
    const result = await install(context, rescue);
    context.same("the install ended well", String(result.exit), "0");
    await powerOff(context, rescue);
    if (result.exit !== 0) return;
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets });
    const { shell } = booted;
    const is = async (title: string, command: string, expected: string) =>
      context.same(title, (await shell.run(command)).output.trim(), expected);
    await is("systemd has started everything", "systemctl is-system-running --wait", "running");
    await is("the root is the one named", "findmnt -no SOURCE /", "tank/thin/os/g3");
    await is("the package is there", "dpkg -s tree | grep ^Status", "Status: install ok installed");
    await is(
      "no trace of the install's own policy",
      "ls /usr/sbin/policy-rc.d /etc/initramfs-tools/*.kept 2>/dev/null",
      "",
    );
    await is("the locale was compiled", "LC_ALL=pl_PL.UTF-8 locale day 2>&1 | cut -d';' -f1", "niedziela");
    await is("the time zone", "date +%Z | grep -cE 'EST|EDT'", "1");
    await is("the keyboard variant", ". /etc/default/keyboard; echo $XKBLAYOUT $XKBVARIANT", "de nodeadkeys");
    await is("the address is the fixed one", "ip -4 -br addr show scope global | awk '{print $3}'", `${ADDRESS}/24`);
    await is("the time servers", "timedatectl show-timesync --property=SystemNTPServers --value", "10.0.2.2");
    await is(
      "nothing is started for Wi-Fi where there is none",
      "systemctl is-enabled wpa_supplicant.service; systemctl list-units --all --plain --no-legend 'wpa_supplicant*'",
      "disabled",
    );
    await is("the gateway", "ip route show default | awk '{print $3}'", "10.0.2.2");
    await is("there is no swap", "swapon --noheadings", "");
    await is(
      "the user's key",
      "cut -d' ' -f3 /home/grace/.ssh/authorized_keys; stat -c '%U %a' /home/grace/.ssh",
      "grace\ngrace 700",
    );
    await is("the user has no password", "passwd -S grace | awk '{print $2}'", "L");
    await is("the extra kernel option", "grep -c loglevel=4 /proc/cmdline", "1");
    await shutDown(context, booted);
  },
};
