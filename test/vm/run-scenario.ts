// Runs one scenario: whatever goes wrong in it is one failed check with its reason, and its machines end.

import { type ContextOptions, openContext } from "./context.ts";
import { reasonOf } from "./reason.ts";
import type { Scenario } from "./scenario.ts";

export interface ScenarioResult {
  passed: number;
  failed: number;
}

export async function runScenario(scenario: Scenario, options: Omit<ContextOptions, "name">): Promise<ScenarioResult> {
  const { context, checks, lastPictures, close } = await openContext({ ...options, name: scenario.name });
  try {
    await scenario.run(context);
    if (checks.passed + checks.failed === 0) context.check("the scenario checked something", false);
  } catch (error) {
    context.check("the scenario ran to its end", false, reasonOf(error));
    await lastPictures();
  } finally {
    await close();
  }
  context.log(`artefacts in ${context.folder}`);
  return { passed: checks.passed, failed: checks.failed };
}
