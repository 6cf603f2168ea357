import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Disk } from "../../core/inventory/inventory.ts";
import { keepAnswers } from "../../core/spec/keep-answers.ts";
import { loadSpec } from "../../core/spec/load.ts";
import { pinOf, pinsOf } from "../../core/spec/pins.ts";
import { questions } from "../../core/spec/questions.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { selectDisks } from "../../core/spec/select-disks.ts";
import { selectsByHealth } from "../../core/spec/selects-by-health.ts";
import { parseSizeSelector, sizeFits } from "../../core/spec/size-selector.ts";
import { inventoryOf } from "./recorded-machine.ts";
import { sampleDisk, sampleInventory } from "./sample-host.ts";
import { COMPLETE, loadText, refusal } from "./spec-text.ts";

const TB = 10 ** 12;
const several = await inventoryOf("several-disks");

const disk = (at: number, more: Partial<Disk> = {}): Disk =>
  sampleDisk({
    id: `wwn-0x${at}`,
    aliases: [`wwn-0x${at}`],
    kname: `sd${at}`,
    path: `/dev/sd${at}`,
    serial: `S${at}`,
    size: TB,
    ...more,
  });

/** What `disks: {system: …}` selects there, or the error. */
async function select(yaml: string, disks: readonly Disk[] = several.disks): Promise<string[]> {
  const { spec } = await loadText(`version: 1\ndisks: {system: ${yaml}}\n`);
  const inventory = disks === several.disks ? several : sampleInventory({ disks: [...disks] });
  return selectDisks(spec.disks?.system ?? "", inventory, "a.yml:2:17").map(({ id }) => id);
}

const [WD, INTEL_USED, INTEL, ONE, TWO] = [
  ...["wwn-0x50014ee2b9a0c1d8", "wwn-0x55cd2e4150000480", "wwn-0x55cd2e4150000481"],
  ...["nvme-eui.0025384131b10001", "nvme-eui.0025384131b10002"],
];

describe("what a selector must not say", () => {
  test.each([
    ["{match: []}", "`disks.system.match` must have at least one selector"],
    ["{match: {and: []}}", "`disks.system.match.and` must have at least one selector"],
    ["{match: {not: {}}}", "`disks.system.match.not` must say at least one thing about the disk"],
    [
      "{match: {or: [{bus: nvme}, {buss: sata}]}}",
      "there is no key `buss` under `disks.system.match.or[1]`; did you mean `bus`?",
    ],
    [
      "{match: [{bus: nvme}, {buss: sata}]}",
      "there is no key `buss` under `disks.system.match[1]`; did you mean `bus`?",
    ],
    ["{match: {health: good}}", "`disks.system.match.health` must be one of passed, failing, unknown"],
    ["{match: {empty: perhaps}}", "`disks.system.match.empty` must be true or false, and is text"],
    ["{match: {or: [{size: largest}]}}", "`disks.system.match.or[0].size` must compare with a size"],
    ['{match: {size: "largest, smallest"}}', "`disks.system.match.size` must compare with a size"],
    ['{match: {size: "4 TB ± 105 %"}}', "`disks.system.match.size` must compare with a size"],
    ['{match: {size: "10 PB ± 5 %"}}', "`disks.system.match.size` is not a whole number of bytes below 9 PB"],
    ["{match: {bus: nvme}, count: 0}", "`disks.system.count` must be at least 1"],
    ["{match: {bus: nvme}, if-missing: wait}", "`disks.system.if-missing` must be one of refuse, ask, skip"],
    ["{match: {bus: nvme}, count: 2, pin: [a]}", "`disks.system` pins another number of disks than its count:"],
    ["{path: /dev/sda, pin: [a]}", "`disks.system` has a pin:, which goes with match: only"],
    ["{pin: [a]}", "`disks.system` needs either path: or match:"],
    ["[]", "`disks.system` must name at least one disk"],
    ["[a, a]", "`disks.system` names a disk twice"],
    ['[a, "b*"]', "`disks.system[1]` must be a path such as /dev/nvme0n1"],
  ])("%s: %s", async (yaml, message) => {
    const { exit, evidence } = await refusal(() => select(yaml));
    expect(exit).toBe(2);
    expect(evidence.join("\n")).toContain(message);
  });

  test("selectors within selectors without end", async () => {
    const deep = `${"{not: ".repeat(300)}{bus: nvme}${"}".repeat(300)}`;
    expect((await refusal(() => select(`{match: ${deep}}`))).text).toMatch(/nested more than 48 deep/);
  });
});

