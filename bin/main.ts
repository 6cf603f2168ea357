// The program: connects the command line to the process, its signals and its exit code.
import { writeSync } from "node:fs";
import { EXIT } from "../core/errors.ts";
import { lazyRun } from "./lazy-run.ts";
import { parseArguments } from "./parse-arguments.ts";
import { reportError } from "./report-error.ts";
import type { Context, Verb } from "./verb.ts";
import { isForScreens, screensVerb } from "./verbs/screens.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The second time means it: whoever waits for the first to take effect has lost patience.
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort(new Error(`ended by ${signal}`));
  });
}

/** `multiverse plan | head` closes our output early; that is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  throw error;
});

const words = process.argv.slice(2);
const context: Context = {
  run: lazyRun(),
  signal: stop.signal,
  out: (text) => void process.stdout.write(text),
  say: (text) => void process.stderr.write(text),
};

/**
 * The verbs read specs and need much that the first screen does not: they are loaded only when one is named. Those here
 * need nothing of it: one runs for ever, the other is started often.
 */
const SMALL: Readonly<Record<string, () => Promise<Verb>>> = {
  status: async () => (await import("./verbs/status.ts")).statusVerb,
  daemon: async () => (await import("./verbs/daemon.ts")).daemonVerb,
};

try {
  process.exitCode = await start();
} catch (error) {
  const interrupted = stop.signal.aborted && error === stop.signal.reason;
  const report = reportError(error, process.env.MULTIVERSE_DEBUG === "1");
  writeSync(2, interrupted ? "multiverse: interrupted\n" : report.text);
  process.exitCode = interrupted ? EXIT.interrupted : report.exit;
}

async function start(): Promise<number> {
  if (isForScreens(words) && (words.length > 0 || process.stdout.isTTY))
    return (await screensVerb.run(context, parseArguments(screensVerb, words), words)) ?? EXIT.done;
  const [name = "", ...rest] = words;
  const small = Object.hasOwn(SMALL, name) ? await SMALL[name]?.() : undefined;
  if (small !== undefined && !rest.includes("--help") && !rest.includes("-h"))
    return (await small.run(context, parseArguments(small, rest), rest)) ?? EXIT.done;
  const { dispatch } = await import("./dispatch.ts");
  return dispatch(words, context);
}
