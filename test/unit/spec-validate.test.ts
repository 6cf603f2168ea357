import { describe, expect, test } from "vitest";
import { distance, nearest } from "../../core/spec/suggest.ts";
import { loadText, PUBLIC_KEY, refusal } from "./spec-text.ts";

const HASH = `$6$saltsalt$${"a".repeat(86)}`;
const base = "version: 1\n";

/** The one line that a wrong spec gives, without file, line and column. */
async function problem(yaml: string): Promise<string> {
  const { evidence } = await refusal(() => loadText(base + yaml));
  expect(evidence).toHaveLength(1);
  expect(evidence[0]).toMatch(/^a\.yml:[0-9]+:[0-9]+: /);
  return (evidence[0] ?? "").replace(/^a\.yml:[0-9]+:[0-9]+: /, "");
}

const A_SOURCE = 'must be a source such as "live:" or "live:/dev/disk/by-partuuid/…" (in quotes)';

describe("an invalid value is refused with exit code 2 and says what is expected", () => {
  test.each([
    ["hots: {}", "there is no key `hots` in a spec; did you mean `host`?"],
    ["xyzzy: 1", "there is no key `xyzzy` in a spec"],
    ["root: {encription: none}", "there is no key `encription` under `root`; did you mean `encryption`?"],
    ["users: [{name: ada, ssh-key: []}]", "there is no key `ssh-key` under `users[0]`; did you mean `ssh-keys`?"],
    [
      "disks: {system: {match: {modle: x}}}",
      "there is no key `modle` under `disks.system.match`; did you mean `model`?",
    ],
    [
      "host: {name: Jupiter}",
      "`host.name` must be a host name: lower-case letters, digits and hyphens, in parts joined by dots (RFC 1123)",
    ],
    [
      "host: {name: -x}",
      "`host.name` must be a host name: lower-case letters, digits and hyphens, in parts joined by dots (RFC 1123)",
    ],
    ["host: {name: 10.0.0.1}", "`host.name` must not end in a part of digits only: it would read as an address"],
    ["host: {name: localhost}", "`host.name` must not be localhost"],
    ["host: {name: 5}", "`host.name` must be text, and is a number; put it in quotes"],
    ["host:", "`host` must be a map, and is empty"],
    ["host: [a]", "`host` must be a map, and is a list"],
    ["host: {timezone: Mars/Olympus}", "`host.timezone` is no time zone that is known here"],
    ["host: {timezone: europe/berlin}", "`host.timezone` must be a time zone such as Europe/Berlin or Etc/UTC"],
    ["host: {locale: de_DE}", "`host.locale` must be a UTF-8 locale such as en_US.UTF-8 or C.UTF-8"],
    ["host: {keyboard: DE}", "`host.keyboard` must be a keyboard layout such as us, de or de:nodeadkeys"],
    [
      "host: {proxy: 'proxy.example.net:3128'}",
      "`host.proxy` must be an http:// or https:// address of a server and nothing more, such as http://proxy.example.net:3128",
    ],
    [
      "host: {proxy: 'http://proxy/path'}",
      "`host.proxy` must be an http:// or https:// address of a server and nothing more, such as http://proxy.example.net:3128",
    ],
    [
      "host: {proxy: 'http://proxy\"; rm'}",
      "`host.proxy` must be an http:// or https:// address of a server and nothing more, such as http://proxy.example.net:3128",
    ],
    ["host: {proxy: 'http://proxy:99999'}", "`host.proxy` has an address or a port that cannot be"],
    [
      "host: {proxy: 'http://[::zz]:1'}",
      "`host.proxy` must be an http:// or https:// address of a server and nothing more, such as http://proxy.example.net:3128",
    ],
    ["host: {ntp: x}", "`host.ntp` must be a list, and is text"],
    ["host: {ntp: []}", "`host.ntp` must not be empty"],
    ["host: {ntp: [10.0.0.300]}", "`host.ntp[0]` must be the name or the IP address of a server"],
    ["host: {ntp: ['a b']}", "`host.ntp[0]` must be the name or the IP address of a server"],
    ["host: {ntp: ['a\\nFallbackNTP=x']}", "`host.ntp[0]` must be the name or the IP address of a server"],
    ["root: {pool: 1pool}", "`root.pool` must be a pool name: a letter first, then letters, digits and _ - . :"],
    ["root: {pool: mirror1}", "`root.pool` is reserved by ZFS (mirror…, raidz…, draid…, spare…, log)"],
    ["root: {pool: log}", "`root.pool` is reserved by ZFS (mirror…, raidz…, draid…, spare…, log)"],
    ["root: {pool: c0pool}", "`root.pool` must not begin with c and a digit: ZFS takes that for a disk"],
    ["root: {system: g2}", "`root.system` is the name of a generation, not of a system"],
    ["root: {system: a/b}", "`root.system` must be a dataset name: letters, digits and _ - . :"],
    [
      "root: {encryption: pasphrase}",
      "`root.encryption` must be one of passphrase, none, cik, cik+passphrase, tpm2; did you mean passphrase?",
    ],
    ["root: {encryption: {}}", "`root.encryption.unlock` is missing"],
    ["root: {filesystem: zsf}", "`root.filesystem` must be one of zfs, btrfs, ext4, xfs; did you mean zfs?"],
    ["root: {generations: {keep: -1}}", "`root.generations.keep` must be at least 0"],
    ["root: {generations: {keep: 2.5}}", "`root.generations.keep` must be a whole number, and is a number"],
    [
      "esp: {size: 2}",
      '`esp.size` must be a size with its unit, such as "2 GiB", or a part of the disk, such as "25 %"',
    ],
    [
      "esp: {size: rest}",
      '`esp.size` must be a size with its unit, such as "2 GiB", or a part of the disk, such as "25 %"',
    ],
    ["esp: {size: 0 %}", "`esp.size` must be more than 0 % and at most 100 %"],
    ["root: {size: 101 %}", "`root.size` must be more than 0 % and at most 100 %"],
    ["root: {special: {layout: mirror}}", "`root.special.on` is missing"],
    ["root: {cache: {on: fast, layout: mirror}}", "there is no key `layout` under `root.cache`"],
    [
      "root: {datasets: {home: {mountpoint: home}}}",
      "`root.datasets.home.mountpoint` must be an absolute path of letters, digits and _ . : + @ -, without a / at its end",
    ],
    [
      "root: {datasets: {x: {mountpoint: /usr/local}}}",
      "`root.datasets.x.mountpoint` belongs to the root: it is made anew with every release",
    ],
    [
      "root: {datasets: {x: {mountpoint: /srv/../etc}}}",
      "`root.datasets.x.mountpoint` must not contain . or .. as a part",
    ],
    [
      "root: {datasets: {home: {record-size: 100 kB}}}",
      "`root.datasets.home.record-size` must be a power of two from 512 B to 1 MiB",
    ],
    [
      "root: {datasets: {home: {quota: 5 %}}}",
      '`root.datasets.home.quota` must be a size with its unit, such as "2 GiB"',
    ],
    [
      "root: {pool-options: {compression: best}}",
      "`root.pool-options.compression` must be on, off, lz4, zle, lzjb, gzip, gzip-1 to -9, zstd, zstd-1 to -19 or zstd-fast",
    ],
    ["esp: {size: 512 MiB}", "`esp.size` is less than the 1 GiB that kernels of several releases need"],
    ["esp: {size: 0.3 B}", "`esp.size` is not a whole number of bytes below 9 PB"],
    ["swap: {kind: none, size: 2 GiB}", "`swap` has a size although there is to be none"],
    ["swap: {kind: partition, size: 1 kB}", "`swap.size` is less than 16 MiB"],
    ["swap: {kind: zram, size: 50 %}", "`swap` must have an absolute size: only partitions are a part of a disk"],
    ["swap: no", "`swap` must be one of partition, zram, zvol, file, none; did you mean none?"],
    ['source: "floppy:"', `\`source\` ${A_SOURCE}`],
    ['source: "live:/dev/sdb2"', `\`source\` ${A_SOURCE}`],
    ['source: "live:/dev/disk/by-id/../../sda"', `\`source\` ${A_SOURCE}`],
    ['source: "live:/dev/disk/by-partuuid/.."', `\`source\` ${A_SOURCE}`],
    ['source: {uri: "live:/dev/disk/by-partlabel/multiverse-live"}', `\`source.uri\` ${A_SOURCE}`],
    ["boot: {timeout: soon}", "`boot.timeout` must be a number, and is text"],
    ["boot: {consoles: [com1]}", "`boot.consoles[0]` must be a kernel console such as tty0 or ttyS0"],
    [
      'boot: {options: "quiet root=/dev/sda"}',
      "`boot.options` must not set root=, boot= or console=: the boot menu does",
    ],
    ["boot: {options: 'a \"b\"'}", '`boot.options` must not contain "'],
    [
      "users: [{name: Ada}]",
      "`users[0].name` must be a user name: a lower-case letter first, then letters, digits, - and _; 32 at most",
    ],
    ["users: [{name: daemon}]", "`users[0].name` is the name of an account that the system makes itself"],
    ["users: [{name: a}, {name: a}]", "`users[1].name` is the name of an earlier user of this list"],
    ["users: [{groups: [sudo]}]", "`users[0].name` is missing"],
    ["users: {ada: {}}", "`users` must be a list, and is a map"],
    ["network: {LAN: {dhcp: true}}", "`network.LAN` must be a word of lower-case letters, digits and hyphens"],
    ["network: {lan0: {dhcp: false}}", "`network.lan0` has neither dhcp: true nor addresses:"],
    ["network: {lan0: {dhcp: yes}}", "`network.lan0.dhcp` must be true or false, and is text"],
    [
      'network: {lan0: {addresses: ["10.0.0.5"]}}',
      '`network.lan0.addresses[0]` must be an address with its prefix length, such as "192.168.1.10/24"',
    ],
    [
      'network: {lan0: {addresses: ["10.0.0.5/33"]}}',
      '`network.lan0.addresses[0]` must be an address with its prefix length, such as "192.168.1.10/24"',
    ],
    [
      'network: {lan0: {addresses: ["10.0.0.5/24"], gateway: 10.0.1.1}}',
      "`network.lan0.gateway` is not in the network of any of the addresses",
    ],
    [
      "network: {lan0: {dhcp: true, gateway: 10.0.1.1}}",
      "`network.lan0.gateway` goes with addresses: only; DHCP brings its own",
    ],
    ["network: {lan0: {dhcp: true, dns: [x]}}", "`network.lan0.dns[0]` must be an IP address"],
    [
      "network: {lan0: {match: {mac: eth0}, dhcp: true}}",
      '`network.lan0.match.mac` must be a MAC address or a pattern such as "52:54:00:*" (in quotes)',
    ],
    ["network: {air: {wifi: {}}}", "`network.air.wifi.ssid` is missing"],
    [
      "network: {air: {wifi: {ssid: Home}}}",
      "`network.air.wifi.psk` is missing: a network that is not `security: open` has a key",
    ],
    [
      `network: {air: {wifi: {ssid: Home, security: open, psk: "${"a1".repeat(32)}"}}}`,
      "`network.air.wifi.psk` is given although the network is open",
    ],
    [
      `network: {air: {wifi: {ssid: ${"ü".repeat(17)}, security: open}}}`,
      "`network.air.wifi.ssid` is longer than the 32 bytes that the name of a wireless network can have",
    ],
    [
      'network: {air: {wifi: {ssid: "a\\nb", security: open}}}',
      "`network.air.wifi.ssid` must not contain control characters or line breaks",
    ],
    ['network: {air: {wifi: {ssid: "", security: open}}}', "`network.air.wifi.ssid` must not be empty"],
    ["packages: {add: [Vim]}", "`packages.add[0]` must be the name of a Debian package"],
    [
      "packages: {mirror: 'http://me:secret@x/debian'}",
      "`packages.mirror` must be an http:// or https:// address without user name or password",
    ],
    ["salt: 12345678", "`salt` must be text, and is a number; put it in quotes"],
    [
      "confirm: {erase: [/dev/sda]}",
      "`confirm.erase[0]` must be a disk's name under /dev/disk/by-id, without the folder",
    ],
    ["disks: {system: {}}", "`disks.system` needs either path: or match:"],
    ["disks: {system: {match: {}}}", "`disks.system.match` must say at least one thing about the disk"],
    ["disks: {system: {path: /dev/sda, count: 1}}", "`disks.system` has a count:, which goes with match: only"],
    ["disks: {system: /dev/x/../etc}", "`disks.system` must not contain .."],
    [
      "disks: {system: /etc/passwd}",
      "`disks.system` must be a path such as /dev/nvme0n1 or a name under /dev/disk/by-id; patterns go into match:",
    ],
    [
      "disks: {system: {match: {serial: 0014}}}",
      "`disks.system.match.serial` must be text, and is a number; put it in quotes",
    ],
    [
      "disks: {system: {match: {size: 400 GB}}}",
      '`disks.system.match.size` must compare with a size, such as ">= 400 GB" or "> 400 GB, < 1 TB"',
    ],
    [
      'disks: {system: {match: {model: "a\\x1b[31m"}}}',
      "`disks.system.match.model` must not contain control characters or line breaks",
    ],
  ])("%s", async (yaml, message) => {
    expect(await problem(yaml)).toBe(message);
    expect(await refusal(() => loadText(base + yaml))).toMatchObject({ code: "invalid-spec", exit: 2 });
  });

  test("no version", async () => {
    expect((await refusal(() => loadText("host: {name: x}"))).evidence).toEqual(["a.yml:1:1: `version: 1` is missing"]);
    expect((await refusal(() => loadText("version: 2"))).evidence).toEqual(["a.yml:1:10: `version` must be 1"]);
  });
});

