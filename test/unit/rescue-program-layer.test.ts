// What of node-pty goes next to the bundle.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { filesOfPty } from "../../rescue/program-layer.ts";

async function filesOf(names: readonly string[]): Promise<string[]> {
  const repo = mkdtempSync(join(tmpdir(), "pty-"));
  try {
    for (const name of names) {
      const path = join(repo, "node_modules/node-pty", name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "");
    }
    return await filesOfPty(repo);
  } finally {
    rmSync(repo, { recursive: true });
  }
}

test("without its compiled part, it is said how to make it", async () => {
  await expect(filesOf(["lib/index.js", "package.json"])).rejects.toMatchObject({
    code: "pty-not-compiled",
    hint: expect.stringContaining("npm rebuild node-pty"),
  });
});

test("what Linux needs, and no tests, maps or parts for Windows", async () => {
  const needed = ["build/Release/pty.node", "LICENSE", "package.json", "lib/index.js", "lib/unixTerminal.js"];
  const other = [
    "lib/index.js.map",
    "lib/terminal.test.js",
    "lib/windowsTerminal.js",
    "lib/conpty_console_list_agent.js",
  ];
  expect(await filesOf([...needed, ...other])).toEqual(needed);
});
