// Everything that the installer's screens show, as data: what is known of the machine, the spec being made, where the person is.
import type { ActionableError } from "../../core/errors.ts";
import type { ErrorReport, InstallEvent } from "../../core/execute/events.ts";
import type { DiskHealth } from "../../core/inventory/health.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import type { WifiNetwork } from "../../core/network/wifi-network.ts";
import type { Plan, PlannedPartition } from "../../core/plan/step.ts";
import type { UnfinishedInstall } from "../../core/resume.ts";
import type { LoadedSpec } from "../../core/spec/load.ts";
import type { Question } from "../../core/spec/questions.ts";
import type { ResolvedSpec } from "../../core/spec/resolved.ts";
import type { LogLines } from "../../tui/parts/log-tail.ts";
import type { LanguageCode } from "../text/languages.ts";

export type ScreenName =
  | "looking"
  | "unfinished"
  | "language"
  | "target"
  | "spec"
  | "disks"
  | "storage"
  | "source"
  | "identity"
  | "network"
  | "values"
  | "review"
  | "running"
  | "failed"
  | "done";

/** The YAML that is being completed. */
export interface Draft {
  /** Shown, and named in errors: a file's path, an address, or "new spec". */
  name: string;
  text: string;
  /** medium: on the stick that was booted from, as trusted as that; others are read before they are believed. */
  from: "new" | "medium" | "file" | "profile" | "address";
  /** Where answers can be written back to, or null. */
  file: string | null;
}

/** What the spec comes to on this machine. Everything is null while it cannot be said. */
export interface Judged {
  loaded: LoadedSpec | null;
  questions: Question[];
  spec: ResolvedSpec | null;
  plan: Plan | null;
  /** Why there is no plan although nothing is asked any more; or why the spec cannot be read. */
  error: ActionableError | null;
}

/** What typing a passphrase leaves in memory, and nowhere else. */
export interface TypedSecrets {
  passphrase: string | null;
  recovery: string | null;
}

/** How a disk would look afterwards, or why it cannot be used. */
export interface DiskPreview {
  id: string;
  /** The disks that it would go together with, itself among them. */
  among: readonly string[];
  after: readonly PlannedPartition[];
  sectorSize: number;
  refused: string | null;
  /** What the disk says of its own health. */
  health: DiskHealth;
}

/** An install that a power cut or an error stopped, with its plan. */
export type Unfinished = UnfinishedInstall & { plan: Plan };

/** A spec that can be chosen to start from. */
export interface SpecFile {
  path: string;
  name: string;
  /** Its first comment. */
  says: string;
  from: "medium" | "profile";
}

export interface StepView {
  title: string;
  state: "waiting" | "running" | "done" | "skipped";
  ms: number | null;
}

export interface RunView {
  host: string;
  hash: string;
  steps: StepView[];
  /** Index of the step that is running, or null before the first. */
  at: number | null;
  bytes: { done: number; total: number | null; rate: number; left: number | null } | null;
  /** When it began, in milliseconds since 1970. */
  since: number;
  now: number;
  durable: boolean | null;
  warnings: string[];
  log: LogLines;
  showLog: boolean;
  /** Another process installs, and this screen only shows it. */
  watching: boolean;
  stopping: boolean;
}

/** A value of the spec, as the review shows it. */
export interface Subject {
  path: string;
  /** As text; lists by words. */
  value: string;
  /** What the key means, from the schema. */
  says: string;
}

/** The shell that is opened in a pane; its environment is all that it gets of ours. */
export interface ShellProgram {
  file: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

export interface Toast {
  text: string;
  tone: "good" | "warning" | "bad";
}

export interface Wizard {
  screen: ScreenName;
  /** Where Esc leads, the nearest last. */
  back: readonly ScreenName[];
  /** A screen was opened from the review, which it goes back to. */
  changing: boolean;
  /** The one value that the screen was opened to change, or null. */
  subject: Subject | null;
  language: LanguageCode;
  inventory: Inventory | null;
  draft: Draft;
  judged: Judged | null;
  /** What the person answered, by path: the review says so. */
  answered: readonly string[];
  secrets: TypedSecrets;
  specs: readonly SpecFile[] | null;
  preview: DiskPreview | null;
  /** The wireless networks in the air; null until they are listened for. */
  wifi: readonly WifiNetwork[] | null;
  unfinished: readonly Unfinished[];
  /** The public key of whoever is to command the host, as the stick brings it; null where it brings none. */
  adminKey: string | null;
  /** Whether an install's journal would survive a power cut here; null until it is known. */
  durable: boolean | null;
  /** Something is being computed or fetched, in words. */
  busy: string | null;
  /** What stopped the last thing that was tried on this screen. */
  problem: ErrorReport | null;
  toast: Toast | null;
  run: RunView | null;
  failure: ErrorReport | null;
  /** Null where the shell is what is left to: then the screens end. */
  shell: ShellProgram | null;
  /** What a camera may take away of the failure: some 300 characters; null until it is gathered. */
  essentials: string | null;
}

export const NOTHING_JUDGED: Judged = { loaded: null, questions: [], spec: null, plan: null, error: null };

export function asReport(error: ActionableError): ErrorReport {
  return { code: error.code, message: error.message, evidence: error.evidence, hint: error.hint };
}

export type { ErrorReport, InstallEvent };
