// Asking a program with a limit: what is given up is ended, and what cannot be ended is not started again.
import { expect, test } from "vitest";
import { briefAsker, whyNoAnswer } from "../../core/health/ask-briefly.ts";
import type { Argv, Run, RunOptions, RunResult } from "../../core/tools/run.ts";
import { createRun } from "../../core/tools/run-real.ts";

const never = new AbortController().signal;

/** The real door, keeping what becomes of each program. */
function watched(): { run: Run; ends: Promise<RunResult>[] } {
  const real = createRun();
  const ends: Promise<RunResult>[] = [];
  const call = (argv: Argv, options?: RunOptions) => {
    const end = real(argv, options);
    ends.push(end);
    return end;
  };
  return { run: Object.assign(call, { pipe: real.pipe }), ends };
}

test("a real program that takes too long is given up and ended, and may be asked again", async () => {
  const { run, ends } = watched();
  const ask = briefAsker();
  const answer = await ask(run, ["sleep", "600"], 20, never);
  expect(answer).toMatchObject({ hung: true, exit: null });
  expect(whyNoAnswer("sleep", answer)).toBe("sleep does not answer.");
  await expect(ends[0]).rejects.toThrow("sleep was ended by a signal");
  expect(await ask(run, ["sleep", "600"], 20, never)).toMatchObject({ hung: true });
  expect(ends).toHaveLength(2);
  await expect(ends[1]).rejects.toThrow("sleep");
});

test("giving up the whole reading ends the program, too", async () => {
  const { run, ends } = watched();
  const reading = new AbortController();
  const asking = briefAsker()(run, ["sleep", "600"], 60_000, reading.signal);
  reading.abort(new Error("given up"));
  await expect(asking).rejects.toThrow("given up");
  await expect(ends[0]).rejects.toThrow("sleep");
  const before = briefAsker()(run, ["sleep", "600"], 60_000, reading.signal);
  await expect(before).rejects.toThrow("given up");
  expect(ends).toHaveLength(1);
});

test("what answers, answers: whatever it ends with, and also where it is missing", async () => {
  const ask = briefAsker();
  const { run } = watched();
  expect(await ask(run, ["sh", "-c", "echo said; exit 3"], 60_000, never)).toMatchObject({
    ...{ stdout: "said\n", exit: 3, hung: false },
  });
  const missing = await ask(run, ["no-such-program-here"], 60_000, never);
  expect(whyNoAnswer("no-such-program-here", missing)).toBe("no-such-program-here is not installed.");
  const failed = await ask(run, ["sh", "-c", "printf 'one\\n\\033[2Jtwo\\n' >&2; exit 1"], 60_000, never);
  expect(whyNoAnswer("sh", failed)).toBe("sh: ?[2Jtwo");
  expect(whyNoAnswer("sh", await ask(run, ["sh", "-c", "exit 4"], 60_000, never))).toBe("sh ended with status 4.");
});
