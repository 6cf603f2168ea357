import { describe, expect, test } from "vitest";
import { questions } from "../../core/spec/questions.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { inventoryOf } from "./recorded-machine.ts";
import { COMPLETE, loadText, PUBLIC_KEY, refusal } from "./spec-text.ts";

const blank = await inventoryOf("qemu-blank-disk");
const several = await inventoryOf("several-disks");
const resolve = async (text: string, inventory = blank) => resolveSpec(await loadText(text), inventory);

describe("what is missing", () => {
  test("is refused all at once, with exit code 3, each with its path and why", async () => {
    const { code, exit, text, evidence } = await refusal(() =>
      resolve("version: 1\nhost: {timezone: {ask: which}}\n", several),
    );
    expect({ code, exit }).toEqual({ code: "values-missing", exit: 3 });
    expect(text).toMatch(/^5 values are missing/);
    for (const path of ["host.name", "disks.system", "root.encryption", "users", "host.timezone"]) {
      expect(
        evidence.find((line) => line.startsWith(`${path}: `)),
        path,
      ).toMatch(/\? \S|: .*which/);
    }
    expect(text).toContain(
      "wwn-0x50014ee2b9a0c1d8 (WDC WD40EFRX-68N32N0, 3.6 TiB; holds member of pool tank, reserved by ZFS): cannot be used: member of imported pool tank",
    );
  });

  test.each([["users: []"], ["users: [{name: ada}]"], ["users: [{name: ada, groups: [sudo], ssh-keys: []}]"]])(
    "%s: nobody could log in",
    async (users) => {
      const { exit, text } = await refusal(() => resolve(COMPLETE.replace(/users: .*/, users)));
      expect(exit).toBe(3);
      expect(text).toMatch(/nobody could ever log in/);
    },
  );

  test("a selector that fits no disk does not hide what is missing", async () => {
    const { exit, text } = await refusal(() => resolve("version: 1\ndisks: {system: /dev/sdz}\n"));
    expect(exit).toBe(3);
    expect(text).toMatch(/4 values are missing/);
    expect(text).toMatch(/there is no disk \/dev\/sdz/);
  });
});

describe("questions", () => {
  const paths = async (text: string, inventory = blank) =>
    questions(await loadText(text), inventory).map(
      (question) => `${question.class} ${question.path} (${question.for})`,
    );

  test("of the smallest spec", async () => {
    expect(await paths("version: 1\n")).toEqual([
      "required host.name (plan)",
      "deliberate disks.system (plan)",
      "deliberate root.encryption (plan)",
      "required users (plan)",
    ]);
  });

  test("of a complete one: only what erasing needs, and nothing when that is confirmed", async () => {
    expect(await paths(COMPLETE)).toEqual(["deliberate confirm.erase (install)"]);
    expect(await paths(`${COMPLETE}confirm: {erase: [virtio-MVTARGET01]}\n`)).toEqual([]);
  });

  test("secrets are asked for and belong to no file", async () => {
    const open = await paths(`${COMPLETE.replace("none", "passphrase")}confirm: {erase: [virtio-MVTARGET01]}\n`);
    expect(open).toEqual(["deliberate passphrase (install)", "deliberate recovery-passphrase (install)"]);
  });

  test("every question has words and a reason; a disk has choices that say what cannot be chosen", async () => {
    const open = questions(await loadText("version: 1\n"), several);
    for (const question of open) expect([question.ask, question.why].every((words) => words.length > 10)).toBe(true);
    const disks = open.find((question) => question.path === "disks.system")?.choices ?? [];
    expect(disks.filter((choice) => choice.unusable.length === 0).map((choice) => choice.value)).toEqual([
      "wwn-0x55cd2e4150000481",
      "nvme-eui.0025384131b10001",
      "nvme-eui.0025384131b10002",
    ]);
  });

  test("an ambiguous selector is a question that says why", async () => {
    const [question] = questions(
      await loadText(COMPLETE.replace("virtio-MVTARGET01", "{match: {bus: nvme}}")),
      several,
    );
    expect(question).toMatchObject({ path: "disks.system", kind: "disk", class: "deliberate" });
    expect(question?.why).toMatch(/2 disks are like this, and one is wanted/);
  });

  test("what the spec wants asked is asked, in its own words", async () => {
    const [question] = questions(
      await loadText(COMPLETE.replace("jupiter.example.net", '{ask: "the name on the label"}')),
      blank,
    );
    expect(question).toMatchObject({ path: "host.name", why: "the name on the label" });
  });
});

