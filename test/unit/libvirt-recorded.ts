// A stand-in for virsh that answers from recorded outputs, and the ports of a source around it.
import { readFileSync } from "node:fs";
import { ProgramError } from "../../core/errors.ts";
import type { SourcePorts } from "../../core/status/source.ts";
import type { Argv, Run, RunOptions } from "../../core/tools/run.ts";

export const recorded = (name: string) =>
  readFileSync(new URL(`../fixtures/libvirt/${name}`, import.meta.url).pathname, "utf8");

/** What one command of virsh prints; null: it fails; "hangs": the whole program runs into its time. */
export type Answer = string | null | "hangs";

export interface StandIn {
  run: Run;
  /** Every program that was started. */
  programs: Argv[];
  /** Every command within them. */
  commands: string[];
}

const MARK = "==multiverse==";

/** `answer` is asked for each command of a batch, in order. Before one that hangs the others have printed theirs, as with the real one. */
export function standIn(answer: (command: string, argv: Argv) => Answer): StandIn {
  const programs: Argv[] = [];
  const commands: string[] = [];
  const once = async (argv: Argv, options?: RunOptions) => {
    options?.signal?.throwIfAborted();
    programs.push(argv);
    const script = argv.slice(argv.indexOf("-c") + 2);
    const batch = script.length === 1 ? (script[0] ?? "").split(`; echo '\n${MARK}\n'`) : [script.join(" ")];
    let stdout = "";
    let failed = "";
    for (const part of batch.map((text) => text.replace(/^; /, "")).filter((text) => text !== "")) {
      commands.push(part);
      const said = answer(part, argv);
      if (said === "hangs") {
        for (const line of stdout.split("\n").slice(0, -1)) options?.onLine?.(line, "stdout");
        throw new ProgramError(argv, "timeout", null, "");
      }
      if (said === null) failed += `error: ${part.split(" ")[0]} did not work\n`;
      stdout += script.length === 1 ? `${said ?? ""}\n${MARK}\n` : (said ?? "");
    }
    if (failed !== "" && script.length > 1) throw new ProgramError(argv, "exit", 1, failed);
    return { argv, exit: 0, stdout, stderr: failed };
  };
  const run: Run = Object.assign(once, { pipe: async () => {} });
  return { run, programs, commands };
}

export interface Clock {
  now: number;
}

/** 2026-11-20 21:00 UTC when the monotonic clock shows 0. */
export const WALL_AT_ZERO = Date.UTC(2026, 10, 20, 21);

export function portsOf(run: Run, clock: Clock, files: Readonly<Record<string, string>> = {}): SourcePorts {
  return {
    run,
    read: async (path) => files[path] ?? null,
    list: async () => [],
    link: async () => null,
    monotonic: () => clock.now,
    wall: () => WALL_AT_ZERO + clock.now,
  };
}
