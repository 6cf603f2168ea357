import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { asJson } from "../../bin/show-inventory.ts";
import { inventoryOf, machinePath } from "./recorded-machine.ts";
import { cli } from "./run-cli.ts";
import { loadText } from "./spec-text.ts";

const disks = (...words: string[]) => cli("disks", "--machine", machinePath("several-disks"), ...words);

describe("what cannot be tried ends with exit code 2 and says why", () => {
  test.each([
    [["--match", "buss: nvme"], /there is no key `buss` under `match`; did you mean `bus`\?/],
    [["--match", "bus=nvme"], /there is no key `bus=nvme` under `match`/],
    [["--match", "{bus: nvme"], /--match:1:[0-9]+: /],
    [["--match", "size: 400 GB"], /`match.size` must compare with a size/],
    [["--match", "not: {size: largest}"], /`match.not.size` must compare with a size.*whole only/],
    [["--match", "bus: {ask: which}"], /\{ask: …\} stands in specs only/],
    [["--match", ""], /must say at least one thing/],
    [["--match", "bus: nvme", "--count", "0"], /--count is a number of disks, not 0/],
    [["--count", "2"], /--count goes with --match/],
    [["--match"], /--match needs a value/],
    [["--machine", "x.json"], /--machine is given twice/],
  ])("%j", async (words, message) => {
    const { exit, out, err } = await disks(...words);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toMatch(message);
  });
});

test("every disk, as the screens list them", async () => {
  const { exit, out } = await disks();
  expect(exit).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines).toHaveLength(1 + (await inventoryOf("several-disks")).disks.length);
  expect(lines[0]).toMatch(/^DISK +NAME +SERIAL +BUS +SIZE +ON IT NOW$/);
  expect(out).toMatch(
    /^wwn-0x50014ee2b9a0c1d8 +ATA WDC WD40EFRX-68N32N0 +WD-WCC7K0AAAA8K +sata +3\.6 TiB +cannot be used: member of imported pool tank$/m,
  );
  expect(out).toMatch(/^nvme-eui\.0025384131b10002 .* empty$/m);
});

describe("a selector is tried", () => {
  test("too many: each disk with what would single it out, exit code 4, and no pin", async () => {
    const { exit, out, err } = await disks("--match", "bus: nvme");
    expect(exit).toBe(4);
    expect(out).toMatch(/^\{bus: nvme\}: 2 disks fit and can be used$/m);
    expect(out).toMatch(/^ {2}no {4}wwn-0x5000c500a0b1c2d3 \(ST2000NM0045, 1\.8 TiB\): its bus is sas, not nvme$/m);
    expect(out).not.toMatch(/pin/);
    expect(err).toMatch(/only this one has serial: "S7KGNX0W100116X"/);
    expect(err).toMatch(/with empty: true it would be nvme-eui\.0025384131b10002/);
  });

  test("too few, because a disk is in use", async () => {
    const { exit, out, err } = await disks("--match", "rotational: true", "--count", "2");
    expect(exit).toBe(4);
    expect(out).toMatch(/^ {2}fits, but cannot be used {2}wwn-0x50014ee2b9a0c1d8 .*: member of imported pool tank$/m);
    expect(err).toMatch(/cannot be a target: member of imported pool tank/);
  });

  test("enough: the pin, as YAML that selects the same", async () => {
    const { exit, out, err } = await disks("--match", "{bus: nvme}", "--count=2");
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    const yaml = out.slice(out.indexOf("  disks:")).replaceAll(/^ {2}/gm, "");
    const { spec } = await loadText(`version: 1\n${yaml}`);
    expect(spec.disks).toEqual({
      system: { match: { bus: "nvme" }, count: 2, pin: ["nvme-eui.0025384131b10001", "nvme-eui.0025384131b10002"] },
    });
  });

  test("the second where the first gives none", async () => {
    const { exit, out } = await disks("--match", "bus: mmc", "--match", "size: smallest, not: {bus: usb}");
    expect(exit).toBe(0);
    expect(out).toMatch(/^\{bus: mmc\}: 0 disks fit and can be used$/m);
    expect(out).toMatch(/its size is 932 GiB, not the smallest$/m);
    expect(out).toMatch(/pin:\n +- wwn-0x55cd2e4150000481$/m);
  });

  test("as JSON, refused or not", async () => {
    const refused = await disks("--match", "bus: nvme", "--json");
    expect(refused.exit).toBe(4);
    expect(refused.err).toBe("");
    expect(JSON.parse(refused.out)).toMatchObject({
      tried: { count: 1, pin: null, refused: { code: "ambiguous-disk", evidence: expect.arrayContaining([]) } },
    });
    const found = await disks("--match", "serial: S7KGNX0W100116X", "--json");
    expect(JSON.parse(found.out)).toMatchObject({ tried: { pin: ["nvme-eui.0025384131b10002"], refused: null } });
  });
});

test("what the first version printed for programs is still there", async () => {
  const { out } = await disks("--match", "bus: nvme, empty: true", "--json");
  const first: unknown = JSON.parse(readFileSync(new URL("../fixtures/disks-v1/disks.json", import.meta.url), "utf8"));
  expect(JSON.parse(out)).toMatchObject(first as object);
  const { disks: listed } = await inventoryOf("several-disks");
  expect(JSON.parse(out).disks).toEqual(JSON.parse(asJson(listed)));
});
