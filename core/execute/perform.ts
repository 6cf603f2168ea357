// Performs one action of a step on the real machine.
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ActionableError, EXIT, ProgramError } from "../errors.ts";
import type { Action, Expectation } from "../steps/action.ts";
import type { Run, RunResult } from "../tools/run.ts";
import type { Secrets } from "./secrets.ts";
import { READ_FAILED } from "./source-stopped.ts";

export interface Performer {
  run: Run;
  secrets: Secrets;
  signal: AbortSignal;
  onBytes: (bytes: number, total: number | null) => void;
  onWarning: (message: string) => void;
}

const EVERY_EXIT = Array.from({ length: 256 }, (_, code) => code);
const POLL_MS = 100;

/** Resolves when the action is done; throws what stopped it. */
export async function perform(action: Action, by: Performer): Promise<void> {
  by.signal.throwIfAborted();
  switch (action.do) {
    case "run":
      return runProgram(action, by);
    case "pipe":
      return pipe(action, by);
    case "write":
      // Replaces a symbolic link instead of following it: the target's links are the target's, not ours.
      return writeFile(action);
    case "check":
      return check(action, by);
    case "wait":
      return waitFor(action, by);
    default:
      return action satisfies never;
  }
}

/** Not synced one by one: a step that writes files ends with a sync of them all. */
function writeFile({ path, content, base64, mode }: Extract<Action, { do: "write" }>): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  // What is for root alone is never anybody else's, not even until chmod.
  writeFileSync(temporary, base64 ? Buffer.from(content, "base64") : content, { mode: 0o600 });
  chmodSync(temporary, Number.parseInt(mode, 8));
  renameSync(temporary, path);
}

async function runProgram(
  action: Extract<Action, { do: "run" }>,
  { run, secrets, signal, onWarning }: Performer,
): Promise<void> {
  const input =
    action.secret !== undefined
      ? { secret: secrets(action.secret) }
      : action.stdin !== undefined
        ? { stdin: action.stdin }
        : {};
  try {
    await run(action.argv, {
      ...input,
      ...{ signal, endsWithUs: true },
      timeoutMs: (action.seconds ?? 120) * 1000,
      ...(action.anyExit ? { ok: EVERY_EXIT } : {}),
    });
  } catch (error) {
    if (action.bestEffort === undefined || signal.aborted || !(error instanceof ProgramError)) throw error;
    onWarning(`${action.bestEffort} (${error.message})`);
  }
}

async function pipe(action: Extract<Action, { do: "pipe" }>, { run, signal, onBytes }: Performer): Promise<void> {
  const total = action.total === undefined ? null : Number(action.total);
  const readFailed = new AbortController();
  let seen = 0;
  await run.pipe(action.stages, {
    ...{ signal: AbortSignal.any([signal, readFailed.signal]), endsWithUs: true },
    // tar fills what it cannot read with zeros and goes on to the end of a dead medium: the first failure is enough.
    onLine: (line, stage) => {
      if (stage === action.stages[0] && READ_FAILED.test(line)) readFailed.abort();
    },
    timeoutMs: 24 * 3600 * 1000,
    onBytes: (bytes) => {
      seen = bytes;
      onBytes(bytes, total);
    },
  });
  if (total !== null && seen !== total) {
    throw new ActionableError({
      code: "source-ended-early",
      exit: EXIT.stepFailed,
      message: "The source ended before all of it was read.",
      evidence: [`${seen} of ${total} bytes came through from ${action.stages[0].join(" ")}`],
      hint: "The medium may be damaged: run `multiverse rescue verify`, or use another stick, then --resume.",
    });
  }
}

function meets(expect: Expectation, { exit, stdout, stderr }: RunResult): boolean {
  if ("exit" in expect) return (exit === 0) === (expect.exit === "zero");
  if ("oneOf" in expect) return expect.oneOf.some((text) => stdout.trim() === text.trim());
  if ("stdout" in expect) return exit === 0 && stdout.trim() === expect.stdout.trim();
  return exit === 0 && stdout.trim() === "" && stderr.trim() === "";
}

async function check(
  { argv, expect, otherwise }: Extract<Action, { do: "check" }>,
  { run, signal }: Performer,
): Promise<void> {
  const result = await run(argv, { ok: EVERY_EXIT, signal, endsWithUs: true });
  if (meets(expect, result)) return;
  const said = `${result.stdout}${result.stderr}`.trim();
  throw new ActionableError({
    code: otherwise.code,
    exit: EXIT.stepFailed,
    message: otherwise.message,
    evidence: [
      `${argv.join(" ")}: ${said === "" ? `exit status ${result.exit}` : said}`,
      `expected: ${JSON.stringify(expect)}`,
    ],
    hint: otherwise.hint,
  });
}

async function waitFor(
  { path, gone, seconds, otherwise }: Extract<Action, { do: "wait" }>,
  { signal }: Performer,
): Promise<void> {
  for (let left = (seconds * 1000) / POLL_MS; existsSync(path) === (gone === true); left -= 1) {
    if (left <= 0) {
      throw new ActionableError({
        code: otherwise.code,
        exit: EXIT.stepFailed,
        message: otherwise.message,
        evidence: [`${path} ${gone === true ? "is still there after" : "did not appear within"} ${seconds} s`],
        hint: otherwise.hint,
      });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}
