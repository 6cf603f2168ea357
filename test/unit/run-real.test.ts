// The door to programs, with real programs.
import { describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { createRun } from "../../core/tools/run-real.ts";

const run = createRun();
const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable(),
    (error: unknown) => error as ProgramError,
  );

describe("a program", () => {
  test("that is not there is told from one that failed", async () => {
    expect(await failure(run(["no-such-program"]))).toMatchObject({ reason: "missing", exit: null });
    expect(await failure(run(["sh", "-c", "echo why >&2; exit 3"]))).toMatchObject({
      reason: "exit",
      exit: 3,
      stderr: "why\n",
    });
  });

  test("that outlives its time is ended and called so", async () => {
    expect(await failure(run(["sleep", "1000"], { timeoutMs: 50 }))).toMatchObject({ reason: "timeout" });
  });

  test("ends with the signal that interrupts us", async () => {
    const control = new AbortController();
    const ended = failure(run(["sleep", "1000"], { signal: control.signal }));
    control.abort();
    expect(await ended).toBeInstanceOf(ProgramError);
  });

  test("speaks the C locale whatever this machine's is", async () => {
    expect((await run(["sh", "-c", "echo $LC_ALL"])).stdout).toBe("C\n");
  });

  test("run bare sees nothing of our environment", async () => {
    process.env.PLANTED = "planted";
    try {
      expect((await run(["env"], { bare: true })).stdout.split("\n").sort()).toEqual([
        ...["", "LANG=C", "LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
      ]);
      expect((await run(["env"])).stdout).toContain("PLANTED=planted");
    } finally {
      delete process.env.PLANTED;
    }
  });

  test("reads its secret from standard input, and no error repeats it", async () => {
    const error = await failure(run(["sh", "-c", "cat >/dev/null; exit 1"], { secret: Buffer.from("hush hush") }));
    expect(JSON.stringify(error) + error.message).not.toContain("hush");
  });

  test("gives its lines while it runs", async () => {
    const lines: string[] = [];
    await run(["printf", "one\\ntwo\\n"], { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(["one", "two"]);
  });
});

describe("a pipe", () => {
  test("names the stage that failed, not the neighbour that it cut off", async () => {
    const many = ["head", "-c", "50000000", "/dev/zero"] as const;
    expect((await failure(run.pipe([[...many], ["sh", "-c", "echo full >&2; exit 1"]]))).message).toContain("full");
    const read = await failure(run.pipe([["sh", "-c", "head -c 100000 /dev/zero; echo gone >&2; exit 2"], ["cat"]]));
    expect(read).toMatchObject({ exit: 2, stderr: "gone\n" });
  });

  test("counts every byte", async () => {
    let seen = 0;
    await run.pipe([["head", "-c", "12345678", "/dev/zero"], ["cat"]], { onBytes: (bytes) => (seen = bytes) });
    expect(seen).toBe(12_345_678);
  });
});
