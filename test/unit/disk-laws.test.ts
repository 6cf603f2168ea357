// Random roots that are not ZFS keep every law of a plan; and the laws catch what may go wrong with them alone.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashOf, makePlan } from "../../core/plan/make-plan.ts";
import type { Plan, StepData } from "../../core/plan/step.ts";
import { LAWS, type Law } from "./plan-laws.ts";
import { randomDiskRoot } from "./random-disk-root.ts";
import { diskPlan, SAMPLE_ROOTS } from "./sample-roots.ts";

const RUNS = 500;

test(`${RUNS} random roots on ext4, xfs and btrfs keep every law`, () => {
  fc.assert(
    fc.property(randomDiskRoot, ({ spec, inventory }) => {
      const plan = makePlan(spec, inventory, { now: 1, saveTo: "/s" });
      const breaches = Object.values(LAWS).flatMap((law) => law(plan));
      if (breaches.length > 0) throw new Error(breaches.join("\n"));
      if (hashOf(JSON.parse(JSON.stringify(plan)) as Plan) !== plan.hash) throw new Error("its text is another plan");
    }),
    { numRuns: RUNS },
  );
}, 300_000);

describe("a spoilt plan is caught", () => {
  const stacked = () => structuredClone(diskPlan(SAMPLE_ROOTS["xfs on LVM on LUKS on raid1"]));
  const dataOf = <Kind extends StepData["kind"]>(plan: Plan, kind: Kind) => {
    const found = plan.steps.find(({ data }) => data.kind === kind);
    if (found === undefined) throw new Error(`there is no ${kind}`);
    return found.data as Extract<StepData, { kind: Kind }>;
  };
  const move = (plan: Plan, id: string, to: number) => {
    const [step] = plan.steps.filter((each) => each.id === id);
    if (step === undefined) throw new Error(`there is no step ${id}`);
    plan.steps = plan.steps.filter((each) => each !== step);
    plan.steps.splice(to, 0, step);
  };

  test("and a good one is not", () => {
    for (const root of Object.values(SAMPLE_ROOTS))
      expect(Object.values(LAWS).flatMap((law) => law(diskPlan(root)))).toEqual([]);
  });

  test.each<[string, Law, (plan: Plan) => void]>([
    [
      "an array takes a stranger's partition",
      LAWS.noDeviceOutside,
      (plan) => {
        dataOf(plan, "make-array").array.partuuids[1] = "00000000-0000-8000-8000-000000000000";
      },
    ],
    [
      "a lock is made on a disk by its kernel name",
      LAWS.noDeviceOutside,
      (plan) => {
        for (const lock of dataOf(plan, "make-locks").locks) lock.device = "/dev/vda";
      },
    ],
    [
      "the volume group is made before the lock is open",
      LAWS.dependenciesFirst,
      (plan) =>
        move(
          plan,
          "make-volumes",
          plan.steps.findIndex(({ id }) => id === "make-locks"),
        ),
    ],
    [
      "the array is made before the second disk is partitioned",
      LAWS.dependenciesFirst,
      (plan) =>
        move(
          plan,
          "make-array",
          plan.steps.findIndex(({ id }) => id === "partition-2"),
        ),
    ],
    [
      "the second disk's mark stays",
      LAWS.redundantMembersStartAlone,
      (plan) => {
        dataOf(plan, "close-root").others = [];
      },
    ],
    [
      "something comes after the last step",
      LAWS.dependenciesFirst,
      (plan) => move(plan, "close-root", plan.steps.length - 2),
    ],
  ])("%s", (_, law, spoil) => {
    const plan = stacked();
    spoil(plan);
    expect(law(plan)).not.toEqual([]);
  });
});
