// `npm test`: the fast tests, then the scenarios marked ci; `--fast` stops before those. Ends with "N passed, M failed".
import { createRun, start } from "../core/tools/run-real.ts";
import { runFast } from "./fast.ts";
import { endWell, runScenarios } from "./vm/run-scenarios.ts";
import { SCENARIOS } from "./vm/scenarios.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);

await endWell(async () => {
  const run = createRun();
  const counts = [await runFast(run, print)];
  if (process.argv[2] !== "--fast") {
    const chosen = SCENARIOS.filter(({ ci }) => ci);
    counts.push(await runScenarios({ run, start }, { chosen, jobs: 2, keep: false, print }));
  }
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
