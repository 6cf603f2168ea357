// What stands between a mistake and a disk: the lock, the preflight, the secrets, the place of the journal.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { journalPlace } from "../../core/execute/journal-place.ts";
import { takeLock } from "../../core/execute/lock.ts";
import { preflight, programsOf, requireRoot } from "../../core/execute/preflight.ts";
import { readSecrets } from "../../core/execute/secrets.ts";
import { samplePlan } from "./sample-host.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "guard-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("the lock", () => {
  test("a second installer is refused with the first one's process", () => {
    const release = takeLock(join(directory, "lock"));
    expect(() => takeLock(join(directory, "lock"))).toThrow(
      expect.objectContaining({
        code: "already-running",
        exit: 4,
        evidence: [`process ${process.pid} holds the lock`],
      }),
    );
    release();
    takeLock(join(directory, "lock"))();
  });

  test("a lock whose holder is dead, or whose number is another program's by now, is taken over", () => {
    const { pid } = spawnSync("true");
    writeFileSync(join(directory, "lock"), `${pid} 1\n`);
    takeLock(join(directory, "lock"))();
    writeFileSync(join(directory, "lock"), `${process.pid} 1\n`);
    takeLock(join(directory, "lock"))();
    writeFileSync(join(directory, "lock"), "");
    takeLock(join(directory, "lock"))();
  });
});

describe("before the first write", () => {
  test("somebody who is not root is told so", () => {
    expect(() => requireRoot(1000)).toThrow(
      expect.objectContaining({ code: "not-root", exit: 4, hint: expect.stringContaining("sudo") }),
    );
  });

  test("all missing programs are named at once, with their packages", () => {
    const has = (program: string) => !["zpool", "mkfs.vfat"].includes(program);
    expect(() => preflight(samplePlan(), has)).toThrow(
      expect.objectContaining({
        ...{ code: "program-missing", exit: 4, message: expect.stringContaining("mkfs.vfat, zpool") },
        evidence: ["mkfs.vfat: package dosfstools", "zpool: package zfsutils-linux"],
      }),
    );
  });

  test("the programs are read off the plan itself", () => {
    expect(programsOf(samplePlan())).toEqual(
      expect.arrayContaining(["sfdisk", "zpool", "tar", "pv", "efibootmgr", "chroot"]),
    );
  });
});

describe("secrets", () => {
  const from = (text: string) => {
    const file = join(directory, "secret");
    writeFileSync(file, text);
    return readSecrets({ passphrase: { file } });
  };

  test("one that is missing says how to give it, and is exit 3", () => {
    expect(() => readSecrets({})("recovery-passphrase")).toThrow(
      expect.objectContaining({
        code: "secret-missing",
        exit: 3,
        hint: expect.stringContaining("--recovery-passphrase-file"),
      }),
    );
  });

  test.each([
    ["too short", "1234567\n"],
    ["two lines", "12345678\n12345678\n"],
    ["too long", "x".repeat(513)],
  ])("%s is refused without being shown", (_, text) => {
    try {
      from(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "secret-unusable", exit: 4 });
      expect(JSON.stringify(error)).not.toContain(text.trim());
    }
  });

  test("a file that cannot be read is named", () => {
    expect(() => readSecrets({ passphrase: { file: join(directory, "nothing") } })).toThrow(
      expect.objectContaining({ code: "secret-unreadable", message: expect.stringContaining("nothing") }),
    );
  });

  test("the line break at the end is not part of it", () => {
    expect(Buffer.from(from("päss phrase\n")("passphrase")).toString()).toBe("päss phrase");
  });
});

describe("where the journal lives", () => {
  test.each([
    ["nothing mounted there", "", false],
    ["the stick's partition", "/dev/sdb3 /run/multiverse/state vfat rw,relatime 0 0\n", true],
    ["the stick's partition turned read-only", "/dev/sdb3 /run/multiverse/state vfat ro,relatime 0 0\n", false],
    ["memory", "tmpfs /run/multiverse/state tmpfs rw 0 0\n", false],
  ])("%s", (_, mounts, durable) => {
    expect(journalPlace(mounts).durable).toBe(durable);
  });

  test("this machine's own mounts are readable", () => {
    expect(journalPlace(readFileSync("/proc/self/mounts", "utf8")).durable).toBe(false);
  });
});