describe("resolving", () => {
  test("fills in defaults and says where everything came from", async () => {
    const spec = await resolve(COMPLETE);
    expect(spec).toMatchObject({
      host: { name: "jupiter.example.net", timezone: "Etc/UTC", locale: "en_US.UTF-8", keyboard: "us" },
      disks: { system: ["virtio-MVTARGET01"] },
      root: { filesystem: "zfs", pool: "multiverse", system: "jupiter", encryption: "none", keep: 3, keepReleases: 5 },
      esp: { size: 2 * 2 ** 30 },
      swap: { kind: "partition", size: 1.5 * 2 ** 30 },
      boot: { loader: "refind", timeout: 5, consoles: ["tty0", "ttyS0"], options: "" },
      network: [{ name: "wired", macs: [], dhcp: true }],
      confirmErase: [],
      unattended: false,
    });
    const from = new Map(spec.origins.map((origin) => [origin.path, origin]));
    expect(from.get("host.name")?.from).toBe("spec");
    expect(from.get("host.timezone")?.from).toBe("default");
    expect(from.get("boot.consoles")?.from).toBe("inventory");
    expect(from.get("swap.size")).toEqual({ path: "swap.size", from: "default", note: "an eighth of the disk" });
    expect(from.get("root.system")?.note).toBe("from the host's name");
  });

  test("states everything that is stated", async () => {
    const spec =
      await resolve(`${COMPLETE.replace("{encryption: none}", "{encryption: {unlock: passphrase}, pool: saturn, system: plasma, generations: {keep: 1}}")}
esp: {size: 1 GiB}
swap: {kind: none}
boot: {timeout: 0, consoles: [ttyS0], options: quiet}
packages: {add: [vim], mirror: "http://m/debian"}
salt: 0123456789abcdef
unattended: true
`);
    expect(spec).toMatchObject({
      root: { pool: "saturn", system: "plasma", encryption: "passphrase", keep: 1, keepReleases: 5 },
      esp: { size: 2 ** 30 },
      swap: { kind: "none" },
      boot: { timeout: 0, consoles: ["ttyS0"], options: "quiet" },
      packages: { add: ["vim"], mirror: "http://m/debian" },
      salt: "0123456789abcdef",
      unattended: true,
      users: [{ name: "ada", password: null, groups: [], sshKeys: [PUBLIC_KEY] }],
    });
  });

  test("the salt is the same for the same machine, and another for another name or disk", async () => {
    const [one, again, named] = await Promise.all([
      resolve(COMPLETE),
      resolve(COMPLETE),
      resolve(COMPLETE.replace("jupiter.", "io.")),
    ]);
    expect(one.salt).toBe(again.salt);
    expect(one.salt).toMatch(/^[0-9a-f]{64}$/);
    expect(named.salt).not.toBe(one.salt);
  });

  test("a confirmed disk may be named by any of its names", async () => {
    const text = `${COMPLETE.replace("virtio-MVTARGET01", "/dev/nvme1n1")}confirm: {erase: [nvme-Samsung_SSD_990_PRO_1TB_S7KGNX0W100116X_1, not-here]}\n`;
    expect((await resolve(text, several)).confirmErase).toEqual(["nvme-eui.0025384131b10002", "not-here"]);
  });

  test("a disk that nothing uses is refused, not ignored", async () => {
    const { exit, text } = await refusal(() => resolve(COMPLETE.replace("disks: {", "disks: {spare: /dev/sdz, ")));
    expect(exit).toBe(4);
    expect(text).toMatch(/a\.yml:3:16: `disks.spare` is not used/);
  });
});

test("proxy and time servers: none by default; a slash at the proxy's end means nothing", async () => {
  expect((await resolve(COMPLETE)).host).toMatchObject({ proxy: null, ntp: [] });
  const host = 'host: {name: io, proxy: "http://proxy:3128/", ntp: [ntp.example.net, "fd00::1"]}';
  expect((await resolve(COMPLETE.replace(/host: .*/, host))).host).toMatchObject({
    proxy: "http://proxy:3128",
    ntp: ["ntp.example.net", "fd00::1"],
  });
});

