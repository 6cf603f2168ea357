// The command line without a process: what it prints, and its exit code.
import { dispatch } from "../../bin/dispatch.ts";
import { reportError } from "../../bin/report-error.ts";
import type { Run } from "../../core/tools/run.ts";

export const NO_RUN: Run = Object.assign(
  async () => {
    throw new Error("this must not start a program");
  },
  { pipe: async () => {} },
);

/** What the command line prints, and its exit code. */
export async function cli(...words: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const context = {
    run: NO_RUN,
    signal: new AbortController().signal,
    out: (text: string) => {
      out += text;
    },
    say: (text: string) => {
      err += text;
    },
  };
  try {
    return { exit: await dispatch(words, context), out, err };
  } catch (error) {
    const report = reportError(error, false);
    return { exit: report.exit, out, err: err + report.text };
  }
}
