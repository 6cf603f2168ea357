// A TPM 2.0 for a machine: swtpm beside QEMU, its memory in a folder that outlives both.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { ActionableError, EXIT } from "../errors.ts";
import type { Argv, Start, Started } from "../tools/run.ts";

export interface TpmFiles {
  /** Where it keeps its memory; made where it is missing. */
  state: string;
  /** Its control socket, which QEMU connects to. */
  socket: string;
  /** What it says. */
  log: string;
}

const START_MS = 30_000;
const POLL_MS = 20;

/** swtpm(8). It ends with the process that started it. */
export function tpmArgv({ state, socket }: Pick<TpmFiles, "state" | "socket">): Argv {
  return [
    ...(["setpriv", "--pdeathsig", "KILL", "swtpm", "socket", "--tpm2"] as const),
    ...["--tpmstate", `dir=${state}`, "--ctrl", `type=unixio,path=${socket}`],
  ];
}

/** Returns when it listens. Throws ProgramError where swtpm is missing, ActionableError "tpm-start-failed". */
export async function startTpm(start: Start, files: TpmFiles): Promise<Started> {
  await mkdir(files.state, { recursive: true, mode: 0o700 });
  const program = await start(tpmArgv(files), { stdoutFile: files.log, stderrFile: files.log });
  let ended = false;
  void program.exited.then(() => {
    ended = true;
  });
  const deadline = performance.now() + START_MS;
  // It says nothing when it listens; its socket is what there is to see.
  while (!existsSync(files.socket)) {
    if (ended || performance.now() > deadline) {
      program.kill("SIGKILL");
      throw new ActionableError({
        ...{ code: "tpm-start-failed", exit: EXIT.stepFailed, message: "The TPM of a virtual machine did not start." },
        hint: `Its own words are in ${files.log}.`,
      });
    }
    await setTimeout(POLL_MS);
  }
  return program;
}