describe("network", () => {
  const network = async (yaml: string, inventory = several) =>
    (
      await resolve(
        `${COMPLETE.replace("virtio-MVTARGET01", inventory === several ? "/dev/nvme1n1" : "/dev/vda")}network: ${yaml}\n`,
        inventory,
      )
    ).network;

  test("patterns become exact addresses; wireless and virtual adapters are not meant", async () => {
    expect((await network('{lan0: {match: {mac: "A0:36:9F:*"}}}'))[0]).toMatchObject({
      macs: ["a0:36:9f:00:00:01", "a0:36:9f:00:00:02"],
      dhcp: true,
    });
  });

  test("a fixed address on a machine with one adapter needs no match", async () => {
    expect(await network('{lan0: {addresses: ["10.0.2.5/24"], gateway: 10.0.2.2}}', blank)).toEqual([
      {
        name: "lan0",
        macs: ["52:54:00:12:34:56"],
        dhcp: false,
        addresses: ["10.0.2.5/24"],
        gateway: "10.0.2.2",
        dns: [],
      },
    ]);
  });

  const PSK = "A1".repeat(32);
  const AIR = `wifi: {ssid: Home, psk: "${PSK}"}`;

  test("a wireless network goes to the one wireless adapter, beside wired ones", async () => {
    const links = await network(`{lan0: {dhcp: true}, air: {${AIR}}}`);
    const adapter = several.nics.find((nic) => nic.wireless)?.mac ?? "none";
    expect(links).toMatchObject([
      { name: "lan0", macs: [] },
      { name: "air", macs: [adapter], dhcp: true },
    ]);
    expect(links[0]).not.toHaveProperty("wifi");
    expect(links[1]?.wifi).toEqual({ ssid: "Home", security: "psk", psk: PSK.toLowerCase(), hidden: false });
    const [open] = await network("{air: {wifi: {ssid: Cafe, security: open, hidden: true}}}");
    expect(open?.wifi).toEqual({ ssid: "Cafe", security: "open", hidden: true });
  });

  test("two wireless adapters, and the link does not say which", async () => {
    const nics = several.nics.flatMap((nic) => (nic.wireless ? [nic, { ...nic, mac: "02:00:00:00:00:02" }] : [nic]));
    const text = `${COMPLETE.replace("virtio-MVTARGET01", "/dev/nvme1n1")}network: {air: {${AIR}}}\n`;
    const error = await refusal(() => resolve(text, { ...several, nics }));
    expect(error).toMatchObject({ code: "ambiguous-adapter", exit: 4 });
    expect(error.text).toMatch(/joins a wireless network, which needs exactly one adapter; 2 fit/);
    expect(error.text).not.toContain(PSK);
  });

  test("a machine without a wireless adapter says that its firmware may be missing", async () => {
    const error = await refusal(() => network(`{air: {${AIR}}}`, blank));
    expect(error).toMatchObject({ code: "ambiguous-adapter", exit: 4 });
    expect(error.text).toMatch(/0 fit[\s\S]*no driver or firmware/);
  });

  test.each([
    [`{air: {match: {mac: "00:00:*"}, ${AIR}}}`, "no-adapter-matches", "No wireless network adapter"],
    [`{air: {${AIR}}, two: {${AIR}}}`, "adapter-twice", "`network.air` and `network.two`"],
    ['{lan0: {match: {mac: "00:00:*"}}}', "no-adapter-matches", "a.yml:6:31: 00:00:*"],
    ['{lan0: {addresses: ["10.0.0.5/24"]}}', "ambiguous-adapter", "2 fit"],
    [
      '{lan0: {match: {mac: "*:01"}}, lan1: {match: {mac: "a0:*"}}}',
      "adapter-twice",
      "`network.lan0` and `network.lan1` both mean the same adapter",
    ],
    ["{lan0: {dhcp: true}, lan1: {dhcp: true}}", "adapter-twice", "every wired adapter"],
  ])("%s is refused", async (yaml, code, message) => {
    const error = await refusal(() => network(yaml));
    expect(error).toMatchObject({ code, exit: 4 });
    expect(error.text).toContain(message);
  });
});
