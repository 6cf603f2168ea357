// One action on a real machine: what each failure is called, and what is never said.
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { type Performer, perform } from "../../core/execute/perform.ts";
import type { Argv, Run, RunOptions } from "../../core/tools/run.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "perform-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Said {
  exit?: number;
  stdout?: string;
  stderr?: string;
  /** Bytes that go through a pipe. */
  bytes?: number;
}

function performer(said: Said): Performer & { warnings: string[]; calls: { argv: Argv; options: RunOptions }[] } {
  const warnings: string[] = [];
  const calls: { argv: Argv; options: RunOptions }[] = [];
  const run: Run = Object.assign(
    async (argv: Argv, options: RunOptions = {}) => {
      calls.push({ argv, options });
      const exit = said.exit ?? 0;
      if (!(options.ok ?? [0]).includes(exit)) throw new ProgramError(argv, "exit", exit, said.stderr ?? "");
      return { argv, exit, stdout: said.stdout ?? "", stderr: said.stderr ?? "" };
    },
    {
      pipe: async (_: readonly Argv[], options: { onBytes?: (bytes: number) => void } = {}) =>
        options.onBytes?.(said.bytes ?? 0),
    },
  );
  return {
    ...{ run, warnings, calls, signal: new AbortController().signal, secrets: () => Buffer.from("hush hush") },
    ...{ onBytes: () => {}, onWarning: (message: string) => warnings.push(message) },
  };
}

const otherwise = { code: "not-clear", message: "It is not clear.", hint: "Look." };

describe("a copy", () => {
  const copy = {
    do: "pipe",
    stages: [
      ["tar", "-c"],
      ["tar", "-x"],
    ],
    total: "100",
  } as const;

  test("whose source gave less than all is refused with both numbers", async () => {
    await expect(
      perform(
        {
          ...copy,
          stages: [
            ["tar", "-c"],
            ["tar", "-x"],
          ],
        },
        performer({ bytes: 99 }),
      ),
    ).rejects.toMatchObject({
      ...{ code: "source-ended-early", exit: 5, evidence: ["99 of 100 bytes came through from tar -c"] },
    });
  });

  test("whose bytes all came is done", async () => {
    await perform(
      {
        ...copy,
        stages: [
          ["tar", "-c"],
          ["tar", "-x"],
        ],
      },
      performer({ bytes: 100 }),
    );
  });
});

describe("a check", () => {
  test.each([
    ["output that should be empty", { stdout: "ext4\n" }, { output: "empty" }],
    ["another text", { stdout: "12\n" }, { stdout: "13" }],
    ["a failure where success was wanted", { exit: 1 }, { exit: "zero" }],
    ["success where a failure was wanted", { exit: 0 }, { exit: "not-zero" }],
    ["the right text, but a failed program", { exit: 1, stdout: "13\n" }, { stdout: "13" }],
  ] as const)("fails on %s, with the tool's words", async (_, said, expectation) => {
    const error = await perform(
      { do: "check", argv: ["lsblk", "x"], expect: expectation, otherwise },
      performer(said),
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "not-clear", exit: 5, hint: "Look." });
    expect((error as { evidence: string[] }).evidence[0]).toMatch(/^lsblk x: /);
  });
});

describe("a program", () => {
  test("that may fail is a warning with its last words", async () => {
    const by = performer({ exit: 2, stderr: "No space left on device" });
    await perform({ do: "run", argv: ["efibootmgr"], bestEffort: "The firmware did not take it." }, by);
    expect(by.warnings).toEqual([expect.stringMatching(/^The firmware did not take it\. .*No space left on device/)]);
  });

  test("gets its secret on standard input, never in its words", async () => {
    const by = performer({});
    await perform({ do: "run", argv: ["zfs", "load-key", "x"], secret: "passphrase" }, by);
    expect(by.calls[0]?.argv).toEqual(["zfs", "load-key", "x"]);
    expect(Buffer.from(by.calls[0]?.options.secret ?? []).toString()).toBe("hush hush");
  });
});

describe("a file", () => {
  test("replaces a link of the target instead of writing through it", async () => {
    const outside = join(directory, "outside");
    writeFileSync(outside, "untouched");
    symlinkSync(outside, join(directory, "link"));
    await perform({ do: "write", path: join(directory, "link"), content: "new\n", mode: "0640" }, performer({}));
    expect(readFileSync(outside, "utf8")).toBe("untouched");
    expect(readFileSync(join(directory, "link"), "utf8")).toBe("new\n");
    expect(statSync(join(directory, "link")).mode & 0o777).toBe(0o640);
  });
});

test("a path that does not come is refused, not waited for without end", async () => {
  const action = { do: "wait", path: join(directory, "nothing"), seconds: 0, otherwise } as const;
  await expect(perform(action, performer({}))).rejects.toMatchObject({ code: "not-clear" });
});

test("nothing is begun once it was interrupted", async () => {
  const by = performer({});
  await expect(perform({ do: "run", argv: ["zpool"] }, { ...by, signal: AbortSignal.abort() })).rejects.toThrow();
  expect(by.calls).toEqual([]);
});