describe("each key", () => {
  test.each([
    ['{match: {by-path: "pci-*ata-3.0"}}', [INTEL]],
    ['{match: {pci: "0000:00:1d.1"}}', [TWO]],
    ['{match: {pci: "0000:02:00.0"}}', [TWO]],
    ['{match: {holds: "*BitLocker*"}}', [ONE]],
    ['{match: {holds: "member of pool old"}}', [INTEL]],
    ["{match: {holds: zfs_member}}", [INTEL]],
    ["{match: {holds: ntfs}}", [ONE]],
    ["{match: {empty: true}}", [TWO]],
    ["{match: {empty: false, bus: nvme}}", [ONE]],
    ["{match: {and: [{bus: nvme}, {empty: true}]}}", [TWO]],
    ["{match: {or: [{empty: true}, {holds: ntfs}]}, count: 2}", [ONE, TWO]],
    ["{match: {not: {bus: nvme}, rotational: false, removable: false}}", [INTEL]],
    ["{match: {not: {or: [{bus: nvme}, {bus: usb}]}, size: smallest}}", [INTEL]],
    ["{match: {size: largest, rotational: false}, count: 2}", [ONE, TWO]],
    ['{match: {size: "> 400 GB, smallest"}}', [INTEL]],
    ['{match: {size: "1 TB ± 1 %"}, count: 2}', [ONE, TWO]],
    ["{match: [{bus: mmc}, {bus: sas}, {empty: true}]}", [TWO]],
    ["{match: {bus: mmc}, if-missing: skip}", []],
    ["{match: {bus: sas}, if-missing: skip}", []],
  ])("%s", async (yaml, expected) => {
    expect(await select(yaml)).toEqual(expected);
  });

  test("the driver, and the health where it is known", async () => {
    const disks = [
      disk(1, { driver: "megaraid_sas", health: "passed" }),
      disk(2, { driver: "ahci", health: "failing" }),
      disk(3, { driver: "ahci" }),
    ];
    expect(await select("{match: {driver: mega*}}", disks)).toEqual(["wwn-0x1"]);
    expect(await select("{match: {health: passed}}", disks)).toEqual(["wwn-0x1"]);
    expect(await select("{match: {health: unknown}}", disks)).toEqual(["wwn-0x3"]);
    expect(await select("{match: {not: {health: failing}}, count: 2}", disks)).toEqual(["wwn-0x1", "wwn-0x3"]);
    expect((await refusal(() => select("{match: {health: passed, driver: ahci}}", disks))).text).toMatch(
      /its driver is megaraid_sas, not ahci\n.*its health is failing, not passed\n.*its health is unknown, not passed/,
    );
  });

  test("disks are asked for their health only by a spec that wants to know", async () => {
    const wants = async (yaml: string) =>
      selectsByHealth((await loadText(`version: 1\ndisks: {system: ${yaml}}`)).spec);
    expect(await wants("{match: {bus: nvme}}")).toBe(false);
    expect(await wants("/dev/sda")).toBe(false);
    expect(await wants("{match: [{bus: nvme}, {not: {or: [{health: failing}]}}]}")).toBe(true);
    expect(await wants("{match: {health: passed}, pin: [wwn-0x1]}")).toBe(false);
  });
});

