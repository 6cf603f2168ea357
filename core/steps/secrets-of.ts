// Which passphrases a plan needs: those that its actions ask for.
import type { Plan } from "../plan/step.ts";
import type { SecretName } from "./action.ts";
import { actionsOf } from "./kinds.ts";

/** In the order in which they are needed first. */
export function secretsOf(plan: Plan): SecretName[] {
  const names = new Set<SecretName>();
  for (const step of plan.steps) {
    for (const action of actionsOf(step, "actions", plan.evidence)) {
      if (action.do === "run" && action.secret !== undefined) names.add(action.secret);
    }
  }
  return [...names];
}