describe("what comes later is refused with exit code 4, never called misspelt, never ignored", () => {
  test.each([
    "hardware: x",
    "hooks: {after-install: ./x}",
    "target: usb",
    "target: network",
    "root: {filesystem: btrfs}",
    "root: {layout: draid}",
    "root: {encryption: cik}",
    "root: {encryption: {unlock: tpm2}}",
    "root: {generations: {isolation: shared}}",
    "disks: {system: {match: {bus: nvme, not: {}}}}",
    'source: "zfs://pool/x@y"',
    'source: {uri: "live:", sha256: x}',
    "boot: {loader: grub}",
    "network: {lan0: {dhcp: true, vlan: {}}}",
    "network: {wifi0: {wifi: {ssid: Home, security: sae}}}",
    "network: {wifi0: {wifi: {ssid: Work, security: enterprise}}}",
    "network: {lan0: {mtu: 9000}}",
    "controllers: []",
  ])("%s", async (yaml) => {
    const { code, exit, evidence } = await refusal(() => loadText(base + yaml));
    expect({ code, exit, lines: evidence.length }).toEqual({ code: "not-yet", exit: 4, lines: 1 });
    expect(evidence[0]).toMatch(/^a\.yml:2:[0-9]+: `.*not supported yet/);
  });

  test("together with a mistake both are shown, and the mistake decides", async () => {
    const { exit, evidence } = await refusal(() => loadText(`${base}hardware: x\nhots: {}\n`));
    expect(exit).toBe(2);
    expect(evidence).toEqual([
      "a.yml:3:1: there is no key `hots` in a spec; did you mean `host`?",
      "a.yml:2:1: `hardware` is not supported yet",
    ]);
  });
});

describe("secrets", () => {
  test("a clear-text password is refused, not repeated, and says how to hash", async () => {
    const { text } = await refusal(() => loadText(`${base}users: [{name: ada, password: Hunter2x}]`));
    expect(text).toMatch(/looks like a password in clear text \(not shown\).*mkpasswd -m yescrypt/);
    expect(text).not.toMatch(/Hunter2x/);
  });

  test.each([
    [`$6$saltsalt$${"a".repeat(85)}`, /cut off or mistyped/],
    ["$1$abc$def", /MD5/],
    ["", /clear text/],
  ])("the hash %j is refused and not repeated", async (hash, message) => {
    const { text } = await refusal(() => loadText(`${base}users: [{name: ada, password: "${hash}"}]`));
    expect(text).toMatch(message);
    if (hash !== "") expect(text).not.toContain(hash);
  });

  test.each([
    HASH,
    `$y$j9T$abcdefgh$${"b".repeat(43)}`,
    `$2b$12$${"c".repeat(53)}`,
    `$5$rounds=5000$salt$${"d".repeat(43)}`,
  ])("%s is a hash", async (hash) => {
    expect((await loadText(`${base}users: [{name: ada, password: "${hash}"}]`)).spec.users?.[0]?.password).toBe(hash);
  });

  test("a proxy with a login in it is refused, and not repeated", async () => {
    const { text } = await refusal(() => loadText(`${base}host: {proxy: "http://ada:Hunter2x@proxy:3128"}`));
    expect(text).toMatch(/`host.proxy` holds a user name or password \(not shown\)/);
    expect(text).not.toMatch(/Hunter2x|ada/);
  });

  test.each([
    [`psk: "Hunter2x and more"`, /looks like a passphrase in clear text \(not shown\).*wpa_passphrase NAME/],
    [`psk: "${"a1".repeat(31)}"`, /must be 64 hexadecimal digits, and has 62: cut off\?/],
    [`passphrase: Hunter2x, security: open`, /`network.air.wifi.passphrase` must not stand in a spec/],
  ])("a wireless network with %s is refused, and not repeated", async (secret, message) => {
    const { text, exit } = await refusal(() => loadText(`${base}network: {air: {wifi: {ssid: Home, ${secret}}}}`));
    expect(exit).toBe(2);
    expect(text).toMatch(message);
    expect(text).not.toMatch(/Hunter2x|a1a1/);
  });

  test("a private key is refused loudly, without a byte of it", async () => {
    const key = "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1rZXktdjEAAAAA\\n-----END OPENSSH PRIVATE KEY-----";
    const { text } = await refusal(() => loadText(`${base}users: [{name: ada, ssh-keys: ["${key}"]}]`));
    expect(text).toMatch(/IS A PRIVATE KEY/);
    expect(text).not.toMatch(/b3Blbn/);
  });

  test.each([
    ["ssh-dss AAAAB3NzaC1kc3MAAACB", /DSA/],
    [PUBLIC_KEY.replace("ssh-ed25519 ", "ssh-rsa "), /does not fit its type/],
    ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabg", /cut off/],
    [PUBLIC_KEY.split(" ")[1] ?? "", /must begin with a key type/],
    [`command="x" ${PUBLIC_KEY}`.replaceAll('"', "'"), /must begin with a key type/],
  ])("the key %s is refused", async (key, message) => {
    expect((await refusal(() => loadText(`${base}users: [{name: ada, ssh-keys: ["${key}"]}]`))).text).toMatch(message);
  });
});

describe("{ask: …}", () => {
  test("stands for any value, also for one that must be there", async () => {
    const { asks, spec } = await loadText(
      `${base}host: {name: {ask: "which rack?"}}\nroot: {encryption: {unlock: {ask: policy}}}\nesp: {size: {ask: x}}\nusers: [{name: {ask: who}, groups: [{ask: g}]}]\n`,
    );
    expect(asks.map((ask) => ask.path.join("."))).toEqual([
      "host.name",
      "root.encryption.unlock",
      "esp.size",
      "users.0.name",
      "users.0.groups.0",
    ]);
    expect(spec.host).toEqual({});
  });

  test("stands for the key of a wireless network, which must be there", async () => {
    const { asks } = await loadText(`${base}network: {air: {wifi: {ssid: Home, psk: {ask: "on the router"}}}}\n`);
    expect(asks).toEqual([{ path: ["network", "air", "wifi", "psk"], why: "on the router" }]);
  });

  test("does not hide a mistake beside it", async () => {
    expect(await problem("host: {name: {ask: x}, keybord: us}")).toMatch(/did you mean `keyboard`/);
    expect(await problem("host: {name: {ask: 5}}")).toBe("`host.name` must be text, and is a map");
  });
});

describe("suggestions", () => {
  test.each([
    ["kitten", "sitting", 3],
    ["ab", "ba", 1],
    ["", "abc", 3],
    ["same", "same", 0],
  ])("%s and %s are %i apart", (a, b, edits) => {
    expect(distance(a, b)).toBe(edits);
  });
  test("nothing far away is suggested", () => {
    expect(nearest("xyz", ["host", "root"])).toBeUndefined();
  });
});
