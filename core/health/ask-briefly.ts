// Asks programs for status: each gets a few seconds, and one that cannot even be killed is not started a second time.
import { type Answer, ask } from "../inventory/ask-program.ts";
import { scrub } from "../inventory/scrub.ts";
import type { Argv, Run } from "../tools/run.ts";

export interface BriefAnswer extends Answer {
  /** It did not end in its time, or one that was asked before has still not ended. */
  hung: boolean;
}

/** Like `ask`, with a limit in milliseconds. Rejects only when the signal is aborted. */
export type AskBriefly = (run: Run, argv: Argv, ms: number, signal: AbortSignal) => Promise<BriefAnswer>;

const HUNG: BriefAnswer = { stdout: "", stderr: "", exit: null, missing: false, hung: true };

/**
 * A program that waits for a dead disk is in uninterruptible sleep: SIGKILL does not end it, and `run` never returns. So
 * the wait is given up on our side, and the same command is not started again while the former one is there: each poll
 * would leave one more. One per source: it remembers.
 */
export function briefAsker(): AskBriefly {
  const running = new Set<string>();
  return async (run, argv, ms, signal) => {
    signal.throwIfAborted();
    const line = argv.join("\0");
    if (running.has(line)) return HUNG;
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    running.add(line);
    // A little more than ours, which so is always the one that tells.
    const answer = ask(run, argv, both, ms + 1_000).finally(() => running.delete(line));
    const { promise: given, resolve, reject } = Promise.withResolvers<BriefAnswer>();
    const timer = setTimeout(() => resolve(HUNG), ms);
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([given, answer.then((said) => ({ ...said, hung: false }))]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      // Nobody waits any more: what still runs is ended, and how it ends is nobody's error.
      answer.catch(() => {});
      ended.abort();
    }
  };
}

/** The last words of a program that gave no answer, as one sentence for the part's failure. */
export function whyNoAnswer(program: string, answer: BriefAnswer): string {
  if (answer.hung) return `${program} does not answer.`;
  if (answer.missing) return `${program} is not installed.`;
  const said = scrub(answer.stderr.trim().split("\n").at(-1));
  return said === "" ? `${program} ended with status ${answer.exit ?? "unknown"}.` : `${program}: ${said}`;
}
