// Plans for pools that exist touch nothing but their own; and every law catches a plan that was spoilt on purpose.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makePlan } from "../../core/plan/make-plan.ts";
import type { Plan, Step, StepData } from "../../core/plan/step.ts";
import { espFacts, existingPlan, KNOWN, POOL_GUID, randomExisting, WINDOWS } from "./existing-host.ts";
import { breachesOf, dataOf } from "./existing-laws.ts";

const RUNS = 6000;

test(`${RUNS} plans name no disk, no table, no property of the pool, no other data set and no file but their own`, () => {
  fc.assert(
    fc.property(randomExisting, ({ spec, inventory }) => {
      const plan = makePlan(spec, inventory, KNOWN);
      const breaches = breachesOf(plan, { system: spec.root.system, guid: POOL_GUID });
      if (breaches.length > 0) throw new Error(breaches.join("\n"));
    }),
    { numRuns: RUNS },
  );
});

describe("a spoilt plan is caught", () => {
  const plain = () => existingPlan();
  const foreign = () => existingPlan({}, { esps: [espFacts(1, { paths: WINDOWS, menus: [] })] });
  const breaches = (plan: Plan) => breachesOf(plan, { system: "jupiter", guid: POOL_GUID }).join("\n");
  const change = <Kind extends StepData["kind"]>(
    plan: Plan,
    kind: Kind,
    how: (data: Extract<StepData, { kind: Kind }>) => void,
  ): Plan => {
    const copy = structuredClone(plan);
    for (const data of dataOf(copy, kind)) how(data);
    return copy;
  };
  const add = (data: StepData, risk: Step["risk"] = "writes"): Plan => {
    const plan = structuredClone(plain());
    plan.steps.push({ id: "planted", title: "planted", risk, data });
    return plan;
  };
  const target = { id: "virtio-POOL1", size: "1", serial: "POOL1" };

  test("the sound ones are not", () => {
    expect(breaches(plain())).toBe("");
    expect(breaches(foreign())).toBe("");
  });

  test.each<[string, Plan, RegExp]>([
    ["another system's data sets", change(plain(), "create-datasets", (data) => Object.assign(data, { system: "saturn" })), /names mv-\w+\/saturn/],
    ["the pool's first data set", change(plain(), "finish-added", (data) => Object.assign(data, { system: ".." })), /names mv-\w+\/\.\./],
    ["another pool", change(plain(), "import-pool", ({ pool }) => Object.assign(pool, { guid: "1" })), /something else than the GUID/],
    ["a table", add({ kind: "partition", target, sectorSize: 512, tableUuid: "x", partitions: [] }), /sfdisk/],
    ["a disk that is cleared", add({ kind: "clear-disk", target }, "erases"), /says it erases[\s\S]*names \/dev\/disk\/by-id/],
    ["an ESP that is formatted", add({ kind: "make-esp", target, partuuid: "x", volumeId: "1", sectorSize: 512 }), /mkfs\.vfat/],
    ["a pool that is made", add({ kind: "create-pool", target, pool: { name: "x", guid: "1", importName: "mv-0", partuuid: "y" } }), /changes a pool/],
    ["a mark on the pool's partition", add({ kind: "finish", target, pool: { name: "x", guid: "1", importName: "mv-0", existing: true }, system: "a", encryption: "none", esp: 1 }), /sfdisk/],
    ["another's ESP", change(plain(), "join-esp", (data) => Object.assign(data, { partuuid: "stranger" })), /stranger/],
    ["another's folder on the ESP", change(plain(), "boot-files", ({ boot }) => Object.assign(boot, { directory: "/EFI/Microsoft/x" })), /EFI\/Microsoft/],
    ["erasing by its own word", { ...plain(), erases: [{ id: "x", name: "x", content: [] }] }, /erases something/],
  ])("%s", (_, plan, message) => {
    expect(breaches(plan)).toMatch(message);
  });
});
