// A Run that tells of every program it starts and every line that one says: bounded, scrubbed, and without secrets.
import { commandLine } from "../inventory/command-line.ts";
import { scrub } from "../inventory/scrub.ts";
import type { Argv, PipeOptions, Run, RunOptions } from "../tools/run.ts";

/** More than this many lines at once, and then so many a second, are counted instead of told. */
const BURST = 100;
const PER_SECOND = 20;
/** Shorter than any passphrase that is taken; a value this short would match by chance. */
const SHORTEST_SECRET = 4;

/** @param now milliseconds on a clock that only goes forward */
export function loggedRun(run: Run, onLog: (line: string) => void, now: () => number): Run {
  const secrets = new Set<string>();
  const tell = bounded(onLog, now);
  const say = (mark: "$ " | "  ", text: string) => {
    let line = text;
    for (const secret of secrets) line = line.replaceAll(secret, "…");
    tell(`${mark}${scrub(line)}`);
  };
  const start = (stages: readonly Argv[]) => say("$ ", stages.map(commandLine).join(" | "));
  const call = async (argv: Argv, options: RunOptions = {}) => {
    // Whoever gets it might say it: what a program got as a secret is taken out of all that is told from then on.
    const secret = options.secret === undefined ? "" : Buffer.from(options.secret).toString("utf8").trim();
    if (secret.length >= SHORTEST_SECRET) secrets.add(secret);
    start([argv]);
    return run(argv, {
      ...options,
      onLine: (line, stream) => {
        say("  ", line);
        options.onLine?.(line, stream);
      },
    });
  };
  const pipe = async (stages: readonly Argv[], options: PipeOptions = {}) => {
    start(stages);
    return run.pipe(stages, {
      ...options,
      onLine: (line, stage) => {
        say("  ", line);
        options.onLine?.(line, stage);
      },
    });
  };
  return Object.assign(call, { pipe });
}

/** Lets so many through; the next one that passes says how many did not. */
function bounded(onLog: (line: string) => void, now: () => number): (line: string) => void {
  let credit = BURST;
  let at = now();
  let dropped = 0;
  return (line) => {
    const time = now();
    credit = Math.min(BURST, credit + ((time - at) * PER_SECOND) / 1000);
    at = time;
    if (credit < 1) {
      dropped += 1;
      return;
    }
    credit -= 1;
    if (dropped > 0) onLog(`… ${dropped} lines left out`);
    dropped = 0;
    onLog(line);
  };
}
