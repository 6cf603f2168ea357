// Every example on some recorded machines gives the plan that is kept in test/fixtures/plans.
import { describe, expect, test } from "vitest";
import { goldenPlans, keptNames, keptPlan } from "../golden/golden-plan.ts";

const HOW =
  "the plan changed: if that is meant, `npm run plans`, and look at what `git diff test/fixtures/plans` shows";
const plans = goldenPlans();

test("there is a kept plan for each example and machine, and no other", () => {
  expect(keptNames(), HOW).toEqual(plans.map(({ name }) => name).sort());
});

test("most of them are plans, not refusals", () => {
  const texts = plans.filter(({ name }) => name.endsWith(".txt"));
  const made = texts.filter(({ name }) => /^Full hash, for --expect-plan: [0-9a-f]{64}$/m.test(keptPlan(name) ?? ""));
  expect(made.length).toBeGreaterThan(texts.length / 2);
});

describe("the plan", () => {
  test.each(plans)("$name", async ({ name, make }) => {
    expect(await make(), HOW).toBe(keptPlan(name));
  });
});
