// Where the daemon's other half is connected: the gate that signed commands go through, and its socket.
import type { Hub } from "../core/status/hub.ts";
import type { Context } from "./verb.ts";

export interface DaemonControlOptions {
  context: Context;
  /** Where `control.sock` goes. */
  runFolder: string;
  /** Accepted commands, counters, the audit log. */
  stateFolder: string;
  /** Who may command, and what. */
  etcFolder: string;
  /** To have a part read again when a command has changed it. */
  hub: Hub;
  boot: string;
}

export interface DaemonControl {
  close(): Promise<void>;
}

/** Null: this version takes no commands. */
export async function openDaemonControl(_options: DaemonControlOptions): Promise<DaemonControl | null> {
  return null;
}
