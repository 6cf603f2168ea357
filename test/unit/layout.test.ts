// Layouts of several disks: refusals with their arithmetic first, then what goes where.
import { describe, expect, test } from "vitest";
import { placePartitions, type Wish } from "../../core/plan/layout/geometry.ts";
import { vdevsOf, vdevWords } from "../../core/plan/layout/vdevs.ts";
import type { Plan } from "../../core/plan/step.ts";
import { questions } from "../../core/spec/questions.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import type { ResolvedSpec, ZfsLayout, ZfsRoot } from "../../core/spec/resolved.ts";
import { actionsOf } from "../../core/steps/kinds.ts";
import { dataOf } from "./plan-laws.ts";
import { sampleDisk, sampleInventory, sampleMirrorPlan, samplePlan, sampleSpec } from "./sample-host.ts";
import { loadText, PUBLIC_KEY, refusal } from "./spec-text.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const names = (count: number, from = 1) => Array.from({ length: count }, (_, at) => `virtio-D${from + at}`);
const diskAt = (at: number, more = {}) =>
  sampleDisk({ id: `virtio-D${at}`, serial: `D${at}`, kname: `vd${at}`, path: `/dev/vd${at}`, ...more });

interface Wanted {
  layout: ZfsLayout;
  count: number;
  root?: Partial<ZfsRoot>;
  more?: Record<string, string[]>;
  spec?: Partial<ResolvedSpec>;
  disk?: (at: number) => object;
}

function planOf({ layout, count, root = {}, more = {}, spec = {}, disk = () => ({}) }: Wanted): Plan {
  const disks = { system: names(count), ...more };
  const all = Object.values(disks).flat().length;
  return samplePlan(
    { disks, root: { ...sampleSpec().root, layout, ...root }, ...spec },
    { disks: Array.from({ length: all }, (_, at) => diskAt(at + 1, disk(at + 1))) },
  );
}

const fstabOf = (plan: Plan) =>
  dataOf(plan, "fill-data")[0]?.files.find(({ path }) => path === "/etc/fstab")?.content ?? "";
const createOf = (plan: Plan): string => {
  const step = plan.steps.find(({ id }) => id === "create-pool");
  const runs = step === undefined ? [] : actionsOf(step, "actions", plan.evidence);
  return (
    runs.flatMap((action) => (action.do === "run" && action.argv[1] === "create" ? [action.argv.join(" ")] : []))[0] ??
    ""
  );
};

