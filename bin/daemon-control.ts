// Where the daemon's other half is connected: the gate that signed commands go through, and its socket.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileAnchor } from "../core/control/audit.ts";
import { realClock } from "../core/control/clock.ts";
import { openCommandSocket } from "../core/control/command-socket.ts";
import { type Gate, makeGate } from "../core/control/gate.ts";
import { hostOperations } from "../core/control/host-operations.ts";
import { tpmNv } from "../core/control/tpm-nv.ts";
import { type ConsoleRelay, createConsoleRelay } from "../core/controllers/console-relay.ts";
import { controllerHandlers } from "../core/controllers/handlers.ts";
import { makeControllerOperations } from "../core/controllers/operations.ts";
import { packageHome } from "../core/package-home.ts";
import type { Board } from "../core/status/board.ts";
import { monotonicNow } from "../core/status/monotonic.ts";
import type { Context } from "./verb.ts";

export interface DaemonControlOptions {
  context: Context;
  /** Where `control.sock` and the seat's folder are. */
  runFolder: string;
  /** Accepted commands, counters, the audit log. */
  stateFolder: string;
  /** Who may command, and what. */
  etcFolder: string;
  /** Where the head of the audit log is kept a second time: on another data set than the log. */
  anchorFile: string;
  /** The host's private ssh key. */
  hostKey: string;
  board: Board;
  boot: string;
}

/** Whom the screen's consoles are opened for. */
const SCREEN_GROUP = "multiverse-screen";

export interface DaemonControl {
  close(): Promise<void>;
}

/** Whoever may connect may say nothing that is not signed. */
const SOCKET_MODE = 0o666;

/** Null: it takes no commands; the log and the part `control` say why. */
export async function openDaemonControl(options: DaemonControlOptions): Promise<DaemonControl | null> {
  const { runFolder, board, context } = options;
  const screen = groupId(SCREEN_GROUP);
  const consoles = createConsoleRelay({ folder: join(runFolder, "console"), group: screen });
  const gate = await openGate(options, consoles, screen).catch((error: unknown) => {
    const why = `no commands are taken: ${error instanceof Error ? error.message : String(error)}`;
    context.say(`multiversed: ${why}\n`);
    board.failed("control", why);
    return null;
  });
  if (gate === null) return null;
  const tell = () => board.read("control", monotonicNow(), gate.facts());
  const quiet = gate.onChange(tell);
  tell();
  board.live("control", true);
  const path = join(runFolder, "control.sock");
  const socket = await openCommandSocket({ path, gate, mode: SOCKET_MODE, clock: realClock });
  return {
    async close() {
      quiet();
      // Together: what the gate gives up is what some connections wait for.
      const closed = socket.close();
      consoles.close();
      await gate.close();
      await closed;
    },
  };
}

function openGate(options: DaemonControlOptions, console: ConsoleRelay, screen: number | null): Promise<Gate> {
  const { context, runFolder, stateFolder, etcFolder, anchorFile, hostKey, board, boot } = options;
  const { run, say } = context;
  const rest = async (ms: number, signal: AbortSignal) => void (await setTimeout(ms, undefined, { signal }));
  return makeGate({
    ...{ run, clock: realClock, hostKey, boot, built: statSync(join(packageHome(), "package.json")).mtimeMs },
    folders: {
      ...{ enrolled: etcFolder, state: stateFolder },
      ...{ temporary: join(runFolder, "control-tmp"), seat: join(runFolder, "seat") },
    },
    seatGroup: screen,
    anchor: fileAnchor(anchorFile),
    tpm: tpmNv({ run }),
    handlers: {
      ...hostOperations(run),
      ...controllerHandlers({
        operations: makeControllerOperations({ run, rest, console }),
        known: () => board.part("controllers").value ?? [],
      }),
    },
    log: (text) => say(`multiversed: ${text}\n`),
  });
}

/** group(5); null where there is no such group. */
function groupId(name: string): number | null {
  const line = readFileSync("/etc/group", "utf8")
    .split("\n")
    .find((each) => each.startsWith(`${name}:`));
  return line === undefined ? null : Number(line.split(":")[2]);
}
