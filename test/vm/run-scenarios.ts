// Builds the images that scenarios need and runs them, several at a time; and how a test program ends.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ActionableError, EXIT } from "../../core/errors.ts";
import { machineAccel } from "../../core/vm/machine.ts";
import type { VmTools } from "../../core/vm/vm-tools.ts";
import { buildImages } from "../../rescue/build.ts";
import { reasonOf } from "./reason.ts";
import { runScenario } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { schedule } from "./schedule.ts";

export const REPO = join(import.meta.dirname, "../..");

export interface RunOptions {
  chosen: readonly Scenario[];
  jobs: number;
  keep: boolean;
  print(line: string): void;
}

export async function runScenarios(
  tools: VmTools,
  { chosen, jobs, keep, print }: RunOptions,
): Promise<{ passed: number; failed: number }> {
  const accel = await machineAccel(tools);
  print(`machines: ${accel === "kvm" ? "hardware virtualisation" : "emulated, KVM does not work here"}`);
  const want = [...new Set(chosen.flatMap(({ needs }) => needs))];
  const images = await buildImages(tools.run, { repo: REPO, want, onProgress: print });
  const artefacts = join(REPO, "test/artefacts");
  await mkdir(artefacts, { recursive: true });
  const began = performance.now();
  let passed = 0;
  let failed = 0;
  const job = (scenario: Scenario) => ({
    name: scenario.name,
    after: scenario.after ?? [],
    async run() {
      const result = await runScenario(scenario, { artefacts, tools, images, print, keep });
      passed += result.passed;
      failed += result.failed;
    },
  });
  await schedule(chosen.map(job), jobs);
  print(`${chosen.length} scenarios in ${Math.round((performance.now() - began) / 1000)} s`);
  return { passed, failed };
}

/** Runs a test program: sets the exit status, and lets its machines end when it is interrupted. */
export async function endWell(main: () => Promise<number>): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Leaving by exit() runs the handlers that end the machines; dying by the signal would not.
    process.on(signal, () => process.exit(EXIT.interrupted));
  }
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exitCode = error instanceof ActionableError ? error.exit : EXIT.bug;
  }
}