describe("refusals", () => {
  test.each<[ZfsLayout, number, string]>([
    ["single", 2, "exactly one disk"],
    ["stripe", 1, "at least 2 disks"],
    ["mirror", 1, "at least 2 disks, each holding everything"],
    ["raid10", 5, "an even number of disks, at least 4"],
    ["raid10", 2, "an even number of disks, at least 4"],
    ["raidz1", 2, "at least 3 disks"],
    ["raidz2", 3, "at least 4 disks"],
    ["raidz3", 4, "at least 5 disks"],
  ])("%s of %i disks: the rule is in the message, and what would fit in the hint", async (layout, count, rule) => {
    const error = await refusal(() => planOf({ layout, count }));
    expect(error).toMatchObject({ code: "wrong-disk-count", exit: 4, evidence: names(count) });
    expect(error.text).toContain(rule);
    expect(error.text).toContain(`${count} can be joined by `);
  });

  test("special devices that are less safe than the pool", async () => {
    const root = { extras: { special: { on: "fast", layout: null } } };
    const error = await refusal(() => planOf({ layout: "mirror", count: 2, root, more: { fast: names(1, 3) } }));
    expect(error).toMatchObject({ code: "special-not-redundant", exit: 4, evidence: ["root.special: virtio-D3"] });
  });

  test("two special disks, and no word for how they are joined", async () => {
    const root = { extras: { special: { on: "fast", layout: null } } };
    const error = await refusal(() => planOf({ layout: "mirror", count: 2, root, more: { fast: names(2, 3) } }));
    expect(error.text).toContain("`root.special: single` takes exactly one disk; the spec gives it 2.");
  });

  test("an ashift below a disk's sectors names the disks, and the one that would do", async () => {
    const disk = (at: number) => ({ sector: at === 2 ? 4096 : 512 });
    const error = await refusal(() =>
      planOf({ layout: "mirror", count: 2, root: { poolOptions: { ashift: 9 } }, disk }),
    );
    expect(error).toMatchObject({ code: "ashift-too-small", evidence: ["virtio-D2: 4096 bytes a sector"] });
    expect(error.text).toContain("ashift: 12");
  });

  test("disks of storage arrays with 520 bytes a sector", async () => {
    const error = await refusal(() => planOf({ layout: "mirror", count: 2, disk: () => ({ sector: 520 }) }));
    expect(error).toMatchObject({ code: "sector-size", exit: 4 });
    expect(error.text).toContain("sg_format");
  });

  test("a swap file on ZFS, with why", async () => {
    const error = await refusal(() => samplePlan({ swap: { kind: "file", size: GIB } }));
    expect(error.text).toContain("never writes a block to the same place again");
  });

  test.each([
    [{ name: "srv", mountpoint: null }, "dataset-without-place", "home: /home"],
    [{ name: "home", mountpoint: "/srv" }, "dataset-place-taken", "mounted at /home, not at /srv"],
    [{ name: "other", mountpoint: "/home" }, "dataset-place-taken", "data/other"],
  ])("the data set %j", async (set, code, text) => {
    const error = await refusal(() => samplePlan({ root: { ...sampleSpec().root, datasets: [set] } }));
    expect(error).toMatchObject({ code, exit: 4 });
    expect(error.text).toContain(text);
  });

  test("the same disk for two things", async () => {
    const text = `version: 1
host: {name: jupiter.example.net}
disks: {system: [virtio-D1, virtio-D2], flash: /dev/vd2}
root: {layout: mirror, encryption: none, cache: flash}
users: [{name: root, ssh-keys: ["${PUBLIC_KEY}"]}]
`;
    const inventory = sampleInventory({ disks: [diskAt(1), diskAt(2)] });
    const error = await refusal(async () => resolveSpec(await loadText(text), inventory));
    expect(error).toMatchObject({ code: "disk-used-twice", exit: 4 });
    expect(error.evidence).toHaveLength(2);
  });

  test("a disk that is named and used for nothing", async () => {
    const text = `version: 1
host: {name: jupiter.example.net}
disks: {system: virtio-D1, spare: virtio-D2}
root: {encryption: none}
users: [{name: root, ssh-keys: ["${PUBLIC_KEY}"]}]
`;
    const inventory = sampleInventory({ disks: [diskAt(1), diskAt(2)] });
    const error = await refusal(async () => resolveSpec(await loadText(text), inventory));
    expect(error).toMatchObject({ code: "disk-not-used", exit: 4 });
  });
});

describe("sizes", () => {
  const wish = (words: string, size: Wish["size"], least?: number): Wish => ({
    ...{ role: "pool", name: words, words, size },
    ...(least === undefined ? {} : { least }),
  });
  const disk = { id: "virtio-D1", path: "/dev/vda", size: 10 * GIB };

  test("what does not fit is told with the sum, percentages among it", async () => {
    const wishes = [wish("EFI", 2 * GIB), wish("pool", "rest", 3 * GIB), wish("swap", { percent: 60 })];
    const error = await refusal(() => placePartitions(disk, wishes));
    expect(error.evidence).toEqual([
      "disk      10 GiB",
      "- table   2 MiB",
      "- EFI     2 GiB",
      "- swap    5.9 GiB (60 %)",
      "= pool    2 GiB, at least 3 GiB are needed",
    ]);
  });

  test("where nothing takes the rest, what is left is told", async () => {
    const error = await refusal(() => placePartitions(disk, [wish("EFI", 2 * GIB), wish("pool", 9 * GIB)]));
    expect(error.evidence.at(-1)).toMatch(/^= left +1 GiB less than nothing$/);
  });

  test("four quarters fit, and a rest of nothing does not", async () => {
    const quarter = wish("pool", { percent: 25 });
    const placed = placePartitions(disk, [quarter, quarter, quarter, quarter]);
    expect(placed.at(-1)?.start).toBe(MIB + 3 * (placed[0]?.bytes ?? 0));
    const error = await refusal(() => placePartitions(disk, [wish("EFI", { percent: 100 }), wish("pool", "rest")]));
    expect(error.code).toBe("disk-too-small");
  });

  test("root.size leaves the rest free, or to the swap", () => {
    const half = planOf({
      layout: "single",
      count: 1,
      root: { size: { percent: 50 } },
      spec: { swap: { kind: "none" } },
    });
    const [table] = dataOf(half, "partition");
    const pool = table?.partitions.find(({ role }) => role === "pool");
    expect(Number(pool?.sectors) * 512).toBe(Math.floor((12 * GIB - 2 * MIB) / 2 / MIB) * MIB);
    const rest = planOf({
      layout: "single",
      count: 1,
      root: { size: 6 * GIB },
      spec: { swap: { kind: "partition", size: "rest" } },
    });
    const swap = dataOf(rest, "partition")[0]?.partitions.find(({ role }) => role === "swap");
    expect(Number(swap?.sectors) * 512).toBe(12 * GIB - 2 * MIB - GIB - 6 * GIB);
  });

  test("two rests are refused where they are said", async () => {
    const text = `version: 1
host: {name: jupiter.example.net}
disks: {system: virtio-MVTARGET01}
root: {encryption: none}
swap: {kind: partition, size: rest}
users: [{name: root, ssh-keys: ["${PUBLIC_KEY}"]}]
`;
    const error = await refusal(async () => resolveSpec(await loadText(text), sampleInventory()));
    expect(error).toMatchObject({ code: "two-rests", evidence: ["a.yml:5:25: `swap.size: rest`"] });
  });
});

