// Gives a scenario what it needs and clears up after it: folders, machines, checks, times.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Machine, startMachine } from "../../core/vm/machine.ts";
import type { VmTools } from "../../core/vm/vm-tools.ts";
import { defaultCache, type Images } from "../../rescue/build.ts";
import { type Checks, createChecks } from "./checks.ts";
import { findInstalledHost, isRecipe, makeInstalledHost } from "./installed-host.ts";
import type { Context } from "./scenario.ts";
import { makeWorkFolder } from "./work-folder.ts";

export interface ContextOptions {
  name: string;
  /** The folder that has one folder for each scenario. */
  artefacts: string;
  tools: VmTools;
  images: Images;
  print(line: string): void;
  /** Leave the disks where they are, and say where. */
  keep: boolean;
}

export interface OpenContext {
  context: Context;
  checks: Checks;
  /** Keeps what the machines that still run show on their screens; for after a failure. */
  lastPictures(): Promise<void>;
  /** Ends all machines, writes timings.json and removes the disks. */
  close(): Promise<void>;
}

const MEMORY_MIB = 2048;
const CPUS = 2;

export async function openContext(options: ContextOptions): Promise<OpenContext> {
  const { name, tools, images } = options;
  const folder = join(options.artefacts, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const work = await makeWorkFolder(join(defaultCache(), "work"), name);
  const began = performance.now();
  const timings: Record<string, number> = {};
  const machines: Machine[] = [];
  const log = (line: string) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(5);
    options.print(`${name.padEnd(16)}${seconds} s  ${line}`);
  };
  const checks = createChecks(log);

  const context: Context = {
    ...{ name, folder, work, tools, images, log },
    check: checks.check,
    same: checks.same,
    async timed(title, job) {
      const from = performance.now();
      const result = await job();
      const ms = Math.round(performance.now() - from);
      timings[title] = ms;
      log(`${title}: ${(ms / 1000).toFixed(1)} s`);
      return result;
    },
    async machine(machine) {
      const own = join(folder, "machines", machine.name);
      await mkdir(own, { recursive: true });
      const started = await startMachine(tools, { memoryMiB: MEMORY_MIB, cpus: CPUS, folder: own, ...machine });
      machines.push(started);
      return started;
    },
    async installedHost(recipe) {
      if (!isRecipe(recipe)) throw new Error(`no recipe for an installed host is called ${recipe}`);
      return (await findInstalledHost(context, recipe)) ?? makeInstalledHost(context, recipe);
    },
  };

  return {
    context,
    checks,
    async lastPictures() {
      // A machine that has ended has no screen.
      await Promise.allSettled(machines.map((machine) => machine.picture("last")));
    },
    async close() {
      for (const machine of machines) await machine.close();
      timings["in all"] = Math.round(performance.now() - began);
      await writeFile(join(folder, "timings.json"), `${JSON.stringify(timings, null, 2)}\n`);
      if (options.keep) log(`disks kept in ${work} until the next run`);
      else await rm(work, { recursive: true, force: true });
    },
  };
}
