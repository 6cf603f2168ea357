// One process of `npm run bench -- disks`: the first probe, resolve and plan of a recorded machine, in processor time.
import { readFile } from "node:fs/promises";
import { probe } from "../../core/inventory/probe.ts";
import { parseMachine, replay } from "../../core/inventory/record.ts";
import { makePlan } from "../../core/plan/make-plan.ts";
import { loadSpec } from "../../core/spec/load.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";

/** Milliseconds of processor time of this process: what else runs here does not count. */
export interface DiskTimes {
  probe: number;
  resolve: number;
  plan: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<[T, number]> {
  const from = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(from);
  return [result, (user + system) / 1000];
}

const [machine = "", spec = ""] = process.argv.slice(2);
// Loading the program, the recording and the spec is not what is measured.
const loaded = await loadSpec([spec]);
const run = replay(parseMachine(machine, await readFile(machine, "utf8")));
const [inventory, probing] = await timed(() => probe(run));
const [resolved, resolving] = await timed(() => resolveSpec(loaded, inventory));
const [, planning] = await timed(() => makePlan(resolved, inventory, { now: 0, saveTo: "/run/multiverse/state" }));
const times: DiskTimes = { probe: probing, resolve: resolving, plan: planning };
process.stdout.write(JSON.stringify(times));
