// What a scenario is, and what it is given: images, machines, checks, a clock and a folder for what it leaves behind.
import type { Machine } from "../../core/vm/machine.ts";
import type { MachineOptions } from "../../core/vm/machine-options.ts";
import type { VmTools } from "../../core/vm/vm-tools.ts";
import type { Image, Images } from "../../rescue/build.ts";
import type { InstalledHost } from "./installed-host.ts";

export interface Scenario {
  name: string;
  /** One line for `--list`. */
  title: string;
  /** Part of `npm test`. */
  ci: boolean;
  /** Images that must be built before it starts. */
  needs: readonly Image[];
  /** Scenarios that leave something it uses; run before it when they run too. */
  after?: readonly string[];
  run(context: Context): Promise<void>;
}

export interface Context {
  readonly name: string;
  /** What the scenario leaves behind: transcripts, pictures, timings. Empty at the start. */
  readonly folder: string;
  /** Disks and other large files; gone at the end. */
  readonly work: string;
  readonly tools: VmTools;
  readonly images: Images;
  /** Counts one thing that must hold, and prints it; the scenario goes on either way. */
  check(title: string, holds: boolean, evidence?: string): void;
  /** A check that two texts are the same; shows both when they are not. */
  same(title: string, actual: string, expected: string): void;
  log(line: string): void;
  /** Does something, logs how long it took and keeps that for timings.json. */
  timed<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
  /** Starts a machine whose artefacts go to a folder of its own; it ends with the scenario at the latest. */
  machine(options: Omit<MachineOptions, "folder" | "memoryMiB" | "cpus"> & Partial<MachineOptions>): Promise<Machine>;
  /** A disk with an installed host, as an overlay that may be written; installed now only where the cache has none. */
  installedHost(recipe: string): Promise<InstalledHost>;
}

/** How long things may take at the worst: an emulated machine on a busy host. The times really taken are recorded. */
export const DEADLINE = {
  boot: 900_000,
  install: 3_000_000,
  powerOff: 300_000,
  command: 300_000,
} as const;
