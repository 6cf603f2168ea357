// Lint, types and tests, counted: each of lint and types is one check, each test is one.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { ProgramError } from "../core/errors.ts";
import type { Argv, Run } from "../core/tools/run.ts";

export interface Count {
  passed: number;
  failed: number;
}

const Report = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numFailedTestSuites: z.number() });
const TIMEOUT_MS = 600_000;

export async function runFast(run: Run, print: (line: string) => void): Promise<Count> {
  const began = performance.now();
  // Lint and types are quick and use one core each; the unit tests use all there are.
  const both = await Promise.all([
    passes(run, ["npm", "run", "--silent", "lint"], print),
    passes(run, ["npm", "run", "--silent", "types"], print),
  ]);
  const counts = await runVitest(run, [], print);
  print(`lint, types and unit tests in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return {
    passed: both.filter((passed) => passed).length + counts.passed,
    failed: both.filter((passed) => !passed).length + counts.failed,
  };
}

/** The tests that need a libvirt on this machine (test/libvirt/). */
export function runLibvirt(run: Run, print: (line: string) => void): Promise<Count> {
  return runVitest(run, ["--config", "test/libvirt/vitest.config.ts"], print);
}

async function runVitest(run: Run, options: readonly string[], print: (line: string) => void): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), "mv-fast-"));
  try {
    const report = join(folder, "vitest.json");
    const tests = [...options, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const wentWell = await passes(run, ["npx", "vitest", "run", ...tests], print);
    const { passed, failed } = await readReport(report);
    // A run that broke without a failed test (a file that cannot be loaded) still failed.
    return { passed, failed: wentWell || failed > 0 ? failed : 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function passes(run: Run, argv: Argv, print: (line: string) => void): Promise<boolean> {
  try {
    await run(argv, { timeoutMs: TIMEOUT_MS, onLine: print });
    print(`ok     ${argv.join(" ")}`);
    return true;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    print(`FAILED ${argv.join(" ")}: ${error.message}`);
    return false;
  }
}

async function readReport(path: string): Promise<Count> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return { passed: 0, failed: 0 };
  const report = Report.parse(JSON.parse(text));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + (report.numFailedTests === 0 ? report.numFailedTestSuites : 0),
  };
}
