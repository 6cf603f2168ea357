// The door to programs, with real programs.
import { spawn, spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { createRun, follow } from "../../core/tools/run-real.ts";

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

  test("that ends with us is told from one that failed, too", async () => {
    expect(await failure(run(["no-such-program"], { endsWithUs: true }))).toMatchObject({ reason: "missing" });
    expect(await failure(run(["sh", "-c", "exit 127"], { endsWithUs: true }))).toMatchObject({ reason: "exit" });
    expect((await run(["echo", "--", "-x"], { endsWithUs: true })).stdout).toBe("-- -x\n");
  });

  test.each([
    ["alone", "run(['sh', '-c', words], { endsWithUs: true })"],
    ["in a pipe", "run.pipe([['sh', '-c', words], ['sleep', '1000']], { endsWithUs: true })"],
  ])("that ends with us is killed when we are killed: %s", async (_, call) => {
    const folder = mkdtempSync(join(tmpdir(), "mv-run-"));
    const pipe = join(folder, "pipe");
    spawnSync("mkfifo", [pipe]);
    const script = `import { createRun } from ${JSON.stringify(new URL("../../core/tools/run-real.ts", import.meta.url).pathname)};
      const run = createRun(); const words = "exec 3>${pipe}; echo up >&3; exec sleep 1000"; await ${call};`;
    const us = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { stdio: "ignore" });
    // The pipe ends when the last one who may write to it is gone, and that is the program.
    let said = "";
    for await (const chunk of createReadStream(pipe, "utf8")) {
      said += chunk;
      us.kill("SIGKILL");
    }
    expect(said).toBe("up\n");
    rmSync(folder, { recursive: true });
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

describe("a program that is followed", () => {
  const followed = (script: string, onLine: (line: string, stop: () => void) => void = () => {}) => {
    const control = new AbortController();
    const stop = () => control.abort();
    return follow(["sh", "-c", script], { onLine: (line) => onLine(line, stop), signal: control.signal });
  };

  test("that is not there, fails or is killed says which, with its last words", async () => {
    const { signal } = new AbortController();
    expect(await follow(["no-such-program"], { onLine: () => {}, signal })).toMatchObject({ reason: "missing" });
    expect(await followed("echo why >&2; exit 3")).toEqual({ reason: "exit", exit: 3, said: "why\n" });
    expect(await followed("kill -9 $$")).toMatchObject({ reason: "signal", exit: null });
  });

  test("ends when it is stopped, even before it began, and even if it will not", async () => {
    expect(await followed("echo on; exec sleep 1000", (_line, stop) => stop())).toMatchObject({ reason: "stopped" });
    const early = new AbortController();
    early.abort();
    expect(await follow(["sleep", "1000"], { onLine: () => {}, signal: early.signal })).toMatchObject({
      reason: "stopped",
    });
    const stubborn = "trap '' TERM; echo on; while :; do sleep 0.1; done";
    expect(await followed(stubborn, (_line, stop) => stop())).toMatchObject({ reason: "stopped" });
  });

  test("gives every line, and of a very long one the beginning", async () => {
    const lines: string[] = [];
    const script = "echo one; head -c 1000000 /dev/zero | tr '\\0' x; echo; echo two; printf half";
    await followed(script, (line) => lines.push(line));
    expect(lines.map((line) => line.length)).toEqual([3, 65_536, 3]);
  });

  test("keeps nothing of what it says for ever", async () => {
    const { said } = await followed("head -c 1000000 /dev/zero | tr '\\0' x >&2");
    expect(said).toHaveLength(1024);
  });

  test("that leaves a child with its output behind is over all the same", async () => {
    let left = 0;
    expect(await followed("sleep 1000 & echo $!", (line) => (left = Number(line)))).toMatchObject({ exit: 0 });
    process.kill(left);
  });

  test("a dozen at once are no leak", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on("warning", onWarning);
    await Promise.all(Array.from({ length: 12 }, () => followed("exit 0")));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
    expect(process.listeners("exit").filter(({ name }) => name === "killFollowed")).toEqual([]);
  });
});