describe("sizes", () => {
  test.each([
    ["4 TB ± 5 %", 3.8 * TB, 4.2 * TB],
    ["4 TB +- 5%", 3.8 * TB, 4.2 * TB],
    ["4 TB±0.125 %", 3.995 * TB, 4.005 * TB],
    ["4 TB ± 50 GB", 3.95 * TB, 4.05 * TB],
    ["1 GB ± 2 GB", 0, 3 * 10 ** 9],
  ])("%s: both ends and nothing beyond", (text, least, most) => {
    expect([least, most].map((size) => sizeFits(text, size))).toEqual([true, true]);
    expect(sizeFits(text, most + 1)).toBe(false);
    if (least > 0) expect(sizeFits(text, least - 1)).toBe(false);
  });
  test.each(["4 TB", "± 5 %", "4 TB ±", "4 TB ± 5", "largest, > 1 TB", "> 1 TB, < 2 TB, < 3 TB", "Largest"])(
    "%s is none",
    (text) => {
      expect(parseSizeSelector(text)).toBeNull();
    },
  );
  test("two of the same size are not the largest, and a larger one in use is not meant", async () => {
    const disks = [disk(1), disk(2), disk(3, { size: TB / 2 }), disk(4, { size: 4 * TB, unusable: ["swap in use"] })];
    expect(await select("{match: {size: smallest}}", disks)).toEqual(["wwn-0x3"]);
    expect(await select("{match: {size: largest}, count: 2}", disks)).toEqual(["wwn-0x1", "wwn-0x2"]);
    expect(await refusal(() => select("{match: {size: largest}}", disks))).toMatchObject({ code: "ambiguous-disk" });
    expect(await refusal(() => select("{match: {size: smallest}, count: 2}", disks))).toMatchObject({
      code: "ambiguous-disk",
    });
    expect(await refusal(() => select("{match: {size: largest}, count: 4}", disks))).toMatchObject({
      code: "disk-in-use",
    });
  });
});

describe("refusals say what would help", () => {
  test("more than are wanted: what leaves just so many", async () => {
    const disks = [1, 2, 3, 4].map((at) => disk(at, { model: at < 3 ? "WD Red" : `other ${at}`, size: at * TB }));
    const { code, evidence } = await refusal(() => select("{match: {bus: virtio}, count: 2}", disks));
    expect(code).toBe("ambiguous-disk");
    expect(evidence.slice(1 + disks.length)).toEqual([
      "with size: largest it would be wwn-0x4, wwn-0x3",
      "with size: smallest it would be wwn-0x1, wwn-0x2",
      'with model: "WD Red" it would be wwn-0x1, wwn-0x2',
    ]);
  });

  test("a thousand candidates are not all listed", async () => {
    const disks = Array.from({ length: 1000 }, (_, at) => disk(at));
    const { evidence } = await refusal(() => select("{match: {bus: virtio}}", disks));
    expect(evidence).toHaveLength(1 + 40);
    expect(evidence.at(-1)).toBe("and 961 more");
    expect((await refusal(() => select("{match: {bus: nvme}}", disks))).evidence).toHaveLength(1 + 40);
  });

  test("two paths to one disk have no name, and it is said why", async () => {
    const path = (kname: string) =>
      sampleDisk({ id: null, aliases: [], kname, path: `/dev/${kname}`, serial: "Z1", wwn: "0x5000c500" });
    const { code, text } = await refusal(() => select("/dev/sda", [path("sda"), path("sdb")]));
    expect(code).toBe("disk-without-identity");
    expect(text).toMatch(/\/dev\/sdb says the same serial number or world wide name: two paths to one disk/);
  });

  test("a disk that was pinned is gone", async () => {
    const { code, text } = await refusal(() => select("{match: {bus: virtio}, pin: [wwn-0x9]}", [disk(1)]));
    expect(code).toBe("no-disk-matches");
    expect(text).toMatch(/`pin:` says which disks the selector once led to\n.*there is no disk wwn-0x9/);
    expect(text).toMatch(/Take `pin:` out/);
  });

  test("no selector of a list gives enough: each with what it gives", async () => {
    const { code, text } = await refusal(() => select("{match: [{bus: sas}, {empty: true}], count: 2}"));
    expect(code).toBe("no-disk-matches");
    expect(text).toMatch(/none of the 2 selectors gives 2 disks that can be used\n\{bus: sas\} gives 0\n/);
    expect(text).toMatch(/\{empty: true\} gives 1\n/);
  });

  test("the first that gives enough must not give more, even if a later one gives just so many", async () => {
    expect(await refusal(() => select("{match: [{bus: nvme}, {empty: true}]}"))).toMatchObject({
      code: "ambiguous-disk",
    });
  });

  test("skip leaves the system without a disk", async () => {
    const loaded = await loadText(COMPLETE.replace("virtio-MVTARGET01", "{match: {bus: mmc}, if-missing: skip}"));
    const error = await refusal(() => resolveSpec(loaded, several));
    expect(error.text).toMatch(/`if-missing: skip` leaves the system without a disk/);
  });
});

