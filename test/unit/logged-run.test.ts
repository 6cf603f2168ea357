// What programs say, for the log: bounded, scrubbed, never a secret.
import { expect, test } from "vitest";
import { loggedRun } from "../../core/execute/logged-run.ts";
import type { Argv, Run, RunOptions } from "../../core/tools/run.ts";

function logOf(lines: readonly string[], now: () => number = () => 0): { run: Run; log: string[] } {
  const log: string[] = [];
  const run: Run = Object.assign(
    async (argv: Argv, options: RunOptions = {}) => {
      for (const line of lines) options.onLine?.(line, "stderr");
      return { argv, exit: 0, stdout: "", stderr: "" };
    },
    {
      pipe: async (stages: readonly Argv[], options: { onLine?: (line: string, stage: Argv) => void } = {}) => {
        for (const line of lines) options.onLine?.(line, stages[0] ?? ["?"]);
      },
    },
  );
  return { run: loggedRun(run, (line) => log.push(line), now), log };
}

test("a secret is not told, not even where a program repeats it, then or later", async () => {
  const { run, log } = logOf(["you typed: hush hush!"]);
  await run(["zfs", "load-key", "x"], { secret: Buffer.from("hush hush!\n") });
  await run(["echo", "hush hush!"], { stdin: "root:$y$j9T$aaa$bbb" });
  expect(log).toEqual(["$ zfs load-key x", "  you typed: …", "$ echo '…'", "  you typed: …"]);
});

test("lines are scrubbed and cut; the caller still gets its own", async () => {
  const { run, log } = logOf([`\u001b[2J${"x".repeat(10_000)}`]);
  const got: string[] = [];
  await run.pipe(
    [
      ["tar", "-c"],
      ["tar", "-x"],
    ],
    { onLine: (line) => got.push(line) },
  );
  expect(log[0]).toBe("$ tar -c | tar -x");
  expect(log[1]?.length).toBeLessThanOrEqual(202);
  expect(log[1]).not.toContain("\u001b");
  expect(got[0]).toHaveLength(10_004);
});

test("a program that floods is counted, and told again when it has calmed down", async () => {
  let time = 0;
  const { run, log } = logOf(
    Array.from({ length: 1000 }, () => "flood"),
    () => time,
  );
  await run(["yes"]);
  expect(log).toHaveLength(100);
  time = 60_000;
  await run(["no"]);
  expect(log.slice(100, 102)).toEqual(["… 901 lines left out", "$ no"]);
});
