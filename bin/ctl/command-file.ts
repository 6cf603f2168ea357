// A signed command in a file, for a host that cannot be reached from where the key is: the body of a command frame as it is.
import { readFile, writeFile } from "node:fs/promises";
import { type Envelope, parseEnvelope } from "../../core/control/envelope.ts";
import { type CommandBody, decodeCommand, encodeCommand } from "../../core/control/frames.ts";
import { Refusal } from "../../core/control/refusal.ts";
import { ActionableError, EXIT } from "../../core/errors.ts";

export interface CommandFile extends CommandBody {
  /** What the envelope says. */
  says: Envelope;
}

/** Never over another file: that may be a command that was not sent yet. */
export async function writeCommandFile(path: string, command: CommandBody): Promise<void> {
  try {
    await writeFile(path, encodeCommand(command), { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw wrong(`The command could not be written to ${path}.`, (cause as NodeJS.ErrnoException).code ?? "", cause);
  }
}

/** @throws ActionableError `command-file` */
export async function readCommandFile(path: string): Promise<CommandFile> {
  try {
    const command = decodeCommand(await readFile(path));
    return { ...command, says: parseEnvelope(command.envelope) };
  } catch (cause) {
    const why = cause instanceof Refusal ? cause.text : ((cause as NodeJS.ErrnoException).code ?? String(cause));
    throw wrong(`${path} is no signed command.`, why, cause);
  }
}

function wrong(message: string, why: string, cause: unknown): ActionableError {
  return new ActionableError({ code: "command-file", exit: EXIT.usage, message, evidence: [why], cause });
}