describe("the tree of a pool", () => {
  test.each<[ZfsLayout, number, string]>([
    ["single", 1, "a"],
    ["stripe", 3, "a b c"],
    ["mirror", 3, "mirror a b c"],
    ["raid10", 4, "mirror a b mirror c d"],
    ["raidz2", 4, "raidz2 a b c d"],
  ])("%s of %i", (layout, count, words) => {
    expect(vdevWords(vdevsOf(layout, [..."abcd"].slice(0, count)), (name) => name).join(" ")).toBe(words);
  });

  test("special, log, cache and spare each after their word, on disks of their own", () => {
    const plan = planOf({
      ...{ layout: "mirror", count: 2 },
      root: {
        extras: {
          ...{ special: { on: "fast", layout: "mirror" }, log: { on: "slog", layout: null } },
          ...{ cache: { on: "flash", layout: null }, spare: { on: "waiting", layout: null } },
        },
      },
      more: { fast: names(2, 3), slog: names(1, 5), flash: names(2, 6), waiting: names(1, 8) },
    });
    const path = "/dev/disk/by-partuuid/[0-9a-f-]{36}";
    expect(createOf(plan)).toMatch(
      new RegExp(
        `saturn mirror ${path} ${path} special mirror ${path} ${path} log ${path} cache ${path} ${path} spare ${path}$`,
      ),
    );
    expect(plan.erases).toHaveLength(8);
    // A spare is partitioned like a member; the other devices are used whole and start nothing.
    expect(dataOf(plan, "make-esp").map(({ target }) => target.id)).toEqual(["virtio-D1", "virtio-D2", "virtio-D8"]);
    expect(dataOf(plan, "partition").find(({ target }) => target.id === "virtio-D5")?.partitions).toHaveLength(1);
  });

  test("pool options stand in the place of ours, and a plan without them says nothing of them", () => {
    const plan = planOf({
      layout: "single",
      count: 1,
      root: { poolOptions: { autotrim: false, compression: "zstd" } },
    });
    expect(createOf(plan)).toContain("-o ashift=12 -o autotrim=off -o cachefile=none");
    expect(createOf(plan)).toContain("-O compression=zstd");
    expect(dataOf(samplePlan(), "create-pool")[0]).not.toHaveProperty("options");
  });
});

