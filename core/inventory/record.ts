// Recorded machines: what the probe's commands said somewhere, and a Run that answers with it.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { ActionableError, EXIT, ProgramError } from "../errors.ts";
import type { Argv, Run, RunOptions, RunResult } from "../tools/run.ts";
import { commandLine } from "./command-line.ts";
import { mayLack } from "./commands.ts";
import { probe } from "./probe.ts";

const outputSchema = z.strictObject({
  stdout: z.string().describe("What the command wrote to standard output."),
  stderr: z.string().describe("What it wrote to standard error."),
  exit: z.int().describe("Its exit status; 127 when the program is not installed."),
});

export const machineSchema = z.strictObject({
  version: z.literal(1).describe("The version of this format: 1."),
  outputs: z
    .record(z.string(), outputSchema)
    .describe("The outputs by command line, the words quoted as in a shell where needed."),
});

/** A machine in a file: docs/schema/machine.json. */
export type MachineFile = z.infer<typeof machineSchema>;

/** Runs the probe and keeps what every command said. Holds serial numbers and addresses of the machine, no secrets. */
export async function recordMachine(run: Run, signal?: AbortSignal): Promise<MachineFile> {
  const outputs: MachineFile["outputs"] = {};
  const recording = makeRun(async (argv, options) => {
    try {
      const result = await run(argv, options);
      outputs[commandLine(argv)] = { stdout: result.stdout, stderr: result.stderr, exit: result.exit };
      return result;
    } catch (error) {
      if (error instanceof ProgramError)
        outputs[commandLine(argv)] = {
          stdout: "",
          stderr: error.stderr,
          exit: error.reason === "missing" ? 127 : (error.exit ?? 124),
        };
      throw error;
    }
  });
  await probe(recording, signal);
  // Sorted, so that two recordings can be compared line by line.
  return { version: 1, outputs: Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** A Run that knows only what was recorded; everything else is an error that names the command. */
export function replay(machine: MachineFile, name = "the recording"): Run {
  return makeRun(async (argv, options) => {
    const line = commandLine(argv);
    const output = Object.hasOwn(machine.outputs, line) ? machine.outputs[line] : undefined;
    if (output === undefined) {
      if (mayLack(line)) throw new ProgramError(argv, "missing", null, "not in the recording");
      throw notRecorded(name, line);
    }
    if (output.exit === 127) throw new ProgramError(argv, "missing", null, output.stderr);
    if (!(options?.ok ?? [0]).includes(output.exit)) throw new ProgramError(argv, "exit", output.exit, output.stderr);
    return { argv, ...output };
  });
}

/** Reads a machine from a file and answers for it. */
export async function replayMachine(path: string): Promise<Run> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw badMachine(path, cause instanceof Error && "code" in cause ? String(cause.code) : "it cannot be read", cause);
  }
  return replay(parseMachine(path, text), path);
}

/** @throws ActionableError `bad-machine-file` (exit 2) */
export function parseMachine(path: string, text: string): MachineFile {
  try {
    return machineSchema.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof z.ZodError)
      throw badMachine(
        path,
        cause.issues.map((issue) => `${issue.path.join(".") || "top"}: ${issue.message}`).join("; "),
        cause,
      );
    if (cause instanceof SyntaxError) throw badMachine(path, "it is not JSON", cause);
    throw cause;
  }
}

function makeRun(call: (argv: Argv, options?: RunOptions) => Promise<RunResult>): Run {
  return Object.assign(call, {
    pipe: async (): Promise<void> => {
      throw new ActionableError({
        code: "recorded-machine",
        exit: EXIT.usage,
        message: "A recorded machine cannot be installed to.",
        hint: "Leave --machine out to work on this machine.",
      });
    },
  });
}

function notRecorded(name: string, line: string): ActionableError {
  return new ActionableError({
    code: "not-recorded",
    exit: EXIT.usage,
    message: `${name} does not say what \`${line}\` answered.`,
    hint: "Record the machine again with `multiverse probe --output FILE`.",
  });
}

function badMachine(path: string, why: string, cause: unknown): ActionableError {
  return new ActionableError({
    code: "bad-machine-file",
    exit: EXIT.usage,
    message: `${path} is not a recorded machine.`,
    evidence: [why],
    hint: "Record one with `multiverse probe --output FILE`.",
    cause,
  });
}
