import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  HOST_COMMANDS,
  poolDataSets,
  poolLayout,
  readHostFacts,
  SHADOW,
  wirelessLink,
} from "../../core/from-host/facts.ts";
import { layoutOf, parseStatus } from "../../core/from-host/root.ts";
import { hostSpecAsYaml, specFromHost } from "../../core/from-host/spec-from-host.ts";
import { commandLine } from "../../core/inventory/command-line.ts";
import { type MachineFile, replay } from "../../core/inventory/record.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import type { Argv } from "../../core/tools/run.ts";
import { inventoryOf, machineFile } from "./recorded-machine.ts";
import { loadText, PUBLIC_KEY } from "./spec-text.ts";

type Outputs = MachineFile["outputs"];

const HASH = `$6$saltsalt$${"a".repeat(86)}`;
const SETS = { minimal: new Set(["nano"]), hypervisor: new Set(["qemu-system-x86", "libvirt-daemon-system"]) };
const PARTUUID = "0f8a2c11-1111-4000-8000-00000000000";

const STATUS = `  pool: saturn
 state: ONLINE
config:

\tNAME                                                         STATE     READ WRITE CKSUM
\tsaturn                                                       ONLINE       0     0     0
\t  /dev/disk/by-partuuid/${PARTUUID}2  ONLINE       0     0     0

errors: No known data errors
`;

const SAID: Readonly<Record<keyof typeof HOST_COMMANDS, string>> = {
  hostname: "jupiter.example.net\n",
  localtime: "/usr/share/zoneinfo/Europe/Berlin\n",
  locale: "LANG=de_DE.UTF-8\n",
  keyboard: 'XKBLAYOUT="de"\nXKBVARIANT="nodeadkeys"\n',
  passwd: [
    "root:x:0:0:root:/root:/bin/bash",
    "daemon:x:1:1::/usr/sbin:/usr/sbin/nologin",
    "ada:x:1000:1000::/home/ada:/bin/bash",
    "robot:x:1001:1001::/home/robot:/usr/sbin/nologin",
    "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin",
  ].join("\n"),
  groups: "root:x:0:\nsudo:x:27:ada\nada:x:1000:\n",
  root: "saturn/jupiter/os/g3 zfs\n",
  cmdline:
    "boot=multiverse root=ZFS=123/jupiter/os/g2@auto quiet console=tty0 console=ttyS1,115200 intel_iommu=on initrd=\\x\n",
  routes: '[{"dst":"default","gateway":"192.168.1.1","dev":"enp0s3"}]',
  addresses:
    '[{"ifname":"enp0s3","addr_info":[{"family":"inet","local":"192.168.1.10","prefixlen":24,"scope":"global"},{"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]}]',
  resolvers: "nameserver 127.0.0.53\nnameserver 192.168.1.1\n",
  packages:
    "ii  optional nano\nii  optional vim\nii  required bash\nrc  optional gone\nii  optional qemu-system-x86\nii  optional libvirt-daemon-system\nii  optional linux-image-6.12\n",
  manual: "bash\nnano\nvim\ngone\nqemu-system-x86\nlinux-image-6.12\n",
  sources: "URIs: http://mirror.example.net/debian\n",
  proxy: 'Acquire::http::Proxy "http://proxy.example.net:3128/";\n',
  ntp: "NTP=ntp1.example.net ntp2.example.net\n",
  menu: "timeout 9\ninclude multiverse.conf\n",
  signers: `grace namespaces="multiverse-command-v1" ${PUBLIC_KEY}\nseat cert-authority,namespaces="multiverse-command-v1" ${PUBLIC_KEY}\n`,
  policy: "version: 1\nprincipals:\n  grace: {operations: all}\n  seat: {operations: [vm.start]}\n",
};

