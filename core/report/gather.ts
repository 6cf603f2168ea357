// Finds what a failure report is made from on the running machine; what is not there is left out.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ActionableError } from "../errors.ts";
import type { ErrorReport, InstallEvent } from "../execute/events.ts";
import { EVENTS_FILE, parseEvent } from "../execute/events-file.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { probe } from "../inventory/probe.ts";
import type { Plan } from "../plan/step.ts";
import type { Run } from "../tools/run.ts";
import type { ReportParts } from "./failure-report.ts";

export interface GatherOptions {
  run: Run;
  version: string;
  error: ErrorReport;
  plan: Plan | null;
  /** Folder of the install's journal, where there is one. */
  journal?: string;
  /** Known already; otherwise the machine is probed. */
  inventory?: Inventory;
  secrets?: readonly string[];
  /** Default: the file that every install writes. */
  eventsFile?: string;
  /** Default: now. */
  when?: Date;
}

const KERNEL_LINES = 200;
const EVENTS_LINES = 2000;

/** Starts `dmesg`, and the probe's programs where no inventory is given; none of them writes. */
export async function gatherReport(options: GatherOptions): Promise<ReportParts> {
  const { run, version, error, plan, secrets } = options;
  return {
    ...{ version, error, plan, when: (options.when ?? new Date()).toISOString() },
    inventory: options.inventory ?? (await inventoryOrNull(run)),
    journal: options.journal === undefined ? [] : linesOf(join(options.journal, "steps.jsonl")),
    events: eventsOf(options.eventsFile ?? EVENTS_FILE),
    kernel: await kernelLines(run),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

async function inventoryOrNull(run: Run): Promise<Inventory | null> {
  try {
    return await probe(run);
  } catch (error) {
    // The machine that cannot even list its disks is the one that a report is most wanted of.
    if (error instanceof ActionableError) return null;
    throw error;
  }
}

async function kernelLines(run: Run): Promise<string[]> {
  // A machine in trouble: whatever keeps dmesg from answering must not keep the report.
  const said = await run(["dmesg"], { timeoutMs: 10_000 }).catch(() => ({ stdout: "" }));
  return said.stdout.trim().split("\n").slice(-KERNEL_LINES);
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").trim().split("\n");
  } catch {
    return [];
  }
}

function eventsOf(path: string): InstallEvent[] {
  return linesOf(path)
    .slice(-EVENTS_LINES)
    .flatMap((line) => parseEvent(line) ?? []);
}
