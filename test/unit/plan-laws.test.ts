// Random layouts keep every law; and each law catches a plan that was spoilt on purpose.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashOf, makePlan } from "../../core/plan/make-plan.ts";
import type { Plan, Step, StepData } from "../../core/plan/step.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { LAWS, type Law } from "./plan-laws.ts";
import { randomLayout } from "./random-layout.ts";
import { SAMPLE_ROOT, sampleDisk, sampleInventory, samplePlan } from "./sample-host.ts";
import { loadText, PUBLIC_KEY } from "./spec-text.ts";

const GIB = 1024 ** 3;
const KNOWN = { now: 1, saveTo: "/s" };
/** Each run asks every law. */
const RUNS = 2000;

test(`${RUNS} random layouts keep every law`, () => {
  fc.assert(
    fc.property(randomLayout, ({ spec, inventory }) => {
      const plan = makePlan(spec, inventory, KNOWN);
      const breaches = Object.values(LAWS).flatMap((law) => law(plan));
      if (breaches.length > 0) throw new Error(breaches.join("\n"));
      if (hashOf(JSON.parse(JSON.stringify(plan)) as Plan) !== plan.hash) throw new Error("its text is another plan");
    }),
    { numRuns: RUNS },
  );
}, 120_000);

describe("a spoilt plan is caught", () => {
  const disks = [1, 2].map((at) => sampleDisk({ id: `virtio-D${at}`, serial: `D${at}`, size: 12 * GIB }));
  const mirror = () =>
    structuredClone(
      samplePlan(
        { disks: { system: ["virtio-D1", "virtio-D2"] }, root: { ...SAMPLE_ROOT, layout: "mirror" } },
        { disks: [...disks, sampleDisk({ id: "virtio-STRANGER", serial: "S" })] },
      ),
    );
  const stepOf = (plan: Plan, id: string): Step => {
    const found = plan.steps.find((step) => step.id === id);
    if (found === undefined) throw new Error(`there is no step ${id}`);
    return found;
  };
  const dataOf = <Kind extends StepData["kind"]>(plan: Plan, id: string, kind: Kind) => {
    const { data } = stepOf(plan, id);
    if (data.kind !== kind) throw new Error(`${id} is a ${data.kind}`);
    return data as Extract<StepData, { kind: Kind }>;
  };
  const move = (plan: Plan, id: string, to: number) => {
    const step = stepOf(plan, id);
    plan.steps = plan.steps.filter((each) => each !== step);
    plan.steps.splice(to, 0, step);
  };

  test("and a good one is not", () => {
    expect(Object.values(LAWS).flatMap((law) => law(mirror()))).toEqual([]);
  });

  test.each<[string, Law, (plan: Plan) => void]>([
    [
      "a step names a stranger",
      LAWS.noDeviceOutside,
      (plan) => {
        dataOf(plan, "clear-disk-2", "clear-disk").target.id = "virtio-STRANGER";
      },
    ],
    [
      "fstab names a stranger's partition",
      LAWS.noDeviceOutside,
      (plan) => {
        const [file] = dataOf(plan, "configure", "configure").files.filter(({ path }) => path === "/etc/fstab");
        if (file !== undefined) file.content = file.content.replace(/PARTUUID=[0-9a-f]{4}/, "PARTUUID=0000");
      },
    ],
    [
      "a partition begins one sector late",
      LAWS.partitionsFit,
      (plan) => {
        const [, part] = dataOf(plan, "partition", "partition").partitions;
        if (part !== undefined) part.start = String(Number(part.start) + 1);
      },
    ],
    [
      "a partition reaches into the next",
      LAWS.partitionsFit,
      (plan) => {
        const [part] = dataOf(plan, "partition-2", "partition").partitions;
        if (part !== undefined) part.sectors = String(Number(part.sectors) + 2048);
      },
    ],
    [
      "the last partition ends beyond the disk",
      LAWS.partitionsFit,
      (plan) => {
        const part = dataOf(plan, "partition", "partition").partitions.at(-1);
        if (part !== undefined) part.sectors = String(Number(part.sectors) + 2048);
      },
    ],
    [
      "two disks get the same identifiers",
      LAWS.partitionsFit,
      (plan) => {
        const [one, two] = [dataOf(plan, "partition", "partition"), dataOf(plan, "partition-2", "partition")];
        two.partitions = structuredClone(one.partitions);
      },
    ],
    [
      "a member has no ESP",
      LAWS.redundantMembersStartAlone,
      (plan) => {
        plan.steps = plan.steps.filter(({ id }) => id !== "make-esp-2");
      },
    ],
    [
      "a member is larger than the other",
      LAWS.redundantMembersStartAlone,
      (plan) => {
        const [, part] = dataOf(plan, "partition-2", "partition").partitions;
        if (part !== undefined) part.sectors = String(Number(part.sectors) - 2048);
      },
    ],
    [
      "a member's mark stays",
      LAWS.redundantMembersStartAlone,
      (plan) => {
        dataOf(plan, "finish", "finish").others = [];
      },
    ],
    ["the pool is made before a partition", LAWS.dependenciesFirst, (plan) => move(plan, "create-pool", 5)],
    ["an ESP is filled before it is mounted", LAWS.dependenciesFirst, (plan) => move(plan, "boot-files", 9)],
    [
      "two steps share an id",
      LAWS.dependenciesFirst,
      (plan) => {
        stepOf(plan, "partition-2").id = "partition";
      },
    ],
    [
      "a disk is cleared before the other is checked",
      LAWS.nothingLostBeforeEveryCheck,
      (plan) => move(plan, "clear-disk", 1),
    ],
    [
      "a file system is made before the other disk is partitioned",
      LAWS.nothingLostBeforeEveryCheck,
      (plan) => move(plan, "make-esp", 7),
    ],
    [
      "a disk is not saved",
      LAWS.nothingLostBeforeEveryCheck,
      (plan) => {
        plan.steps = plan.steps.filter(({ id }) => id !== "save-table-2");
      },
    ],
    [
      "clearing says that it only writes",
      LAWS.nothingLostBeforeEveryCheck,
      (plan) => {
        stepOf(plan, "clear-disk").risk = "writes";
      },
    ],
  ])("%s", (_, law, spoil) => {
    const plan = mirror();
    spoil(plan);
    expect(law(plan)).not.toEqual([]);
  });
});

