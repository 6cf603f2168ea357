// How virsh is called: fixed arguments, several of its commands in one program, domains named by UUID only.
import { ProgramError } from "../errors.ts";
import type { Argv, Run } from "../tools/run.ts";

export const SYSTEM_URI = "qemu:///system";

export interface Virsh {
  run: Run;
  uri: string;
}

export interface Batch {
  /** What each command printed, in their order; "" of one that failed, for virsh goes on with the next. */
  answers: string[];
  stderr: string;
  /** The time was over before the last one had answered; only where `partial` was asked for. */
  cutShort: boolean;
}

const MARK = "==multiverse==";

/**
 * Runs several commands of virsh in one program; virsh splits its one argument at ";" itself, so nothing of a guest's
 * or a person's may stand in `commands`: only UUIDs and words of our own (`isUuid` guards the callers).
 * With `partial`, what had been answered when the time was over is kept.
 * `-r` asks for the connection that can change nothing.
 * Throws Error with one sentence when virsh is missing, libvirt does not answer or the time is over.
 */
export async function virshBatch(
  { run, uri }: Virsh,
  commands: readonly string[],
  options: { readOnly: boolean; timeoutMs: number; signal?: AbortSignal; partial?: boolean },
): Promise<Batch> {
  // In quiet mode `echo` prints just its argument, so the line breaks are in that.
  const script = commands.map((command) => `${command}; echo '\n${MARK}\n'`).join("; ");
  const argv: Argv = ["virsh", ...(options.readOnly ? ["-r"] : []), "-q", "-c", uri, script];
  let soFar = "";
  const gather = (line: string, stream: "stdout" | "stderr") => {
    if (stream === "stdout") soFar += `${line}\n`;
  };
  try {
    const { stdout, stderr } = await run(argv, {
      timeoutMs: options.timeoutMs,
      // The status is that of the last command; each one's success is seen from what it printed.
      ok: [0, 1],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.partial === true ? { onLine: gather } : {}),
    });
    const answers = stdout.split(`\n${MARK}\n`);
    // Without a connection not even echo runs.
    if (answers.length <= 1) throw new Error(`libvirt does not answer: ${lastError(stderr)}`);
    return { answers: answers.slice(0, commands.length), stderr, cutShort: false };
  } catch (error) {
    if (options.partial === true && error instanceof ProgramError && error.reason === "timeout") {
      return { answers: soFar.split(`\n${MARK}\n`).slice(0, -1), stderr: error.stderr, cutShort: true };
    }
    throw plain(error, options.timeoutMs);
  }
}

function plain(error: unknown, timeoutMs: number): unknown {
  if (!(error instanceof ProgramError)) return error;
  const words = {
    missing: "libvirt is not installed here: there is no virsh",
    timeout: `libvirt did not answer within ${timeoutMs / 1000} s`,
    signal: "the question to libvirt was given up",
    exit: `libvirt does not answer: ${lastError(error.stderr)}`,
  };
  return new Error(words[error.reason], { cause: error });
}

/** The last thing virsh complained about, without its "error: ". */
export function lastError(stderr: string): string {
  const lines = stderr.split("\n").flatMap((line) => /^error: (.*\S)/.exec(line)?.[1] ?? []);
  return lines.at(-1) ?? (stderr.trim().split("\n").at(-1) || "virsh gave no reason");
}

export const isUuid = (text: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
