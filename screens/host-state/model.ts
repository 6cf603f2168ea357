// What the screens of an installed host know: the host's status as it was last heard, and where the person is. Plain data.
import type { StatusView } from "../../core/status/view.ts";
import type { TextKey } from "../text/en.ts";
import type { LanguageCode } from "../text/languages.ts";

/** The parts of the status screen; on a small terminal each is a page, and what the head cannot hold is one more. */
export const PANELS = ["network", "endpoints", "controllers", "health"] as const;
export type PanelName = (typeof PANELS)[number] | "host";

/** Pages that only show what is known. */
export const READ_PAGES = [
  ...(["controllers", "network", "health", "generations", "keys", "commands", "logs", "shell"] as const),
] as const;
export type ReadPage = (typeof READ_PAGES)[number];

/** An operation of docs/formats/control-protocol.md with its arguments. */
export interface Command {
  op: string;
  args: Readonly<Record<string, unknown>>;
}

export type Page =
  | { name: "status" }
  | { name: "controller"; controller: string }
  | { name: "menu" }
  | { name: "read"; what: ReadPage }
  /** Nothing but typing `type` goes on. */
  | { name: "confirm"; command: Command; type: string }
  /** The seat cannot sign it; `line` is what an admin runs elsewhere. */
  | { name: "signature"; command: Command; line: string }
  | { name: "unlock"; code: SeatCode };

/** What proves that somebody stands here; none where the code is not for this terminal. */
export type SeatCode = { state: "asking" } | { state: "none" } | { state: "known"; code: string; line: string };

export interface Toast {
  key: TextKey;
  values: Readonly<Record<string, string | number>>;
  tone: "good" | "warning" | "bad";
}

/** A command of this screen, and what came of it. */
export interface Sent {
  command: Command;
  /** Milliseconds since 1970. */
  at: number;
  outcome: "sending" | "done" | "failed" | "in-doubt";
  text: string | null;
}

/**
 * Where the person sits, on which a way to a shell depends. vt and serial: at a console whose unit runs the screen, and
 * starts it anew whenever it ends; remote: anywhere else, where they came with a shell.
 */
export type Place = "vt" | "serial" | "remote";

/** Why the screens end: left for the shell that they came from, or for a login in their place. */
export type HostEnding = "left" | "login";

export interface HostState {
  view: StatusView;
  /** This machine's performance.now() and Date.now() at the last tick: nothing that draws asks a clock. */
  monotonic: number;
  wall: number;
  /** When the daemon was lost, on the monotonic clock; null while it is there. */
  lostAt: number | null;
  /** The last one is shown; the first is the status. */
  pages: readonly Page[];
  panel: PanelName;
  /** The controller under the pointer, by name: lists change, what was chosen does not. */
  chosen: string | null;
  /** First rows in view of panels that were scrolled. */
  tops: Readonly<Partial<Record<PanelName, number>>>;
  sending: Command | null;
  /** Newest first, at most 10. */
  sent: readonly Sent[];
  toast: Toast | null;
  toastAt: number;
  language: LanguageCode;
  place: Place;
  /** It runs on the host itself, so that the process's time zone is the host's. */
  onHost: boolean;
}

export interface StartOptions {
  monotonic: number;
  wall: number;
  language: LanguageCode;
  place: Place;
  onHost?: boolean;
  /** Known already; default: nothing has been heard. */
  view?: StatusView;
}

export const NOTHING_HEARD: StatusView = { state: "connecting", why: null, boot: null, parts: {}, offset: null };

export function startHost({ view = NOTHING_HEARD, onHost = false, ...options }: StartOptions): HostState {
  return {
    ...{ ...options, view, onHost },
    ...{
      lostAt: view.state === "connected" ? null : options.monotonic,
      pages: [{ name: "status" }],
      panel: "controllers",
    },
    ...{ chosen: null, tops: {}, sending: null, sent: [], toast: null, toastAt: options.monotonic },
  };
}

export function pageOf({ pages }: HostState): Page {
  return pages.at(-1) ?? { name: "status" };
}

/** Addresses are shown, and the seat signs, while this host's seat has a certificate (docs/formats/control-protocol.md). */
export function isUnlocked({ view, wall }: HostState): boolean {
  const seat = view.state === "connected" ? (view.parts.control?.value?.seat ?? null) : null;
  return seat !== null && seat.until > wall;
}

/** The controller under the pointer: the one that was chosen while it is there, else the first. */
export function chosenController({ view, chosen }: HostState): string | null {
  const all = view.parts.controllers?.value ?? [];
  return all.some(({ name }) => name === chosen) ? chosen : (all[0]?.name ?? null);
}
