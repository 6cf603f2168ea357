import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { globMatches } from "../../core/spec/glob.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { selectDisks } from "../../core/spec/select-disks.ts";
import { inventoryOf } from "./recorded-machine.ts";
import { COMPLETE, loadText, refusal } from "./spec-text.ts";

const spec = (disk: string) => loadText(COMPLETE.replace("system: virtio-MVTARGET01", `system: ${disk}`));
const several = await inventoryOf("several-disks");
const select = async (disk: string) => resolveSpec(await spec(disk), several).disks.system?.[0];
const refused = (disk: string) => refusal(() => select(disk));

describe("a disk that is named becomes its stable identity", () => {
  test.each([
    ["/dev/nvme1n1", "nvme-eui.0025384131b10002"],
    ["/dev/disk/by-id/nvme-Samsung_SSD_990_PRO_1TB_S7KGNX0W100116X_1", "nvme-eui.0025384131b10002"],
    ["nvme-eui.0025384131b10002", "nvme-eui.0025384131b10002"],
    ["{path: /dev/disk/by-path/pci-0000:02:00.0-nvme-1}", "nvme-eui.0025384131b10002"],
    ["ata-INTEL_SSDSC2KB480G8_PHYF0001480BGN", "wwn-0x55cd2e4150000481"],
    ['{match: {serial: "s7kg*116x"}}', "nvme-eui.0025384131b10002"],
    ['{match: {bus: nvme, wwn: "*0001"}}', "nvme-eui.0025384131b10001"],
    ['{match: {by-id: "*_PHYF0001480BGN"}}', "wwn-0x55cd2e4150000481"],
    ['{match: {bus: sata, size: "> 200 GB, < 1 TB", rotational: false}}', "wwn-0x55cd2e4150000481"],
  ])("%s", async (disk, id) => {
    expect(await select(disk)).toBe(id);
  });
});

describe("a disk in use cannot be a target", () => {
  test.each([
    [
      "/dev/sdc",
      "usb-Kingston_DataTraveler_3.0_0014780EA2B6-0:0 cannot be a target: live medium; mounted at /run/multiverse/live/medium; holds this installer's state.",
    ],
    ["/dev/sda", "wwn-0x50014ee2b9a0c1d8 cannot be a target: member of imported pool tank."],
    ["/dev/sdb", "wwn-0x55cd2e4150000480 cannot be a target: mounted at /srv/data; swap in use."],
    ["/dev/sde", "wwn-0x5000c500a0b1c2d3 cannot be a target: held by backup (an opened encrypted volume)."],
    [
      "{match: {bus: usb}}",
      "usb-Kingston_DataTraveler_3.0_0014780EA2B6-0:0 cannot be a target: live medium; mounted at /run/multiverse/live/medium; holds this installer's state.",
    ],
  ])("%s", async (disk, message) => {
    const error = await refused(disk);
    expect(error).toMatchObject({ code: "disk-in-use", exit: 4 });
    expect(error.text).toContain(message);
    expect(error.evidence[0]).toMatch(/^a\.yml:3:[0-9]+: /);
  });
});

test("no disk is like that: every disk is listed with why not", async () => {
  const error = await refused('{match: {bus: nvme, size: ">= 2 TB", model: "WD*"}}');
  expect(error).toMatchObject({ code: "no-disk-matches", exit: 4 });
  expect(error.evidence).toHaveLength(1 + several.disks.length);
  expect(error.evidence.find((line) => line.startsWith("nvme-eui.0025384131b10002"))).toMatch(
    /: its model is Samsung SSD 990 PRO 1TB, not WD\*; its size is 932 GiB \(1000204886016 bytes\), not >= 2 TB$/,
  );
  expect(error.evidence.find((line) => line.startsWith("wwn-0x50014ee2b9a0c1d8"))).toMatch(
    /: its bus is sata, not nvme$/,
  );
});

test.each([
  ["/dev/sdz", "there is no disk /dev/sdz"],
  ["/dev/nvme1n1p1", "there is no disk /dev/nvme1n1p1"],
  ["/dev/nvme0n1p3", "/dev/nvme0n1p3 is a partition of /dev/nvme0n1, and a whole disk is needed"],
  ["nvme-eui.0025384131b10001-part3", "is a partition of /dev/nvme0n1"],
  // The name without the namespace wanders across namespaces; it leads here, but is never the identity.
  ["/dev/zram0", "there is no disk /dev/zram0"],
  ["/dev/sr0", "there is no disk /dev/sr0"],
])("%s: %s", async (disk, message) => {
  const error = await refused(disk);
  expect(error).toMatchObject({ code: "no-disk-matches", exit: 4 });
  expect(error.text).toContain(message);
});

test("more disks than asked: the candidates, and what would single one out", async () => {
  const error = await refused('{match: {model: "Samsung*"}}');
  expect(error).toMatchObject({ code: "ambiguous-disk", exit: 4 });
  expect(error.evidence).toEqual([
    "a.yml:3:17: 2 disks are like this, and one is wanted",
    'nvme-eui.0025384131b10001 (Samsung SSD 990 PRO 1TB, 932 GiB; holds EFI system partition (Windows), Microsoft reserved, Windows (BitLocker), Windows recovery): only this one has serial: "S7KGNX0W100114P", wwn: "eui.0025384131b10001"',
    'nvme-eui.0025384131b10002 (Samsung SSD 990 PRO 1TB, 932 GiB): only this one has serial: "S7KGNX0W100116X", wwn: "eui.0025384131b10002"',
  ]);
});

