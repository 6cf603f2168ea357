// A host in a file, as what its status sources use of the outside; and what can be wrong with it.
import { readFileSync } from "node:fs";
import { ProgramError } from "../../core/errors.ts";
import { commandLine } from "../../core/inventory/command-line.ts";
import type { SourcePorts } from "../../core/status/source.ts";
import type { Argv, Run } from "../../core/tools/run.ts";

type Output = { stdout: string; stderr: string; exit: number };

export interface RecordedHost {
  /** By command line. A command that is not there is not installed; "hangs" never ends, whatever is done to it. */
  outputs: Record<string, Output | "hangs">;
  files: Record<string, string>;
  folders: Record<string, string[]>;
  links: Record<string, string>;
}

/** test/fixtures/health/jupiter.json: test/fixtures/health/README.md says where it is from. */
export function jupiter(change: (host: RecordedHost) => void = () => {}): RecordedHost {
  const host: RecordedHost = JSON.parse(
    readFileSync(new URL("../fixtures/health/jupiter.json", import.meta.url), "utf8"),
  );
  change(host);
  return host;
}

export const NOTHING: RecordedHost = { outputs: {}, files: {}, folders: {}, links: {} };

/** Everything below a command of this name changes. */
export function everyOutput(host: RecordedHost, program: RegExp, output: Output | "hangs"): void {
  for (const line of Object.keys(host.outputs)) if (program.test(line)) host.outputs[line] = output;
}

export const words = (stdout: string, exit = 0, stderr = ""): Output => ({ stdout, stderr, exit });

export interface Recorded extends SourcePorts {
  /** The command lines that were started. */
  started: string[];
  /** Moves the monotonic clock. */
  later(ms: number): void;
}

export function portsOf(host: RecordedHost): Recorded {
  let now = 1_000;
  const started: string[] = [];
  const call = async (argv: Argv, options?: Parameters<Run>[1]) => {
    const line = commandLine(argv);
    started.push(line);
    const output = Object.hasOwn(host.outputs, line) ? host.outputs[line] : undefined;
    if (output === "hangs") return await new Promise<never>(() => {});
    if (output === undefined) throw new ProgramError(argv, "missing", null, "");
    if (!(options?.ok ?? [0]).includes(output.exit)) throw new ProgramError(argv, "exit", output.exit, output.stderr);
    return { argv, ...output };
  };
  return {
    started,
    later: (ms) => {
      now += ms;
    },
    run: Object.assign(call, { pipe: async () => {} }),
    read: async (path) => host.files[path] ?? null,
    list: async (path) => host.folders[path] ?? [],
    link: async (path) => host.links[path] ?? null,
    monotonic: () => now,
    wall: () => 1_795_190_000_000,
  };
}
