// `npm test`: the fast tests, those that need a libvirt, then the scenarios marked ci and one more. `--fast` and `--libvirt` are one part each. Ends with "N passed, M failed".

import type { Run } from "../core/tools/run.ts";
import { createRun, start } from "../core/tools/run-real.ts";
import { runFast, runLibvirt } from "./fast.ts";
import { endWell, runScenarios } from "./vm/run-scenarios.ts";
import type { Scenario } from "./vm/scenario.ts";
import { SCENARIOS } from "./vm/scenarios.ts";

/** The commit that is tested, or null outside a checkout. */
async function commitHere(run: Run): Promise<string | null> {
  const head = await run(["git", "rev-parse", "HEAD"], { ok: [0, 128] }).catch(() => null);
  return head?.exit === 0 ? head.stdout.trim() : null;
}

/** One scenario of those that are not always run: over many commits all get their turn, and a commit always has the same. */
function oneByCommit(commit: string | null): Scenario[] {
  const others = SCENARIOS.filter(({ ci }) => !ci);
  if (commit === null || others.length === 0) return [];
  return others.slice(Number.parseInt(commit.slice(0, 8), 16) % others.length).slice(0, 1);
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

await endWell(async () => {
  const run = createRun();
  const only = process.argv[2];
  const counts = [];
  if (only !== "--libvirt") counts.push(await runFast(run, print));
  if (only !== "--fast") counts.push(await runLibvirt(run, print));
  if (only === undefined) {
    const chosen = [...SCENARIOS.filter(({ ci }) => ci), ...oneByCommit(await commitHere(run))];
    counts.push(await runScenarios({ run, start }, { chosen, jobs: 2, keep: false, print }));
  }
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