describe("if-missing: ask", () => {
  const spec = (match: string) => loadText(COMPLETE.replace("virtio-MVTARGET01", `{match: ${match}, if-missing: ask}`));
  test("a person is asked, and without one the value is missing: exit code 3", async () => {
    const loaded = await spec("{bus: mmc}");
    expect(questions(loaded, several).map(({ path }) => path)).toContain("disks.system");
    expect(await refusal(() => resolveSpec(loaded, several))).toMatchObject({ code: "values-missing", exit: 3 });
  });
  test("nothing is asked where there are enough, and too many are refused", async () => {
    expect(resolveSpec(await spec("{empty: true}"), several).disk).toBe(TWO);
    const loaded = await spec("{bus: nvme}");
    expect(await refusal(() => resolveSpec(loaded, several))).toMatchObject({ code: "ambiguous-disk", exit: 4 });
  });
});

describe("the pin", () => {
  test.each([
    ["/dev/nvme1n1", [TWO], { path: ["disks", "x"], value: TWO }],
    [`/dev/disk/by-id/${TWO}`, [TWO], null],
    [TWO ?? "", [TWO], null],
    [{ path: "/dev/nvme1n1" }, [TWO], { path: ["disks", "x"], value: TWO }],
    [["/dev/nvme1n1", ONE ?? ""], [TWO, ONE], { path: ["disks", "x"], value: [TWO, ONE] }],
    [[TWO ?? "", ONE ?? ""], [TWO, ONE], null],
    [{ match: { bus: "nvme" as const } }, [TWO], { path: ["disks", "x", "pin"], value: [TWO] }],
    [{ match: { bus: "nvme" as const }, pin: [TWO ?? ""] }, [TWO], null],
    [{ match: { bus: "nvme" as const }, "if-missing": "skip" as const }, [], null],
  ])("%j", (stated, ids, expected) => {
    expect(pinOf("x", stated, ids as string[])).toEqual(expected);
  });

  test("is written beside the selector, comments kept, and the file then selects the same and gives the same values", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pin-"));
    try {
      const file = join(folder, "jupiter.yml");
      const text = COMPLETE.replace(
        "{system: virtio-MVTARGET01}",
        "\n  system: # the fast one\n    match: {bus: nvme, empty: true} # nothing on it\n",
      );
      await writeFile(file, text);
      const before = await loadSpec([file]);
      const pins = pinsOf(before.spec, several, () => "");
      await keepAnswers([file], [{ path: ["salt"], value: "0123456789abcdef" }, ...pins], expect.unreachable);
      const written = await readFile(file, "utf8");
      expect(written).toContain("# the fast one");
      expect(written).toContain("# nothing on it");
      const after = await loadSpec([file]);
      expect(after.spec.disks).toEqual({ system: { match: { bus: "nvme", empty: true }, pin: [TWO] } });
      // An install later the disk is not empty, and without its pin no disk would be like that.
      const used = several.disks.map((each) =>
        each.id === TWO ? { ...each, content: ["member of pool saturn"] } : each,
      );
      const later = { ...several, disks: used };
      expect(resolveSpec(after, later).disk).toBe(TWO);
      expect(await refusal(() => resolveSpec(before, later))).toMatchObject({ code: "no-disk-matches" });
      expect(pinsOf(after.spec, later, () => "")).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("what cannot be written does not keep the salt out", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pin-"));
    try {
      const [file, other] = [join(folder, "a.yml"), join(folder, "disks.yml")];
      await writeFile(other, "system: /dev/nvme1n1\n");
      await writeFile(file, COMPLETE.replace("disks: {system: virtio-MVTARGET01}", 'disks: {ref: "disks.yml#/"}'));
      const { spec } = await loadSpec([file]);
      const said: string[] = [];
      const settled = [{ path: ["salt"], value: "0123456789abcdef" }, ...pinsOf(spec, several, () => "")];
      await keepAnswers([file], settled, (message) => said.push(message));
      expect(said.join("\n")).toMatch(/comes from another place.*add `disks\.system: "nvme-eui\.0025384131b10002"`/);
      expect(await readFile(file, "utf8")).toMatch(/^salt: "0123456789abcdef"$/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test("names are stated by kernel paths in use, too", async () => {
  expect(await refusal(() => select("[/dev/nvme1n1, /dev/sda]"))).toMatchObject({ code: "disk-in-use" });
  expect([WD, INTEL_USED].every((id) => several.disks.some((each) => each.id === id && each.unusable.length > 0))).toBe(
    true,
  );
});