test("the spec with its disks pinned and its salt written back gives the same plan", async () => {
  const text = (disks: string, salt: string) => `version: 1
host: {name: jupiter.example.net}
disks: {system: ${disks}}
root: {layout: mirror, encryption: none}
users: [{name: root, ssh-keys: ["${PUBLIC_KEY}"]}]
${salt}`;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 2, maxLength: 5 }),
      fc.integer({ min: 0, max: 50 }),
      async (numbers, tail) => {
        const inventory = sampleInventory({
          disks: numbers.map((at) =>
            sampleDisk({
              id: `nvme-D${at}`,
              aliases: [`nvme-D${at}`],
              bus: "nvme",
              serial: `D${at}`,
              size: 20 * GIB + tail * 4096,
            }),
          ),
        });
        const planOf = async (yaml: string, machine = inventory) => {
          const spec = resolveSpec(await loadText(yaml), machine);
          return { spec, plan: makePlan(spec, machine, KNOWN) };
        };
        const first = await planOf(text(`{match: {bus: nvme}, count: ${numbers.length}}`, ""));
        const pinned = text(`[${first.spec.disks.system?.join(", ")}]`, `salt: "${first.spec.salt}"\n`);
        // Where the kernel finds the disks in another order, too.
        const turned = { ...inventory, disks: inventory.disks.toReversed() };
        expect((await planOf(pinned, turned)).plan.hash).toBe(first.plan.hash);
      },
    ),
    { numRuns: 150 },
  );
});
