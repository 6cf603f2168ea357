import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Argv, Run } from "../../core/tools/run.ts";
import { realBackend } from "../../screens/backend/real.ts";
import { readAdminKey } from "../../screens/backend/stick.ts";

function noting(): { run: Run; started: Argv[] } {
  const started: Argv[] = [];
  const run: Run = Object.assign(
    async (argv: Argv) => {
      started.push(argv);
      return { argv, exit: 0, stdout: "", stderr: "" };
    },
    { pipe: async (stages: readonly Argv[]) => void started.push(...stages) },
  );
  return { run, started };
}

const about = { home: "/nowhere", version: "0", tty: "/dev/tty1" };

test.each([
  { machine: null, rescue: false },
  { machine: "recorded.json", rescue: true },
  { machine: "recorded.json", rescue: false },
])(
  "a machine that does not run the rescue system is neither restarted nor given another keyboard: %j",
  async (place) => {
    const { run, started } = noting();
    const backend = realBackend({ run, ...about, ...place });
    await expect(backend.reboot()).rejects.toMatchObject({ code: "not-the-rescue-system" });
    await expect(backend.powerOff()).rejects.toMatchObject({ code: "not-the-rescue-system" });
    await backend.applyKeyboard("de");
    expect(started).toEqual([]);
  },
);

test("the rescue system is", async () => {
  const { run, started } = noting();
  const backend = realBackend({ run, ...about, machine: null, rescue: true });
  await backend.reboot();
  await backend.powerOff();
  await backend.applyKeyboard("de");
  expect(started.map(([program, word]) => `${program} ${word}`)).toEqual([
    "systemctl reboot",
    "systemctl poweroff",
    "ckbcomp -model",
    "loadkeys -q",
  ]);
});

describe("the admin's key on the stick", () => {
  const read = async (text: string | null) => {
    const folder = await mkdtemp(join(tmpdir(), "stick-"));
    try {
      if (text !== null) await writeFile(join(folder, "admin.pub"), text);
      return await readAdminKey(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  test.each([null, "", "# ask me\n", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])("is none in %j", async (text) => {
    expect(await read(text)).toBeNull();
  });

  test("is the first line that is one", async () => {
    expect(await read("# grace's\nssh-ed25519 AAAA grace\nssh-ed25519 BBBB other\n")).toBe("ssh-ed25519 AAAA grace");
  });
});
