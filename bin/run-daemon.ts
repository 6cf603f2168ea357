// The daemon multiversed: every source of status, the socket that tells of them, and the commands, until it is stopped.
import { once } from "node:events";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ActionableError, EXIT } from "../core/errors.ts";
import { makeBoard } from "../core/status/board.ts";
import { startHub } from "../core/status/hub.ts";
import { monotonicNow } from "../core/status/monotonic.ts";
import { realPorts } from "../core/status/real-ports.ts";
import { openStatusSocket } from "../core/status/socket.ts";
import { makeSources } from "../core/status/sources.ts";
import { follow } from "../core/tools/run-real.ts";
import { openDaemonControl } from "./daemon-control.ts";
import type { Context } from "./verb.ts";
import { version } from "./version.ts";

export interface DaemonFolders {
  runFolder: string;
  stateFolder: string;
  etcFolder: string;
}

/** On the data set of the logs: rolling back the one with the audit log does not take it along. */
const ANCHOR = "/var/log/multiverse/audit-anchor.json";
const HOST_KEY = "/etc/ssh/host-keys/ssh_host_ed25519_key";
const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/** Ends in good order when the context's signal is aborted. */
export async function runDaemon(context: Context, folders: DaemonFolders): Promise<void> {
  const { run, signal, say } = context;
  const boot = (await readFile(BOOT_ID, "utf8")).trim();
  await makeFolder(folders.runFolder);
  const board = makeBoard();
  const status = await openStatusSocket({
    path: join(folders.runFolder, "status.sock"),
    ...{ board, boot, monotonic: monotonicNow },
  });
  const hub = startHub({ sources: makeSources(version(), board), ports: realPorts(run), follow, board });
  try {
    const control = await openDaemonControl({
      ...{ context, ...folders, board, boot },
      ...{ anchorFile: ANCHOR, hostKey: HOST_KEY },
    });
    say(
      `multiversed: status at ${join(folders.runFolder, "status.sock")}${control === null ? "; takes no commands" : ""}\n`,
    );
    await tellReady(context);
    if (!signal.aborted) await once(signal, "abort");
    await control?.close();
  } finally {
    hub.stop();
    await status.close();
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    // What umask the daemon has is not what others need to reach its sockets.
    if ((await mkdir(path, { recursive: true })) !== undefined) await chmod(path, 0o755);
  } catch (cause) {
    throw new ActionableError({
      ...{ code: "run-folder", exit: EXIT.refused, message: `${path} cannot be made.`, cause },
      evidence: [cause instanceof Error ? cause.message : String(cause)],
      hint: "The daemon runs as root; to try it as somebody else, choose another folder with --run-folder.",
    });
  }
}

/** The service manager waits for this (Type=notify). Its socket takes datagrams, which Node cannot send. */
async function tellReady({ run, say }: Context): Promise<void> {
  if (process.env.NOTIFY_SOCKET === undefined) return;
  await run(["systemd-notify", "--ready"], { timeoutMs: 10_000 }).catch((error: unknown) => {
    say(`multiversed: ${error instanceof Error ? error.message : String(error)}\n`);
  });
}
