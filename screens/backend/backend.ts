// What the screens need of the world; the real one works on this machine, the demo's invents everything.
import type { InstallEvent } from "../../core/execute/events.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import type { WifiNetwork } from "../../core/network/wifi-network.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Answer } from "../../core/spec/answers.ts";
import type { DiskPreview, Draft, ErrorReport, Judged, SpecFile, TypedSecrets, Unfinished } from "../wizard/model.ts";

export interface InstallWanted {
  draft: Draft;
  /** Hash of the plan that was read and confirmed. */
  hash: string;
  secrets: TypedSecrets;
  /** Go on with what the journal knows instead of beginning. */
  resume: boolean;
  /** Forget what the journal knows of this disk. */
  restart: boolean;
  /** Folder of the journal to go on with, where there may be several. */
  journal?: string;
  /** Another source with the same image to go on from. */
  source?: string;
  /** Runs without a place that keeps the journal over a power cut: the person has read that. */
  noResume: boolean;
}

/** A failed install, for a report; the secrets are known so that they can be kept out of it. */
export interface Failed {
  failure: ErrorReport;
  plan: Plan | null;
  secrets: TypedSecrets;
}

export interface Backend {
  probe(signal: AbortSignal): Promise<Inventory>;
  judge(draft: Draft, inventory: Inventory): Promise<Judged>;
  /** How a disk would look, with everything that is not answered yet at its default. */
  preview(draft: Draft, inventory: Inventory, disk: string, among: readonly string[]): Promise<DiskPreview>;
  /** What a key of the spec means, from its schema. */
  says(path: string): Promise<string>;
  /** The text with answers written into it, comments kept. */
  write(text: string, answers: readonly Answer[]): Promise<string>;
  specs(): Promise<SpecFile[]>;
  open(spec: SpecFile): Promise<Draft>;
  /** Fetches a spec; what only a trusted file may say (confirm, unattended) is taken out. */
  fetchSpec(address: string, signal: AbortSignal): Promise<Draft>;
  /** The wireless networks that the machine's first wireless adapter hears. */
  wifi(inventory: Inventory | null, signal: AbortSignal): Promise<WifiNetwork[]>;
  /** The public key that the stick brings for whoever commands the host (`admin.pub`), or null. */
  adminKey(): Promise<string | null>;
  hashPassword(password: string): Promise<string>;
  applyKeyboard(layout: string): Promise<void>;
  unfinished(): Promise<Unfinished[]>;
  install(wanted: InstallWanted, onEvent: (event: InstallEvent) => void, signal: AbortSignal): Promise<Plan>;
  /** An install that another process runs here: its events from the beginning, until it ends; null when there is none. */
  watch(onEvent: (event: InstallEvent) => void, signal: AbortSignal): Promise<boolean>;
  /** The plan of an install that the journal knows, by its hash; null where it is not known. */
  planOf(hash: string): Promise<Plan | null>;
  /** Writes to the stick and gives the file's name. */
  save(what: "spec" | "plan" | "script", draft: Draft, plan: Plan | null): Promise<string>;
  saveReport(failed: Failed): Promise<string>;
  /** What a person can carry away by telephone camera: some 300 characters. */
  essentials(failed: Failed): Promise<string>;
  /** Another medium with the same image to go on from, or null when there is none. */
  anotherSource(plan: Plan): Promise<{ uri: string; name: string } | null>;
  /** Whether an install's journal would survive a power cut here. */
  durable(): Promise<boolean>;
  reboot(): Promise<void>;
  powerOff(): Promise<void>;
}