/** The recorded machine with one disk, on which a host runs. */
function host(change: (said: Record<string, string>, outputs: Outputs) => void = () => {}): MachineFile {
  const file = machineFile("qemu-blank-disk");
  const { outputs } = file;
  const said: Record<string, string> = { ...SAID };
  const tree = outputs["lsblk -J -b -O"];
  if (tree === undefined) throw new Error("no lsblk");
  const devices = JSON.parse(tree.stdout) as { blockdevices: { kname: string; children?: object[] }[] };
  const disk = devices.blockdevices.find((device) => device.kname === "vda");
  const part = (number: number, size: number, parttype: string) => ({
    ...{ name: `vda${number}`, kname: `vda${number}`, path: `/dev/vda${number}`, type: "part", size, parttype },
    ...{ partn: number, start: 2048, partuuid: `${PARTUUID}${number}`, mountpoints: [] },
  });
  if (disk !== undefined)
    disk.children = [
      part(1, 2 ** 31, "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"),
      part(2, 8 * 2 ** 30, "6a898cc3-1dd2-11b2-99a6-080020736631"),
      part(3, 2 ** 30, "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f"),
    ];
  tree.stdout = JSON.stringify(devices);
  const put = (argv: Argv, stdout: string) => {
    outputs[commandLine(argv)] = { stdout, stderr: "", exit: 0 };
  };
  put(poolLayout("saturn"), STATUS);
  const set = (name: string, values: Record<string, string>) =>
    Object.entries(values)
      .map(([property, value]) => `saturn/jupiter${name}\t${property}\t${value}\n`)
      .join("");
  put(
    poolDataSets("saturn"),
    `saturn\tencryption\toff\n${set("", { encryption: "aes-256-gcm", keyformat: "passphrase" })}${set("/data/home", { mountpoint: "/home", quota: "214748364800" })}${set("/data/srv", { mountpoint: "/srv", quota: "0" })}${set("/data/log", { mountpoint: "/var/log", quota: "0" })}`,
  );
  put(["cat", "/root/.ssh/authorized_keys"], "");
  put(["cat", "/home/ada/.ssh/authorized_keys"], `# work\n${PUBLIC_KEY}\nfrom="10.0.0.1" ${PUBLIC_KEY}\n`);
  put(["cat", "/home/robot/.ssh/authorized_keys"], "");
  put(SHADOW, `root:!:19000::::::\nada:${HASH}:19000:0:99999:7:::\nrobot:*:1::::::\n`);
  change(said, outputs);
  for (const [name, stdout] of Object.entries(said)) put(HOST_COMMANDS[name as keyof typeof HOST_COMMANDS], stdout);
  return file;
}

async function specOf(file: MachineFile, hashes = false): Promise<{ text: string; spec: Record<string, unknown> }> {
  const text = hostSpecAsYaml(specFromHost(await readHostFacts(replay(file), { hashes }), SETS));
  return { text, spec: parse(text) as Record<string, unknown> };
}

