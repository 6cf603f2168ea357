// What is asked of the screens: which one, on which terminal, and with what of the outside.
import type { Run } from "../core/tools/run.ts";
import type { TerminalDescription } from "../tui/terminal/describe-terminal.ts";

export interface PlaceOptions {
  run: Run;
  signal: AbortSignal;
  home: string;
  version: string;
  screen: string | null;
  machine: string | null;
  once: boolean;
  demo: boolean;
  /** The run folder of the multiversed whose host is shown. */
  daemon: string;
  terminal: TerminalDescription;
}

/** Where multiversed has its sockets (docs/formats/control-protocol.md). */
export const RUN = "/run/multiverse";

/** The screen of an installed host, beside the installer's names. */
export const STATUS = "status";
