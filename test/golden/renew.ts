// `npm run plans`: writes the golden plans anew. What changes then is reviewed like code.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { goldenPlans, keptNames, keptPlan, PLANS } from "./golden-plan.ts";

const plans = goldenPlans();
const changed: string[] = [];
for (const { name, make } of plans) {
  const text = await make();
  if (keptPlan(name) === text) continue;
  mkdirSync(dirname(join(PLANS, name)), { recursive: true });
  writeFileSync(join(PLANS, name), text);
  changed.push(name);
}
for (const name of keptNames().filter((kept) => !plans.some((plan) => plan.name === kept))) {
  rmSync(join(PLANS, name));
  changed.push(`${name} (gone)`);
}
process.stdout.write(
  `${changed.length} of ${plans.length} plans changed\n${changed.map((name) => `  ${name}\n`).join("")}`,
);