describe("a mirror", () => {
  const plan = sampleMirrorPlan();

  test("says how much of the larger disk stays unused", () => {
    expect(plan.notes).toEqual(["virtio-D2 is larger than the smallest member of saturn: 1 GiB of it stay unused."]);
    expect(samplePlan()).not.toHaveProperty("notes");
  });

  test("mounts every ESP at a place of its own, and starts without any of them", () => {
    const lines = fstabOf(plan)
      .split("\n")
      .filter((line) => line.includes("vfat"));
    expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "/boot/efi vfat umask=0077,nofail 0 2",
      "/boot/efi2 vfat umask=0077,nofail 0 2",
    ]);
    expect(dataOf(plan, "configure")[0]?.folders).toEqual(["/boot/efi2"]);
  });

  test("its stanzas name no volume: each loader starts what lies beside it", () => {
    const menu = plan.steps.find(({ id }) => id === "boot-menu");
    const written = menu === undefined ? [] : actionsOf(menu, "actions", plan.evidence);
    const texts = written.flatMap((action) => (action.do === "write" ? [action.content] : []));
    expect(texts).toHaveLength(8);
    expect(texts.join("\n")).not.toMatch(/^\s*volume/m);
  });

  test("shares the swap evenly, and the marks come off last on both", () => {
    const sizes = dataOf(plan, "partition").map(({ partitions }) => partitions.at(-1)?.sectors);
    expect(sizes).toEqual([String(GIB / 4 / 512), String(GIB / 4 / 512)]);
    const last = plan.steps.at(-1);
    const marks = last === undefined ? [] : actionsOf(last, "actions", plan.evidence).slice(-3);
    expect(marks.map((action) => (action.do === "run" ? action.argv[0] : action.do))).toEqual([
      "sfdisk",
      "sfdisk",
      "udevadm",
    ]);
  });

  test("the first disk keeps the identifiers that it has alone", () => {
    const alone = samplePlan({ disks: { system: ["virtio-D1"] } }, { disks: [diskAt(1)] });
    const ids = (each: Plan) => dataOf(each, "partition")[0]?.partitions.map(({ partuuid }) => partuuid);
    expect(ids(plan)).toEqual(ids(alone));
  });
});

describe("swap", () => {
  test.each<[ResolvedSpec["swap"], RegExp]>([
    [{ kind: "zram", size: GIB }, /^\/dev\/zram0 none swap nofail,discard,pri=100,x-systemd\.makefs 0 0$/m],
    [{ kind: "zvol", size: GIB }, /^\/dev\/zvol\/saturn\/jupiter\/swap none swap nofail,discard 0 0$/m],
  ])("%j is in fstab, and has no partition", (swap, line) => {
    const plan = samplePlan({ swap });
    expect(fstabOf(plan)).toMatch(line);
    expect(dataOf(plan, "partition")[0]?.partitions).toHaveLength(2);
  });

  test("on a volume comes with its warning, and only that", () => {
    expect(samplePlan({ swap: { kind: "zvol", size: GIB } }).notes?.join()).toContain("openzfs #7734");
    expect(samplePlan({ swap: { kind: "zram", size: GIB } }).notes).toBeUndefined();
  });
});

describe("what is asked", () => {
  const base = "version: 1\nhost: {name: jupiter.example.net}\n";
  const inventory = sampleInventory({ disks: [diskAt(1), diskAt(2), diskAt(3)] });
  const asked = async (text: string) =>
    questions(await loadText(base + text), inventory).filter(({ path }) => /^(disks|root\.layout|confirm)/.test(path));

  test.each([
    ["", undefined],
    ["root: {layout: mirror}", { least: 2, most: null, even: false }],
    ["root: {layout: raid10}", { least: 4, most: null, even: true }],
    ["root: {layout: single}", undefined],
  ])("how many disks %s takes", async (text, wants) => {
    expect((await asked(text))[0]?.wants).toEqual(wants);
  });

  test("what further disks are for", async () => {
    const [, cache] = await asked("root: {layout: mirror, cache: flash}");
    expect(cache).toMatchObject({
      path: "disks.flash",
      ask: "Which disks are for `root.cache`?",
      wants: { least: 1, most: null },
    });
  });

  test("how several are joined, with what they could be", async () => {
    const layout = (await asked("disks: {system: [virtio-D1, virtio-D2]}")).find(({ path }) => path === "root.layout");
    expect(layout?.choices?.map(({ value }) => value)).toEqual(["mirror", "stripe"]);
  });

  test("each disk that is erased is confirmed by itself", async () => {
    const text = "disks: {system: [virtio-D1, virtio-D2]}\nroot: {layout: mirror}\nconfirm: {erase: [virtio-D1]}";
    const confirms = (await asked(text)).filter(({ path }) => path === "confirm.erase");
    expect(confirms.map(({ why }) => why.slice(0, 9))).toEqual(["virtio-D2"]);
  });
});
