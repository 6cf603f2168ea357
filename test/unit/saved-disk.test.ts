// Saving, clearing and putting back with the real programs, on a file in the place of a disk.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Performer, perform } from "../../core/execute/perform.ts";
import { rangesOf } from "../../core/plan/saved-ranges.ts";
import type { Step, StepData } from "../../core/plan/step.ts";
import type { Action } from "../../core/steps/action.ts";
import { actionsOf, type Phase } from "../../core/steps/kinds.ts";
import { createRun } from "../../core/tools/run-real.ts";
import { samplePlan } from "./sample-host.ts";

const MIB = 1024 ** 2;
const SIZE = 8 * MIB + 512;
const FIXTURE = new URL("../fixtures/saved-disk-v1", import.meta.url).pathname;
/** A USB stick's identity: FAT has no colon. */
const target = { id: "usb-Old_Stick-0:0", size: String(SIZE), serial: "OLD" };
const ranges = rangesOf(SIZE, [
  { start: 0, size: SIZE },
  { start: MIB, size: 3 * MIB },
]);

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "saved-"));
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "disk"), oldContent());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Something in every page, all of it different. */
function oldContent(): Buffer {
  const disk = Buffer.alloc(SIZE);
  for (let at = 0; at < SIZE; at += 512) disk.write(`sector ${at / 512}\n`, at);
  return disk;
}

/** The same action on the file, and below the test's folder; what only a block device has is left out. */
function onFile(action: Action): Action[] {
  const text = JSON.stringify(action)
    .replaceAll(`/dev/disk/by-id/${target.id}`, `${folder}/disk`)
    .replaceAll("/run/multiverse", folder);
  const own = JSON.parse(text) as Action;
  const blockDevice = /^(blockdev|udevadm|zdb|mdadm|cryptsetup|pvs|blkid)$/;
  return (own.do === "run" || own.do === "check") && blockDevice.test(own.argv[0]) ? [] : [own];
}

const step = (data: StepData): Step => ({ id: data.kind, title: "", risk: "reads", data });

async function does(phase: Phase, data: StepData): Promise<void> {
  const by: Performer = {
    ...{ run: createRun(), secrets: () => new Uint8Array(), signal: new AbortController().signal },
    ...{ onBytes: () => {}, onWarning: () => {} },
  };
  for (const action of actionsOf(step(data), phase, { ...samplePlan().evidence, saveTo: "/run/multiverse/state" }))
    for (const own of onFile(action)) await perform(own, by);
}

const save = { kind: "save-table", target, ranges } as const;
const clear = { kind: "clear-disk", target, ranges } as const;
const disk = () => readFileSync(join(folder, "disk"));
const saved = (name = "usb-Old_Stick-0%3A0") => join(folder, "state/saved", name);

test("what is cleared comes back byte by byte; what lies between is never touched", async () => {
  await does("actions", save);
  expect(disk()).toEqual(oldContent());
  await does("actions", clear);
  const cleared = disk();
  expect(cleared.subarray(0, MIB)).toEqual(Buffer.alloc(MIB));
  expect(cleared.subarray(SIZE - MIB)).toEqual(Buffer.alloc(MIB));
  const wanted = oldContent();
  for (const { start, bytes } of ranges) wanted.fill(0, Number(start), Number(start) + Number(bytes));
  expect(cleared.equals(wanted)).toBe(true);
  await does("undo", save);
  expect(disk().equals(oldContent())).toBe(true);
  expect(readdirSync(join(folder, "saving"))).toEqual([]);
});

test("a second archive keeps the first, and a third both", async () => {
  await does("actions", save);
  await does("actions", clear);
  await does("actions", save);
  await does("actions", save);
  expect(readdirSync(join(folder, "state/saved")).sort()).toEqual([
    "usb-Old_Stick-0%3A0",
    "usb-Old_Stick-0%3A0.old",
    "usb-Old_Stick-0%3A0.old.~1~",
  ]);
  cpSync(saved("usb-Old_Stick-0%3A0.old.~1~"), saved(), { recursive: true, force: true });
  await does("undo", save);
  expect(disk().equals(oldContent())).toBe(true);
});

describe("sad paths", () => {
  test("a damaged archive is refused before anything is written", async () => {
    await does("actions", save);
    await does("actions", clear);
    const before = disk();
    const path = join(saved(), "ranges.tar.zst");
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(does("undo", save)).rejects.toMatchObject({ code: "saved-damaged", exit: 5 });
    expect(disk().equals(before)).toBe(true);
  });

  test("an archive that was cut short, or is not there, is refused as well", async () => {
    await does("actions", save);
    const path = join(saved(), "ranges.tar.zst");
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    await expect(does("undo", save)).rejects.toMatchObject({ code: "saved-damaged" });
    rmSync(saved(), { recursive: true });
    await expect(does("undo", save)).rejects.toMatchObject({ code: "saved-damaged" });
  });

  test("where nothing can be saved, the step fails and nothing takes the archive's place", async () => {
    rmSync(join(folder, "state"), { recursive: true });
    writeFileSync(join(folder, "state"), "a file");
    await expect(does("actions", save)).rejects.toThrow();
    expect(disk()).toEqual(oldContent());
  });

  test("cut off while it was made, it is made anew and the half one is gone", async () => {
    mkdirSync(saved("usb-Old_Stick-0%3A0.new"), { recursive: true });
    writeFileSync(join(saved("usb-Old_Stick-0%3A0.new"), "ranges.tar.zst"), "half");
    await does("actions", save);
    expect(existsSync(saved("usb-Old_Stick-0%3A0.new"))).toBe(false);
    expect(readdirSync(saved()).sort()).toEqual(["SHA256SUMS", "manifest.json", "ranges.tar.zst"]);
  });
});

test("an archive of version 1 is put back", async () => {
  cpSync(join(FIXTURE, "usb-Old_Stick-0%3A0"), saved(), { recursive: true });
  const manifest: unknown = JSON.parse(readFileSync(join(saved(), "manifest.json"), "utf8"));
  expect(manifest).toEqual({
    ...{ version: 1, disk: target, archive: "ranges.tar.zst" },
    ranges: ranges.map(({ start, bytes }) => ({ file: `${start}.bin`, start, bytes })),
  });
  await does("actions", clear);
  await does("undo", save);
  expect(disk().equals(oldContent())).toBe(true);
});