describe("several disks", () => {
  const all = async (disk: string) => {
    const { spec: loaded } = await spec(disk);
    return selectDisks(loaded.disks?.system ?? "", several, "a.yml:3:17");
  };
  const ids = async (disk: string) => (await all(disk)).map(({ id }) => id);

  test.each([
    ['{match: {model: "Samsung*"}, count: 2}', ["nvme-eui.0025384131b10001", "nvme-eui.0025384131b10002"]],
    ["[/dev/nvme1n1, nvme-eui.0025384131b10001]", ["nvme-eui.0025384131b10002", "nvme-eui.0025384131b10001"]],
    ["[/dev/nvme1n1]", ["nvme-eui.0025384131b10002"]],
  ])("%s", async (disk, expected) => {
    expect(await ids(disk)).toEqual(expected);
  });

  test.each([
    ['{match: {model: "Samsung*"}, count: 3}', "no-disk-matches", "2 disks are like this, and 3 are wanted"],
    ['{match: {size: "> 1 GB"}, count: 2}', "ambiguous-disk", "3 disks are like this, and 2 are wanted"],
    ["{match: {bus: sata}, count: 3}", "disk-in-use", "cannot be a target"],
    ["[/dev/nvme1n1, nvme-eui.0025384131b10002]", "same-disk-twice", "/dev/nvme1n1 and nvme-eui.0025384131b10002"],
    ["[/dev/nvme1n1, /dev/sda]", "disk-in-use", "member of imported pool tank"],
    ["[/dev/nvme1n1, /dev/sdz]", "no-disk-matches", "there is no disk /dev/sdz"],
  ])("%s: %s", async (disk, code, text) => {
    const error = await refusal(() => all(disk));
    expect(error).toMatchObject({ code, exit: 4 });
    expect(error.text).toContain(text);
  });

  test("how they are joined is asked, and never guessed", async () => {
    const error = await refused('{match: {model: "Samsung*"}, count: 2}');
    expect(error).toMatchObject({ code: "values-missing", exit: 3 });
    expect(error.text).toContain("root.layout: How should the disks be joined?");
    expect(error.text).toContain("mirror: at least 2 disks, each holding everything");
  });
});

test("a disk without a name that stays is refused", async () => {
  const inventory = await inventoryOf("qemu-blank-disk", (outputs) => {
    const udev = outputs["udevadm info --export-db"];
    if (udev !== undefined) udev.stdout = udev.stdout.replaceAll("disk/by-id/virtio-MVTARGET01", "disk/by-label/x");
  });
  const error = await refusal(async () => resolveSpec(await spec("/dev/vda"), inventory));
  expect(error).toMatchObject({ code: "disk-without-identity", exit: 4 });
  expect(error.text).toMatch(/\/dev\/vda has no name that stays/);
});

test("a disk in use is never chosen, whatever is asked for", () => {
  const patterns = fc.record(
    {
      bus: fc.constantFrom("nvme", "sata", "sas", "usb", "virtio"),
      model: fc.constantFrom('"*"', '"INTEL*"', '"WDC*"', '"Data*"', '"S*"'),
      size: fc.constantFrom('"> 1 GB"', '"< 500 GB"', '">= 1 TB"'),
      rotational: fc.boolean(),
      removable: fc.boolean(),
    },
    { requiredKeys: ["size"] },
  );
  return fc.assert(
    fc.asyncProperty(patterns, async (match) => {
      const text = `{match: {${Object.entries(match)
        .map(([key, value]) => `${key}: ${value}`)
        .join(", ")}}}`;
      const loaded = await spec(text);
      let id: string | undefined;
      try {
        id = resolveSpec(loaded, several).disks.system?.[0];
      } catch {
        return;
      }
      expect(several.disks.find((disk) => disk.id === id)?.unusable).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe("patterns", () => {
  test.each([
    ["*", "", true],
    ["a*c", "ABBBC", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*b*", "abc", true],
    ["abc", "abcd", false],
    ["52:54:00:*", "52:54:00:12:34:56", true],
    ["[a]", "a", false],
    [".*", "abc", false],
  ])("%s on %s: %s", (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected);
  });
  test("agree with the obvious regular expression", () => {
    const chars = fc.stringMatching(/^[ab*?]{0,8}$/);
    fc.assert(
      fc.property(chars, fc.stringMatching(/^[ab]{0,8}$/), (pattern, text) => {
        const regex = new RegExp(`^${pattern.replaceAll("?", ".").replaceAll("*", ".*")}$`);
        expect(globMatches(pattern, text)).toBe(regex.test(text));
      }),
    );
  });
  test("a pattern made to be slow is not", () => {
    expect(globMatches(`${"a*".repeat(500)}b`, "a".repeat(2000))).toBe(false);
  });
});