describe("what cannot be found out becomes a question, and is a spec all the same", () => {
  test("a system that says nothing", async () => {
    const file = host((said, outputs) => {
      for (const name of Object.keys(said)) said[name] = "";
      for (const line of Object.keys(outputs))
        if (/^(zpool status -P saturn|zfs|cat \/home|cat \/root|getent)/.test(line)) delete outputs[line];
    });
    file.outputs["getent shadow"] = { stdout: "", stderr: "", exit: 2 };
    for (const hashes of [false, true]) {
      const { text, spec } = await specOf(file, hashes);
      expect(spec).toMatchObject({
        host: { name: { ask: expect.any(String) }, timezone: { ask: expect.any(String) } },
        disks: { system: { ask: expect.any(String) } },
        root: { encryption: { ask: expect.any(String) } },
        users: { ask: expect.any(String) },
        network: { ask: expect.any(String) },
        packages: { add: { ask: expect.any(String) } },
      });
      expect((await loadText(text)).asks.length).toBeGreaterThan(8);
      expect(text).toMatch(/^# It does not hold data.* Left open, as \{ask: …\}: \d+\.$/m);
    }
  });

  test("names and languages that a spec does not take", async () => {
    const { text, spec } = await specOf(
      host((said) => {
        said.hostname = "Jupiter_1\n";
        said.localtime = "/usr/share/zoneinfo/Mars/Olympus\n";
        said.locale = "LANG=de_DE.ISO-8859-1\n";
        said.keyboard = 'XKBLAYOUT="de,us; x"\n';
        said.root = "/dev/mapper/vg0-root xfs\n";
      }),
    );
    for (const key of ["name", "timezone", "locale"])
      expect(spec.host).toHaveProperty(key, { ask: expect.any(String) });
    expect(spec.host).toMatchObject({ keyboard: "de" });
    expect(spec.root).toMatchObject({ filesystem: "xfs", layout: { ask: expect.any(String) } });
    expect(text).not.toContain("Jupiter_1");
  });

  test("a disk without a name that stays, and a member that is nowhere", async () => {
    for (const status of [
      STATUS.replace(`${PARTUUID}2`, `${PARTUUID}9`),
      STATUS.replace(/\/dev\/disk\S+/, "/dev/sdz1"),
    ]) {
      const { spec } = await specOf(
        host((_, outputs) => {
          outputs[commandLine(poolLayout("saturn"))] = { stdout: status, stderr: "", exit: 0 };
        }),
      );
      expect(spec.disks).toEqual({ system: { ask: expect.any(String) } });
    }
  });

  test("a policy that cannot be read names nobody", async () => {
    const { spec } = await specOf(
      host((said) => {
        said.policy = "version: 7\n";
      }),
    );
    expect(spec.control).toEqual({ admins: { ask: expect.any(String) } });
  });
});

describe("no secret is taken over in clear text", () => {
  test("hashes only for whoever asks for them", async () => {
    const without = await specOf(host());
    expect(without.text).not.toContain(HASH);
    expect(without.spec.users).toMatchObject([{ name: "ada", password: { ask: expect.stringMatching(/--hashes/) } }]);
    const facts = await readHostFacts(replay(host()), { hashes: false });
    expect(JSON.stringify(facts)).not.toContain(HASH);
    const { spec } = await specOf(host(), true);
    expect(spec.users).toEqual([{ name: "ada", password: HASH, groups: ["sudo"], "ssh-keys": [PUBLIC_KEY] }]);
  });

  test("keys of wireless networks, logins of proxies, words of the kernel that look secret", async () => {
    const { text, spec } = await specOf(
      host((said, outputs) => {
        said.proxy = 'Acquire::http::Proxy "http://me:Hunter2x@proxy.example.net:3128/";\n';
        said.cmdline = "console=tty0 multiverse.spec=http://me:Hunter2x@h/x.yml rd.key=Hunter2x\n";
        said.sources = "URIs: http://me:Hunter2x@mirror.example.net/debian\n";
        const udev = outputs["udevadm info --export-db"];
        if (udev !== undefined)
          udev.stdout = udev.stdout.replace("E: INTERFACE=enp0s3", "E: DEVTYPE=wlan\nE: INTERFACE=enp0s3");
        outputs[commandLine(wirelessLink("enp0s3"))] = {
          stdout: "Connected to x\n\tSSID: Café\n",
          stderr: "",
          exit: 0,
        };
      }),
    );
    expect(text).not.toContain("Hunter2x");
    expect(spec.host).toMatchObject({ proxy: { ask: expect.any(String) } });
    expect(spec.boot).toMatchObject({ options: { ask: expect.any(String) } });
    expect(spec.packages).not.toHaveProperty("mirror");
    expect(spec.network).toMatchObject({ lan0: { wifi: { ssid: "Café", psk: { ask: expect.any(String) } } } });
  });

  test("an old kind of hash, and none", async () => {
    const { spec } = await specOf(
      host((_, outputs) => {
        outputs["getent shadow"] = { stdout: "ada:abJnggxhB/yWI:1::::::\n", stderr: "", exit: 0 };
      }),
      true,
    );
    expect(spec.users).toMatchObject([{ name: "ada", password: { ask: expect.stringMatching(/not taken/) } }]);
  });
});

describe("a host of ours", async () => {
  const { text, spec } = await specOf(host(), true);
  test("is the spec that installs it again", async () => {
    expect(spec).toEqual({
      ...{ version: 1, target: "host" },
      host: {
        ...{ name: "jupiter.example.net", timezone: "Europe/Berlin", locale: "de_DE.UTF-8", keyboard: "de:nodeadkeys" },
        ...{ proxy: "http://proxy.example.net:3128", ntp: ["ntp1.example.net", "ntp2.example.net"] },
      },
      disks: { system: "virtio-MVTARGET01" },
      root: {
        ...{ filesystem: "zfs", pool: "saturn", layout: "single", system: "jupiter", encryption: "passphrase" },
        datasets: { home: { quota: "200 GiB" }, srv: { mountpoint: "/srv" } },
      },
      ...{ esp: { size: "2 GiB" }, swap: { kind: "partition", size: "1 GiB" } },
      boot: { timeout: 9, consoles: ["tty0", "ttyS1"], options: "intel_iommu=on" },
      users: [{ name: "ada", password: HASH, groups: ["sudo"], "ssh-keys": [PUBLIC_KEY] }],
      control: { admins: [{ name: "grace", key: PUBLIC_KEY }] },
      network: {
        lan0: {
          match: { mac: "52:54:00:12:34:56" },
          ...{ addresses: ["192.168.1.10/24"], gateway: "192.168.1.1", dns: ["192.168.1.1"] },
        },
      },
      packages: { set: "hypervisor", add: ["vim"], mirror: "http://mirror.example.net/debian" },
    });
    expect(text).toContain("Nothing is left open.");
  });

  test("resolves on the machine, from the rescue system, to what runs there", async () => {
    const bare = text.replace(/^ {2}datasets:\n( {4}.*\n)+/m, "");
    const resolved = resolveSpec(await loadText(bare), await inventoryOf("qemu-blank-disk"));
    expect(resolved).toMatchObject({
      host: { name: "jupiter.example.net", timezone: "Europe/Berlin", keyboard: "de:nodeadkeys" },
      root: { pool: "saturn", system: "jupiter", encryption: "passphrase" },
      ...{ esp: { size: 2 ** 31 }, swap: { kind: "partition", size: 2 ** 30 } },
      boot: { timeout: 9, options: "intel_iommu=on" },
      packages: { set: "hypervisor", add: ["vim"] },
      users: [{ name: "ada", password: HASH }],
    });
  });

  test("DHCP is found by what the addresses say", async () => {
    const { spec: dynamic } = await specOf(
      host((said) => {
        said.addresses = said.addresses?.replace('"scope":"global"', '"scope":"global","dynamic":true') ?? "";
      }),
    );
    expect(dynamic.network).toEqual({ lan0: { match: { mac: "52:54:00:12:34:56" }, dhcp: true } });
  });
});

describe("layouts, by zpool status", () => {
  const status = (rows: string) =>
    `config:\n\n\tNAME  STATE\n\tp  ONLINE\n${rows.replaceAll(/^/gm, "\t  ")}\n\nerrors: none\n`;
  test.each([
    ["/dev/a", "single", 1],
    ["/dev/a\n/dev/b", "stripe", 2],
    ["mirror-0\n  /dev/a\n  /dev/b\n  /dev/c", "mirror", 3],
    ["mirror-0\n  /dev/a\n  /dev/b\nmirror-1\n  /dev/c\n  /dev/d", "raid10", 4],
    ["mirror-0\n  /dev/a\n  replacing-1\n    /dev/b\n    /dev/c", "mirror", 3],
    ["raidz2-0\n  /dev/a\n  /dev/b\n  /dev/c\n  /dev/d", "raidz2", 4],
    ["raidz1-0\n  /dev/a\n  /dev/b\nmirror-1\n  /dev/c\n  /dev/d", null, 4],
    ["draid1:1d:3c:0s-0\n  /dev/a\n  /dev/b\n  /dev/c", null, 3],
  ])("%j is %s", (rows, layout, members) => {
    const { vdevs, others } = parseStatus(status(rows));
    expect(layoutOf(vdevs)).toBe(layout);
    expect(vdevs.flatMap((vdev) => vdev.members)).toHaveLength(members);
    expect(others).toEqual([]);
  });

  test("log, cache, special and spare devices are no part of the layout, and are told", async () => {
    const more = `${STATUS.replace("\n\nerrors", "\n\tspecial\n\t  mirror-1  ONLINE\n\t    /dev/x  ONLINE\n\tlogs\n\t  /dev/y  ONLINE\n\tcache\n\t  /dev/z  ONLINE\n\nerrors")}`;
    expect(parseStatus(more)).toMatchObject({ vdevs: [{ kind: "disk" }], others: ["special", "logs", "cache"] });
    const { text } = await specOf(
      host((_, outputs) => {
        outputs[commandLine(poolLayout("saturn"))] = { stdout: more, stderr: "", exit: 0 };
      }),
    );
    expect(text).toMatch(/^# the pool also has special, logs, cache/m);
  });
});
