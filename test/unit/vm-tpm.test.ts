// The TPM of a virtual machine: a real swtpm that listens before QEMU is started, and one that cannot.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { start } from "../../core/tools/run-real.ts";
import { startTpm } from "../../core/vm/tpm.ts";

const there = spawnSync("sh", ["-c", "command -v swtpm"]).status === 0;

describe.skipIf(!there)("startTpm (needs the package swtpm)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mv-vm-tpm-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const files = () => ({ state: join(folder, "state"), socket: join(folder, "s"), log: join(folder, "log") });

  test("listens when it returns, and keeps its memory from others", async () => {
    const tpm = await startTpm(start, files());
    expect(statSync(files().socket).isSocket()).toBe(true);
    expect(statSync(files().state).mode & 0o777).toBe(0o700);
    tpm.kill("SIGKILL");
    expect(await tpm.exited).toBeNull();
  });

  test("says where its words are when it cannot listen", async () => {
    const socket = join(folder, "nowhere/s");
    await expect(startTpm(start, { ...files(), socket })).rejects.toMatchObject({
      ...{ code: "tpm-start-failed", hint: expect.stringContaining(files().log) },
    });
    expect(existsSync(socket)).toBe(false);
  });
});
